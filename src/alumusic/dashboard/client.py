"""A small typed client of the public API: every answer is a message of the contract, every refusal an `ApiError`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import IO, Any, Final, TypeVar
from uuid import UUID

import httpx
from pydantic import ValidationError

from alumusic.contract.auth import Account, Invite, Profile, Tokens, UserList, UserView
from alumusic.contract.comments import CommentDetails, CommentPage, ReceiptView, RerunView
from alumusic.contract.configuration import SettingsView
from alumusic.contract.files import FilePreview
from alumusic.contract.message import Message
from alumusic.contract.overview import ArtistNames, OverviewView
from alumusic.contract.problems import FieldTrouble, Problem
from alumusic.contract.questions import AnswerView
from alumusic.contract.queue import QueueView
from alumusic.contract.releases import ReleaseList, ReleaseView
from alumusic.contract.reports import ReportView
from alumusic.contract.review import AgreementList, ReviewAnswer, ReviewQueue
from alumusic.contract.summaries import SummaryList, SummaryReceipt
from alumusic.contract.tasks import TaskList, TaskView
from alumusic.contract.taxonomy import Taxonomy
from alumusic.contract.visitor import HEADER, vouch
from alumusic.dashboard.replies import ENDED, reply_to
from alumusic.dashboard.session import Session, SessionStore
from alumusic.domain.comments import REVIEW_BELOW, Category
from alumusic.domain.users import Role

M = TypeVar("M", bound=Message)
Params = Mapping[str, str | Sequence[str]]

UNREACHABLE: Final = (
    "A API não respondeu. Confira se o AluMusic está no ar (`alumusic up`) e tente de novo em alguns segundos."
)
TOO_SLOW: Final = "A API demorou demais para responder. Tente de novo; se usou filtros, deixe-os mais específicos."
STRANGE: Final = "A API respondeu de um jeito que o painel não entende. Atualize os dois para a mesma versão."

_UNAUTHORIZED: Final = 401
TIMEOUT: Final = httpx.Timeout(30.0, connect=5.0)
SLOW_TIMEOUT: Final = httpx.Timeout(90.0, connect=5.0)
"""For what a language model answers."""
UPLOAD_TIMEOUT: Final = httpx.Timeout(300.0, connect=5.0)


class ApiError(Exception):
    """The API said no, or nothing; the sentence is for a person and says what to do next."""

    def __init__(self, sentence: str, *, status: int = 0, code: str = "", problem: Problem | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.code = code
        self.fields: tuple[FieldTrouble, ...] = (problem.fields or ()) if problem else ()
        self.columns: tuple[str, ...] = (problem.columns or ()) if problem else ()


class SessionEndedError(ApiError):
    """The session is over: signed out elsewhere, revoked, or unused for too long."""


def error_of(response: httpx.Response) -> ApiError:
    """What the API meant by an answer that is not a success."""
    try:
        found = Problem.model_validate_json(response.content)
    except ValidationError:
        return ApiError(STRANGE, status=response.status_code)
    return ApiError(reply_to(found), status=found.status, code=found.code, problem=found)


@contextmanager
def _spoken() -> Iterator[None]:
    """Turn what goes wrong on the wire into a sentence."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise ApiError(TOO_SLOW) from error
    except httpx.HTTPError as error:
        raise ApiError(UNREACHABLE) from error


def read(answer: type[M], response: httpx.Response) -> M:
    """The message that a successful `response` holds.

    Raises:
        ApiError: it is not a success, or another message.
    """
    if not response.is_success:
        raise error_of(response)
    try:
        return answer.model_validate_json(response.content)
    except ValidationError as error:
        raise ApiError(STRANGE, status=response.status_code) from error


class Doors:
    """What anybody may ask: to come in."""

    def __init__(self, http: httpx.Client, *, visitor: str | None = None, key: str | None = None) -> None:
        self._http = http
        # Who asks through us from elsewhere must not look like somebody at this machine.
        self._headers = {"X-Forwarded-For": visitor} if visitor is not None else {}
        if visitor is not None and key is not None:
            # Nor must one who guesses passwords through us shut out all the others.
            self._headers[HEADER] = vouch(visitor, key=key)

    def sign_in(self, email: str, password: str) -> Tokens:
        """Open a session."""
        return self._post(Tokens, "/auth/login", {"email": email, "password": password})

    def register(self, email: str, password: str, *, invite: str | None = None) -> Account:
        """Make an account."""
        body = {"email": email, "password": password} | ({"convite": invite} if invite else {})
        return self._post(Account, "/auth/register", body)

    def _post(self, answer: type[M], path: str, body: Mapping[str, Any]) -> M:
        with _spoken():
            response = self._http.post(path, json=body, headers=self._headers)
        return read(answer, response)


