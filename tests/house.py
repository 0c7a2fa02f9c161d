"""A whole house for tests of the API: services on a database, a clock that stands still, cheap passwords, a client."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from alumusic.accounts.passwords import Cost, Passwords
from alumusic.accounts.sessions import Lifetimes, SignedIn, open_session
from alumusic.accounts.tokens import TokenKeys
from alumusic.api.app import create_app
from alumusic.bootstrap import Secrets, Services
from alumusic.domain.users import Role, User
from alumusic.settings import Settings
from alumusic.store.users import add_user
from tests.examples import MONDAY_NOON
from tests.fakes import FakeBell, FakeClock

CHEAP = Cost(memory_kib=8, passes=1)
"""Hashes that cost nothing: only for tests that are not about their cost."""

GOOD_PASSWORD = "cavalo bateria grampo"
SECRETS = Secrets(secret_key="s" * 48, jwt_key=b"j" * 48)


class RememberingPasswords(Passwords):
    """Passwords that remember which hashes were checked."""

    def __init__(self, cost: Cost = CHEAP) -> None:
        super().__init__(cost)
        self.checked: list[str] = []

    def verify(self, password_hash: str, password: str) -> bool:
        self.checked.append(password_hash)
        return super().verify(password_hash, password)


@dataclass
class House:
    """An API and what it stands on. Ana curates, Bia administers, Caio has no account."""

    engine: Engine
    services: Services
    app: Flask
    clock: FakeClock
    passwords: RememberingPasswords
    bell: FakeBell
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def post(self, path: str, body: Any = None, *, token: str | None = None, **options: Any) -> TestResponse:
        return self.client.post(path, json=body, headers=bearer(token), **options)

    def get(self, path: str, *, token: str | None = None, **options: Any) -> TestResponse:
        return self.client.get(path, headers=bearer(token), **options)

    def patch(self, path: str, body: Any, *, token: str | None = None) -> TestResponse:
        return self.client.patch(path, json=body, headers=bearer(token))

    def register(self, email: str, password: str = GOOD_PASSWORD, **more: Any) -> TestResponse:
        return self.post("/auth/register", {"email": email, "password": password, **more})

    def login(self, email: str, password: str = GOOD_PASSWORD) -> TestResponse:
        return self.post("/auth/login", {"email": email, "password": password})

    def signed_in(self, email: str, password: str = GOOD_PASSWORD) -> dict[str, Any]:
        answer = self.login(email, password)
        assert answer.status_code == 200, answer.json
        tokens: dict[str, Any] = answer.json
        return tokens

    def account(self, email: str, role: Role) -> User:
        """An account with the good password, without asking the API."""
        with self.passwords.turn():
            password_hash = self.passwords.hash(GOOD_PASSWORD)
        with self.engine.begin() as db:
            return add_user(db, email=email, password_hash=password_hash, role=role, now=self.clock())

    def session_of(self, user: User) -> SignedIn:
        """A session of `user`, without asking the API."""
        keys = TokenKeys(self.services.secrets.jwt_key)
        with self.engine.begin() as db:
            return open_session(db, user, place=None, keys=keys, lifetimes=Lifetimes(), now=self.clock())

    def token_of(self, role: Role) -> str:
        """An access token of a new account of this role."""
        return self.session_of(self.account(f"{role}@exemplo.com", role)).access_token

    def client_of(self, role: Role) -> FlaskClient:
        """A client that is signed in to a new account of this role."""
        client = self.app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.token_of(role)}"
        return client

    def later(self, **delta: float) -> None:
        self.clock.now += timedelta(**delta)


def bearer(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def build_house(engine: Engine, folder: Path, *, secrets: Secrets = SECRETS, **settings: Any) -> House:
    """A house on `engine`; `settings` differ from the defaults, whatever the environment says."""
    kept = Settings(_env_file=None, **{"data_dir": folder, **settings})
    clock, bell, passwords = FakeClock(MONDAY_NOON), FakeBell(), RememberingPasswords()
    services = Services(settings=kept, engine=engine, bell=bell, clock=clock, secrets=secrets)
    app = create_app(services, passwords=passwords)
    return House(engine, services, app, clock, passwords, bell)
