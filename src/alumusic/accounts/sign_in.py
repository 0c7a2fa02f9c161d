"""Signs people in.

A stranger learns nothing from a refusal: known and unknown accounts get the same answer after the same work.
"""

from datetime import datetime

from sqlalchemy import Connection, Engine

from alumusic.accounts.audit import Event, record
from alumusic.accounts.emails import folded_email
from alumusic.accounts.passwords import LONGEST, Passwords
from alumusic.accounts.sessions import Lifetimes, SignedIn, open_session
from alumusic.accounts.throttle import Guesser, check_pause, count_failure, find_guesser, forgive
from alumusic.accounts.tokens import TokenKeys
from alumusic.domain.errors import NotAuthenticatedError
from alumusic.store.database import reading
from alumusic.store.users import Login, change_user, find_login


def sign_in(
    email: str,
    password: str,
    *,
    engine: Engine,
    passwords: Passwords,
    keys: TokenKeys,
    lifetimes: Lifetimes,
    address: str | None,
    now: datetime,
) -> SignedIn:
    """Open a session for the account of `email`.

    Raises:
        NotAuthenticatedError: no such account, another password, or it is disabled: the three look the same.
        TooManyRequestsError: too many failures lately, for this account or from this `address`.
    """
    with reading(engine) as db:
        guesser = find_guesser(db, folded_email(email), address=address)
        check_pause(db, guesser, now=now)
    # The pause is checked again when it is our turn: of a hundred guesses sent at once, two are being looked at.
    with passwords.turn():
        with reading(engine) as db:
            check_pause(db, guesser, now=now)
            login = find_login(db, guesser.account)
        if not _fits(login, password, passwords):
            _fail(engine, guesser, now=now)
        new_hash = passwords.hash(password) if login and passwords.is_outdated(login.password_hash) else None
    with engine.begin() as db:
        if login is None or not is_unchanged(db, login):
            raise NotAuthenticatedError("credenciais")
        forgive(db, guesser)
        if new_hash is not None:
            change_user(db, login.user.id, ends_tokens=False, password_hash=new_hash)
        record(db, Event.SIGNED_IN, now=now, user_id=login.user.id, subject=login.user.email, address=address)
        return open_session(db, login.user, place=guesser.place, keys=keys, lifetimes=lifetimes, now=now)


def is_unchanged(db: Connection, login: Login) -> bool:
    """Whether an account is as it was when its password was checked; it stays so until this transaction ends."""
    return find_login(db, login.user.email, hold=True) == login


def _fits(login: Login | None, password: str, passwords: Passwords) -> bool:
    # A hash is checked in every case, and then the answers are combined: nothing here takes a short cut.
    dummy = passwords.dummy_hash
    fits = passwords.verify(login.password_hash if login else dummy, password[: LONGEST + 1])
    return fits and login is not None and login.user.disabled_at is None and len(password) <= LONGEST


def _fail(engine: Engine, guesser: Guesser, *, now: datetime) -> None:
    """Count and record a failure, and say no."""
    with engine.begin() as db:
        event = Event.SIGN_IN_BLOCKED if count_failure(db, guesser, now=now) else Event.SIGN_IN_FAILED
        record(db, event, now=now, subject=guesser.account, address=guesser.address)
    raise NotAuthenticatedError("credenciais")