class Api:
    """What an account may ask. Tokens are exchanged silently while the session lasts."""

    def __init__(self, http: httpx.Client, session: Session, store: SessionStore) -> None:
        self._http = http
        self._session = session
        self._store = store

    @property
    def role(self) -> Role:
        """What the account of this session is for."""
        return self._session.tokens.role

    # --- the account ---------------------------------------------------------------------------------------

    def me(self) -> Profile:
        """The account of this session."""
        return self.get(Profile, "/auth/me")

    def set_zone(self, zone: str | None) -> Profile:
        """Change one's own time zone."""
        return self.ask(Profile, "PATCH", "/auth/me", json={"fuso": zone})

    def change_password(self, old: str, new: str) -> None:
        """Change one's own password; this session goes on, all others end."""
        with self._session.lock:
            body = {"senha_atual": old, "senha_nova": new}
            self._store.renew(self._session, self.ask(Tokens, "POST", "/auth/password", json=body))

    def sign_out(self) -> None:
        """End the session on the server, as far as it can be reached."""
        token = self._session.tokens.refresh_token
        with _spoken():
            self._http.post("/auth/logout", json={"refresh_token": token})

    # --- comments ------------------------------------------------------------------------------------------

    def comments(self, params: Params, *, limit: int, cursor: str | None = None) -> CommentPage:
        """A page of comments that `params`, as the contract names them, choose."""
        more = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
        return self.get(CommentPage, "/api/comentarios", params={**params, **more})

    def comment(self, comment_id: UUID | str) -> CommentDetails:
        """One comment with its history."""
        return self.get(CommentDetails, f"/api/comentarios/{comment_id}")

    def correct(self, comment_id: UUID, *, category: Category, tags: Sequence[str]) -> CommentDetails:
        """Put a curator's opinion into effect."""
        body = {"categoria": category.value, "tags": list(tags)}
        return self.ask(CommentDetails, "PATCH", f"/api/comentarios/{comment_id}", json=body)

    def rerun(self, *, ids: Sequence[UUID] = (), filters: Params | None = None, rehearse: bool = False) -> RerunView:
        """Send comments back to work, or with `rehearse` say what that would do."""
        chosen: dict[str, Any] = {"ids": [str(id_) for id_ in ids]} if ids else {"filtros": dict(filters or {})}
        return self.ask(RerunView, "POST", "/api/comentarios/reprocessar", json=chosen | {"simular": rehearse})

    def download(self, path_and_query: str) -> httpx.Response:
        """Begin a download; whoever gets it reads it piece by piece, and closes it."""
        token = self.access_token()
        request = self._http.build_request("GET", path_and_query, headers={"Authorization": f"Bearer {token}"})
        with _spoken():
            response = self._http.send(request, stream=True)
            if not response.is_success:
                response.read()
        if response.status_code == _UNAUTHORIZED:
            raise SessionEndedError(ENDED, status=_UNAUTHORIZED)
        if not response.is_success:
            raise error_of(response)
        return response

    def erase(self, comment_id: UUID) -> None:
        """Erase a comment for good."""
        self._send("DELETE", f"/api/comentarios/{comment_id}")

    def tags(self) -> Taxonomy:
        """Every tag there is."""
        return self.get(Taxonomy, "/api/tags")

    def overview(self) -> OverviewView:
        """What is going on."""
        return self.get(OverviewView, "/api/visao-geral")

    def artists(self) -> ArtistNames:
        """Artists to choose from."""
        return self.get(ArtistNames, "/api/artistas")

    # --- what is made of them --------------------------------------------------------------------------------

    def review_queue(self, *, reading: str, limit: int = 20) -> ReviewQueue:
        """What waits for a curator, the least sure first; a second reading is not only for the uncertain."""
        unsure = {"confianca_max": str(REVIEW_BELOW)} if reading == "primeira" else {}
        return self.get(ReviewQueue, "/api/revisao", params={"leitura": reading, "limit": str(limit), **unsure})

    def review(self, comment_id: UUID, said: Mapping[str, Any]) -> ReviewAnswer:
        """Confirm (`confirmar`) or correct (`categoria`, `tags`) a comment."""
        return self.ask(ReviewAnswer, "POST", f"/api/revisao/{comment_id}", json=dict(said))

    def agreement(self) -> AgreementList:
        """How far readers agree, week by week."""
        return self.get(AgreementList, "/api/revisao/concordancia")

    def summaries(self) -> SummaryList:
        """The summaries of the latest weeks."""
        return self.get(SummaryList, "/admin/weekly_summary", params={"limit": "26"})

    def summarize(self, week: str | None = None) -> SummaryReceipt:
        """Ask for a summary, of the last week that has ended if nothing else is said."""
        body = {"semana": week} if week else {}
        return self.ask(SummaryReceipt, "POST", "/admin/weekly_summary", json=body)

    def question(self, text: str) -> AnswerView:
        """Ask something about the comments."""
        return self.ask(AnswerView, "POST", "/api/insights/perguntar", json={"pergunta": text}, timeout=SLOW_TIMEOUT)

    def report(self) -> ReportView:
        """The live report."""
        return self.get(ReportView, "/api/relatorio/semana")

    def releases(self) -> ReleaseList:
        """What artists brought out."""
        return self.get(ReleaseList, "/api/lancamentos")

    def add_release(self, artist: str, title: str, day: date) -> ReleaseView:
        """Note what an artist brought out."""
        body = {"artista": artist, "titulo": title, "data": day.isoformat()}
        return self.ask(ReleaseView, "POST", "/api/lancamentos", json=body)

    def drop_release(self, release_id: int) -> None:
        """Forget a release."""
        self._send("DELETE", f"/api/lancamentos/{release_id}")

    # --- what comes in -------------------------------------------------------------------------------------

    def preview(self, name: str, content: IO[bytes] | bytes, *, form: Mapping[str, str]) -> FilePreview:
        """What a file would bring."""
        files = {"file": (name, content)}
        return self.ask(FilePreview, "POST", "/api/llm/previa", files=files, data=form, timeout=UPLOAD_TIMEOUT)

    def send_file(self, name: str, content: IO[bytes] | bytes, *, form: Mapping[str, str], key: str) -> ReceiptView:
        """Hand in a file; `key` makes sure that it is kept once, however often this is tried."""
        return self.ask(
            ReceiptView, "POST", "/api/llm/analyze", files={"file": (name, content)}, data=form,
            headers={"Idempotency-Key": key}, timeout=UPLOAD_TIMEOUT,
        )  # fmt: skip

    def send(self, comments: Sequence[Mapping[str, Any]], *, key: str) -> ReceiptView:
        """Hand in comments."""
        headers = {"Idempotency-Key": key}
        return self.ask(ReceiptView, "POST", "/api/comentarios", json=list(comments), headers=headers)

    def task(self, task_id: UUID | str) -> TaskView:
        """How far a task has come."""
        return self.get(TaskView, f"/api/tasks/{task_id}")

    def tasks(self, *, limit: int = 10) -> TaskList:
        """The latest tasks."""
        return self.get(TaskList, "/api/tasks", params={"limit": str(limit)})

    # --- people --------------------------------------------------------------------------------------------

    def users(self) -> UserList:
        """Every account."""
        return self.get(UserList, "/admin/users")

    def change_user(self, user_id: int, **changes: Any) -> UserView:
        """Change the role (`papel`) of an account, or disable it (`desativado`)."""
        return self.ask(UserView, "PATCH", f"/admin/users/{user_id}", json=changes)

    def invite(self, role: Role, *, email: str | None = None) -> Invite:
        """Make an invite."""
        body = {"papel": role.value} | ({"email": email} if email else {})
        return self.ask(Invite, "POST", "/admin/invites", json=body)

    def settings(self) -> SettingsView:
        """The settings in force."""
        return self.get(SettingsView, "/admin/configuracao")

    # --- the queue -----------------------------------------------------------------------------------------

    def queue(self) -> QueueView:
        """How much waits, and whether the provider may be asked."""
        return self.get(QueueView, "/api/fila")

    def pause(self) -> QueueView:
        """Let nobody ask the provider."""
        return self.ask(QueueView, "POST", "/api/fila/pausar")

    def resume(self) -> QueueView:
        """Let the provider be asked again."""
        return self.ask(QueueView, "POST", "/api/fila/retomar")

    # --- how it is asked -----------------------------------------------------------------------------------

    def get(self, answer: type[M], path: str, *, params: Params | None = None) -> M:
        """Ask for something."""
        return self.ask(answer, "GET", path, params=params)

    def ask(self, answer: type[M], method: str, path: str, **options: Any) -> M:
        """Send a request, and read the answer as that message."""
        return read(answer, self._send(method, path, **options))

    def _send(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **options: Any
    ) -> httpx.Response:
        token = self.access_token()
        response = self._once(token, method, path, headers=headers, **options)
        if response.status_code == _UNAUTHORIZED:
            # Somebody's clock differs from ours, or the account changed: one more try with a new token.
            _rewind(options)
            response = self._once(self._renewed(token), method, path, headers=headers, **options)
        if response.status_code == _UNAUTHORIZED:
            raise SessionEndedError(ENDED, status=_UNAUTHORIZED)
        if not response.is_success:
            raise error_of(response)
        return response

    def _once(
        self, token: str, method: str, path: str, *, headers: Mapping[str, str] | None, **options: Any
    ) -> httpx.Response:
        with _spoken():
            return self._http.request(
                method, path, headers={"Authorization": f"Bearer {token}", **(headers or {})}, **options
            )

    def access_token(self) -> str:
        """A token that is good for at least a few more seconds."""
        token = self._session.tokens.access_token
        return self._renewed(token) if self._store.is_due(self._session) else token

    def _renewed(self, old: str) -> str:
        with self._session.lock:
            if self._session.tokens.access_token != old:
                return self._session.tokens.access_token  # Another thread was quicker.
            with _spoken():
                response = self._http.post("/auth/refresh", json={"refresh_token": self._session.tokens.refresh_token})
            if response.status_code == _UNAUTHORIZED:
                raise SessionEndedError(ENDED, status=_UNAUTHORIZED)
            self._store.renew(self._session, read(Tokens, response))
            return self._session.tokens.access_token


def _rewind(options: Mapping[str, Any]) -> None:
    """Let a file that has been read be read again."""
    for _, content in (options.get("files") or {}).values():
        if hasattr(content, "seek"):
            content.seek(0)
