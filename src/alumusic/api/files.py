"""Files of comments over HTTP: look at one first, then send it."""

import io
from typing import BinaryIO, Final, cast

import orjson
from flask import Blueprint, request
from pydantic import ValidationError

from alumusic.api.comments import accepted, idempotency_key
from alumusic.api.guard import allows, current_user
from alumusic.api.openapi import documented, schema_of
from alumusic.api.state import services
from alumusic.contract.comments import ReceiptView
from alumusic.contract.field_problems import problems_of
from alumusic.contract.files import FilePreview, TextBody, reject_counts, rejects_of, rows_of
from alumusic.domain.comments import Reject
from alumusic.domain.errors import FieldProblem, InvalidInputError
from alumusic.domain.users import SENDERS
from alumusic.ingest.defaults import clean_defaults
from alumusic.ingest.readers import Limits, preview, read_row
from alumusic.ingest.upload import FileWishes, receive_file

blueprint: Final = Blueprint("files", __name__, url_prefix="/api/llm")

_TAG: Final = "Arquivos"
_DEFAULTS: Final = ("fonte", "artista", "album", "musica")
_LONGEST_NAME: Final = 255
_FORM: Final = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {
                "file": {"type": "string", "format": "binary", "description": ".csv, .json, .jsonl ou .xlsx"},
                "text": {"type": "string", "description": "Um só comentário, em vez de um arquivo"},
                "coluna_texto": {"type": "string", "description": "A coluna que tem o texto, se o nome for incomum"},
                "forcar": {"type": "string", "description": "1 para aceitar de novo um arquivo já enviado"},
                **{
                    name: {"type": "string", "description": "Vale para as linhas que não têm o seu"}
                    for name in _DEFAULTS
                },
            },
        }
    }
}


@blueprint.post("/analyze")
@allows(SENDERS, largest_body=None)
@documented(
    "enviar_arquivo",
    "Enviar um arquivo de comentários, ou um texto",
    tag=_TAG,
    answers={202: ReceiptView},
    problems=[422],
    description=(
        "Tudo ou nada: um arquivo quebrado não grava nenhuma linha e a resposta diz onde. Linhas que não servem "
        "são contadas e listadas. O formato é reconhecido pelo conteúdo. O mesmo arquivo, de novo, não grava nada."
    ),
    body=_FORM | {"application/json": {"schema": schema_of(TextBody)}},
)
def post_analyze() -> tuple[ReceiptView, int, dict[str, str]]:
    """Keep the comments of a file for classification."""
    stream, name = _content()
    settings = services().settings
    receipt = receive_file(
        stream,
        FileWishes(
            name=name,
            text_column=request.form.get("coluna_texto") or None,
            defaults=clean_defaults({name: request.form.get(name) for name in _DEFAULTS}),
            # Two listeners may say the same: only a file is taken for one that was sent by mistake again.
            again=not _is_file() or (request.form.get("forcar") or request.args.get("forcar")) == "1",
            key=idempotency_key(),
        ),
        engine=services().engine,
        bell=services().bell,
        user_id=current_user().id,
        limits=Limits(max_bytes=settings.max_upload_bytes, max_rows=settings.max_upload_rows),
        zone=settings.zone,
        now=services().clock(),
    )
    return accepted(receipt)


@blueprint.post("/previa")
@allows(SENDERS, largest_body=None)
@documented(
    "ver_previa",
    "Ver o que um arquivo traria, sem gravar nada",
    tag=_TAG,
    answers={200: FilePreview},
    body=_FORM,
)
def post_preview() -> FilePreview:
    """Show the first rows of a file, its columns and what would be rejected."""
    stream, name = _content()
    settings = services().settings
    found = preview(
        stream,
        name=name,
        zone=settings.zone,
        limits=Limits(max_bytes=settings.max_upload_bytes, max_rows=settings.max_upload_rows),
        text_column=request.form.get("coluna_texto") or None,
    )
    form = found.format
    return FilePreview(
        kind=form.kind.value,
        encoding=form.encoding,
        delimiter=form.delimiter,
        columns=form.columns.names if form.columns else (),
        recognised=form.columns.recognised if form.columns else {},
        rows=rows_of(found.first),
        total=found.comments,
        rejected=found.rejects,
        rejects=rejects_of(found.first),
        reasons=reject_counts({reason.value: n for reason, n in found.rejects_by_reason.items()}),
    )


def _is_file() -> bool:
    return not request.is_json and "file" in request.files


def _content() -> tuple[BinaryIO, str | None]:
    """The file that was sent, or the text as a file of one comment, with its name."""
    if request.is_json:
        return _one_comment(read_text_body().text), None
    uploaded = request.files.get("file")
    if uploaded is not None:
        return cast("BinaryIO", uploaded.stream), shown_name(uploaded.filename or "") or None
    text = request.form.get("text")
    if text is None:
        raise InvalidInputError("arquivo_ausente", fields=[FieldProblem("file", "obrigatorio")])
    return _one_comment(text), None


def shown_name(name: str) -> str:
    """A file's name as it is kept and shown: without folders and controls, and short; it never names a file of ours."""
    last = name.replace("\\", "/").rpartition("/")[2]
    # The end of a long one: it says of what kind the file is.
    return "".join(character for character in last if character.isprintable())[-_LONGEST_NAME:]


def read_text_body() -> TextBody:
    """The JSON body that holds one text.

    Raises:
        InvalidInputError: it does not.
    """
    try:
        return TextBody.model_validate(request.get_json())
    except ValidationError as error:
        raise InvalidInputError(fields=problems_of(error)) from None


def _one_comment(text: str) -> BinaryIO:
    row = read_row({"texto": text}, 1, zone=services().settings.zone)
    if isinstance(row, Reject):
        raise InvalidInputError(row.reason, fields=[FieldProblem("text", row.reason)])
    return io.BytesIO(orjson.dumps([{"texto": text}]))
