"""Two who come at the same moment, on both databases: one wins, and nothing is given twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from alumusic.domain.users import Role
from alumusic.store.database import reading
from alumusic.store.tables import sessions, users
from tests.house import GOOD_PASSWORD, House, bearer, build_house

AT_ONCE = 6


@pytest.fixture
def house(engine, tmp_path) -> House:
    return build_house(engine, tmp_path, registration="invite")


def at_once(ask):
    """Ask `AT_ONCE` times at the same moment; `ask` gets a number."""
    barrier = Barrier(AT_ONCE)

    def wait_and_ask(number):
        barrier.wait()
        return ask(number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(wait_and_ask, range(AT_ONCE)))


def register(house, email, **more):
    body = {"email": email, "password": GOOD_PASSWORD, **more}
    return house.app.test_client().post("/auth/register", json=body)


def test_of_those_who_come_first_one_becomes_admin(house):
    answers = at_once(lambda number: register(house, f"pessoa{number}@exemplo.com"))

    assert sorted(answer.status_code for answer in answers) == [201] + [403] * (AT_ONCE - 1)
    with reading(house.engine) as db:
        assert db.execute(select(users.c.role)).scalars().all() == ["admin"]


def test_an_invite_is_used_once(house):
    invite = house.post("/admin/invites", {"papel": "curador"}, token=house.token_of(Role.ADMIN)).json["convite"]

    answers = at_once(lambda number: register(house, f"pessoa{number}@exemplo.com", convite=invite))

    assert sorted(answer.status_code for answer in answers) == [201] + [403] * (AT_ONCE - 1)
    with reading(house.engine) as db:
        assert db.scalar(select(func.count()).select_from(users)) == 2


def test_an_address_is_given_once(engine, tmp_path):
    house = build_house(engine, tmp_path, registration="open")

    answers = at_once(lambda _: register(house, "ana@exemplo.com"))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (AT_ONCE - 1)


def test_a_refresh_token_is_exchanged_once_and_the_others_end_the_session(house):
    session = house.session_of(house.account("ana@exemplo.com", Role.CURATOR))

    answers = at_once(lambda _: house.app.test_client().post("/auth/refresh", headers=bearer(session.refresh_token)))

    assert sorted(answer.status_code for answer in answers) == [200] + [401] * (AT_ONCE - 1)
    with reading(house.engine) as db:
        assert db.scalar(select(sessions.c.revoked_at)) is not None


def test_two_admins_who_remove_each_other_leave_one(house):
    people = [house.account(f"pessoa{number}@exemplo.com", Role.ADMIN) for number in range(AT_ONCE)]
    tokens = [house.session_of(person).access_token for person in people]

    at_once(
        lambda number: house.app.test_client().patch(
            f"/admin/users/{people[(number + 1) % AT_ONCE].id}",
            json={"papel": "leitor"},
            headers=bearer(tokens[number]),
        )
    )

    with reading(house.engine) as db:
        left = db.scalar(select(func.count()).where(users.c.role == "admin", users.c.disabled_at.is_(None)))
    assert left is not None
    assert left >= 1


def test_guesses_sent_all_at_once_count_nearly_all(house):
    house.account("ana@exemplo.com", Role.CURATOR)
    body = {"email": "ana@exemplo.com", "password": "errada mesmo"}

    for _ in range(4):
        at_once(lambda _: house.app.test_client().post("/auth/login", json=body))

    checked = len(house.passwords.checked)
    assert 6 <= checked <= 8
