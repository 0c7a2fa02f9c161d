"""Accounts over HTTP, on both databases: signing up, in and out, and what ends a token."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from alumusic.accounts.throttle import FORGIVEN_AFTER
from alumusic.domain.users import Role
from alumusic.store.audit import list_entries
from alumusic.store.database import reading
from alumusic.store.sessions import forget_sessions
from alumusic.store.tables import audit, refresh_tokens, users
from alumusic.store.throttles import forget_throttles
from tests.house import GOOD_PASSWORD, House, build_house

ANA, BIA, CAIO = "ana@exemplo.com", "bia@exemplo.com", "caio@exemplo.com"
NEW_PASSWORD = "outra senha bem diferente"


@pytest.fixture
def house(engine, tmp_path) -> House:
    return build_house(engine, tmp_path)


def events(house):
    with reading(house.engine) as db:
        return [entry.event for entry in reversed(list_entries(db))]


# --- signing up --------------------------------------------------------------------------------------------


def test_the_first_account_administers_and_the_next_ones_on_this_machine_curate(house):
    first = house.register("  Bia@Exemplo.COM ")
    second = house.register(ANA)

    assert (first.status_code, first.json) == (201, {"id": 1, "email": BIA, "papel": "admin"})
    assert (second.status_code, second.json["papel"]) == (201, "curador")
    assert events(house) == ["user_created", "user_created"]


def test_an_address_is_taken_whatever_the_size_of_its_letters(house):
    house.register(BIA)

    answer = house.register("BIA@exemplo.com")

    assert (answer.status_code, answer.json["codigo"]) == (409, "email_em_uso")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"email": "nada", "password": GOOD_PASSWORD}, "email_invalido", "email"),
        ({"email": ANA, "password": "senha123"}, "senha_fraca", "password"),
        ({"email": ANA, "password": "curta"}, "senha_fraca", "password"),
        ({"email": ANA}, "entrada_invalida", "password"),
        ({"email": ANA, "password": 12345678}, "entrada_invalida", "password"),
        ({"email": f"{ANA}\0", "password": GOOD_PASSWORD}, "entrada_invalida", "email"),
        ({"email": ANA, "password": GOOD_PASSWORD, "papel": "admin"}, "entrada_invalida", "papel"),
        ({"email": ANA, "password": GOOD_PASSWORD, "token_version": 9}, "entrada_invalida", "token_version"),
    ],
)
def test_a_bad_registration_is_told_what_is_wrong_and_leaves_nothing(house, body, code, field):
    answer = house.post("/auth/register", body)

    assert (answer.status_code, answer.json["codigo"]) == (400, code)
    assert [one["campo"] for one in answer.json["campos"]] == [field]
    with reading(house.engine) as db:
        assert db.execute(select(users)).all() == []


@pytest.mark.parametrize(
    ("settings", "address", "headers", "status"),
    [
        ({}, "127.0.0.1", {}, 201),
        ({"host": "::1"}, "::1", {}, 201),
        ({"host": "localhost"}, "127.0.0.1", {}, 201),
        ({"host": "0.0.0.0"}, "127.0.0.1", {}, 403),  # noqa: S104 - it is what a careless setting says
        ({}, "10.0.0.7", {}, 403),
        ({}, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ({}, "127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 403),
        ({}, "127.0.0.1", {"Host": "127.0.0.1:5000"}, 201),
        ({}, "127.0.0.1", {"Host": "[::1]:5000"}, 201),
        ({}, "127.0.0.1", {"Host": "pagina-de-outro.com:5000"}, 403),
        ({}, "127.0.0.1", {"Host": "127.0.0.1.pagina-de-outro.com"}, 403),
        ({}, "127.0.0.1", {"Host": "["}, 403),
        ({"env": "production"}, "127.0.0.1", {"Host": "127.0.0.1:5000"}, 403),
        ({"registration": "open"}, "10.0.0.7", {}, 201),
        ({"registration": "invite"}, "127.0.0.1", {}, 403),
        ({"registration": "closed"}, "127.0.0.1", {}, 403),
    ],
)
def test_later_accounts_are_free_only_for_people_at_this_very_machine(  # noqa: PLR0917
    sqlite_engine, tmp_path, settings, address, headers, status
):
    house = build_house(sqlite_engine, tmp_path, **settings)
    house.account(BIA, Role.ADMIN)

    body = {"email": ANA, "password": GOOD_PASSWORD}
    answer = house.client.post("/auth/register", json=body, headers=headers, environ_overrides={"REMOTE_ADDR": address})

    assert answer.status_code == status, answer.json


@pytest.mark.parametrize(
    ("settings", "address", "headers", "status"),
    [
        ({}, "127.0.0.1", {}, 201),
        ({}, "10.0.0.7", {}, 403),
        ({}, "127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 403),
        ({}, "127.0.0.1", {"Host": "pagina-de-outro.com"}, 403),
        ({"env": "production"}, "127.0.0.1", {"Host": "127.0.0.1:5000"}, 403),
    ],
)
def test_through_a_closed_door_not_even_the_first_comes_from_elsewhere(  # noqa: PLR0917
    sqlite_engine, tmp_path, settings, address, headers, status
):
    house = build_house(sqlite_engine, tmp_path, registration="closed", **settings)

    body = {"email": BIA, "password": GOOD_PASSWORD}
    answer = house.client.post("/auth/register", json=body, headers=headers, environ_overrides={"REMOTE_ADDR": address})

    assert answer.status_code == status
    assert answer.json.get("codigo") == (None if status == 201 else "cadastro_fechado")


@pytest.mark.parametrize("registration", ["auto", "open", "invite"])
def test_through_any_other_door_the_first_comes_from_anywhere(sqlite_engine, tmp_path, registration):
    house = build_house(sqlite_engine, tmp_path, registration=registration, env="production")

    body = {"email": BIA, "password": GOOD_PASSWORD}
    answer = house.client.post("/auth/register", json=body, environ_overrides={"REMOTE_ADDR": "10.0.0.7"})

    assert (answer.status_code, answer.json["papel"]) == (201, "admin")


def test_an_invite_opens_the_door_once_and_fixes_the_role(engine, tmp_path):
    house = build_house(engine, tmp_path, registration="invite")
    house.register(BIA)
    bia = house.signed_in(BIA)["access_token"]

    made = house.post("/admin/invites", {"papel": "leitor"}, token=bia)
    first = house.register(ANA, convite=made.json["convite"])
    second = house.register(CAIO, convite=made.json["convite"])

    assert made.status_code == 201
    assert (first.status_code, first.json["papel"]) == (201, "leitor")
    assert (second.status_code, second.json["codigo"]) == (403, "convite_invalido")
    assert made.json["convite"] not in str(events(house))


def test_an_invite_ends_after_three_days(engine, tmp_path):
    house = build_house(engine, tmp_path, registration="invite")
    invite = house.post("/admin/invites", {"papel": "curador"}, token=house.token_of(Role.ADMIN)).json["convite"]

    house.later(hours=72)

    assert house.register(ANA, convite=invite).status_code == 403


def test_an_invite_for_somebody_else_is_none_and_is_not_used_up(engine, tmp_path):
    house = build_house(engine, tmp_path, registration="invite")
    body = {"papel": "curador", "email": "Ana@Exemplo.com"}
    invite = house.post("/admin/invites", body, token=house.token_of(Role.ADMIN)).json["convite"]

    assert house.register(CAIO, convite=invite).status_code == 403
    assert house.register(ANA, convite=invite).status_code == 201


def test_an_invite_is_kept_when_the_address_turns_out_to_be_taken(engine, tmp_path):
    house = build_house(engine, tmp_path, registration="invite")
    invite = house.post("/admin/invites", {"papel": "leitor"}, token=house.token_of(Role.ADMIN)).json["convite"]
    house.account(ANA, Role.CURATOR)

    assert house.register(ANA, convite=invite).status_code == 409
    assert house.register(CAIO, convite=invite).status_code == 201


def test_a_closed_house_takes_no_invites_either(engine, tmp_path):
    house = build_house(engine, tmp_path, registration="closed")
    invite = house.post("/admin/invites", {"papel": "leitor"}, token=house.token_of(Role.ADMIN)).json["convite"]

    assert house.register(ANA, convite=invite).json["codigo"] == "cadastro_fechado"


# --- signing in --------------------------------------------------------------------------------------------


def test_who_signs_in_gets_what_the_contract_says(house):
    house.register(BIA)

    tokens = house.login(" BIA@Exemplo.com ").json

    assert tokens.keys() == {"access_token", "token_type", "expires_in", "refresh_token", "usuario_id", "papel"}
    assert (tokens["token_type"], tokens["expires_in"], tokens["papel"]) == ("Bearer", 900, "admin")
    me = house.get("/auth/me", token=tokens["access_token"])
    assert me.json == {
        "id": 1,
        "email": BIA,
        "papel": "admin",
        "fuso": None,
        "criado_em": "2026-11-23T15:00:00Z",
    }


def test_nobody_can_tell_an_unknown_account_from_a_wrong_password_or_a_disabled_one(house):
    house.account(BIA, Role.ADMIN)
    ana = house.account(ANA, Role.CURATOR)
    token = house.session_of(house.account("dora@exemplo.com", Role.ADMIN)).access_token
    house.patch(f"/admin/users/{ana.id}", {"desativado": True}, token=token)

    answers = [house.login(BIA, "errada mesmo"), house.login(CAIO, "errada mesmo"), house.login(ANA)]

    assert {answer.status_code for answer in answers} == {401}
    said = [{**answer.json, "instance": None} for answer in answers]
    assert said[0] == said[1] == said[2]


def test_a_hash_is_checked_even_for_an_unknown_account(house):
    house.register(BIA)

    house.login(CAIO, "qualquer coisa")
    house.login(BIA, "qualquer coisa")

    assert house.passwords.checked[0] == house.passwords.dummy_hash
    assert house.passwords.checked[1] != house.passwords.dummy_hash
    assert len(house.passwords.checked) == 2


def test_an_old_hash_is_made_anew_when_its_owner_comes(house):
    house.register(BIA)
    with house.engine.begin() as db:
        old = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(GOOD_PASSWORD)
        db.execute(users.update().values(password_hash=old))

    token = house.signed_in(BIA)["access_token"]

    with reading(house.engine) as db:
        assert "m=8,t=1,p=1" in str(db.scalar(select(users.c.password_hash)))
    assert house.get("/auth/me", token=token).status_code == 200


def test_secrets_are_not_kept_as_they_are(house):
    house.register(BIA)
    tokens = house.signed_in(BIA)

    with reading(house.engine) as db:
        kept = str(db.execute(select(users)).all()) + str(db.execute(select(refresh_tokens)).all())
        kept += str(db.execute(select(audit)).all())

    assert GOOD_PASSWORD not in kept
    assert tokens["refresh_token"] not in kept
    assert tokens["access_token"] not in kept


# --- guessing ----------------------------------------------------------------------------------------------


def test_from_the_sixth_failure_on_there_is_a_pause_that_doubles(house):
    house.register(BIA)
    free = [house.login(BIA, "errada mesmo").status_code for _ in range(6)]

    pauses = []
    for _ in range(12):
        blocked = house.login(BIA)
        assert blocked.status_code == 429
        pauses.append(int(blocked.headers["Retry-After"]))
        house.later(seconds=pauses[-1])
        assert house.login(BIA, "errada mesmo").status_code == 401

    assert free == [401] * 6
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert house.login(BIA).status_code == 429
    house.later(minutes=15)
    assert house.login(BIA).status_code == 200


def test_a_day_of_guessing_brings_about_a_hundred_guesses(house):
    house.register(BIA)
    end, guesses = house.clock.now.timestamp() + 86_400, 0

    while house.clock.now.timestamp() < end:
        answer = house.login(BIA, "errada mesmo")
        guesses += answer.status_code == 401
        house.later(seconds=int(answer.headers.get("Retry-After", 1)))

    assert guesses <= 115


def login_from(house, address, email, password=GOOD_PASSWORD):
    body = {"email": email, "password": password}
    return house.client.post("/auth/login", json=body, environ_overrides={"REMOTE_ADDR": address})


@pytest.mark.parametrize(
    ("home", "home_later"), [("192.0.2.7", "192.0.2.7"), ("2001:db8:7:7::1", "2001:db8:7:7:99:aa:bb:cc")]
)
def test_who_guesses_from_ever_new_addresses_does_not_shut_the_owner_out(house, home, home_later):
    house.register(BIA)
    login_from(house, home, BIA)
    begin, guesses, owner = house.clock.now, 0, []

    for n in range(10_000):
        answer = login_from(house, f"10.{n >> 8}.{n & 255}.1", BIA, "errada mesmo")
        guesses += answer.status_code == 401
        if answer.status_code == 429:
            owner.append(login_from(house, home_later, BIA).status_code)
            house.later(seconds=int(answer.headers["Retry-After"]))
        if (house.clock.now - begin).days:
            break

    assert set(owner) == {200}
    assert len(owner) > 96
    # And the attacker gained nothing by it.
    assert guesses <= 115


def test_at_home_guesses_are_slowed_down_like_anywhere(house):
    house.register(BIA)
    house.signed_in(BIA)

    here = [house.login(BIA, "errada mesmo").status_code for _ in range(8)]

    assert here == [401] * 6 + [429] * 2
    assert login_from(house, "192.0.2.7", BIA, "errada mesmo").status_code == 401


def test_the_addresses_of_a_household_with_ipv6_count_together(house):
    statuses = [login_from(house, f"2001:db8::{n}", f"p{n}@exemplo.com", "errada mesmo").status_code for n in range(21)]

    assert statuses == [401] * 20 + [429]
    assert login_from(house, "2001:db8:0:1::1", CAIO, "errada mesmo").status_code == 401


def test_hammering_during_a_pause_does_not_make_it_longer(house):
    house.register(BIA)
    for _ in range(6):
        house.login(BIA, "errada mesmo")

    for _ in range(50):
        assert house.login(BIA, "errada mesmo").status_code == 429
    house.later(seconds=1)

    assert house.login(BIA).status_code == 200


def test_coming_in_forgets_the_failures(house):
    house.register(BIA)
    for _ in range(3):
        for _ in range(5):
            house.login(BIA, "errada mesmo")
        assert house.login(BIA).status_code == 200
        house.later(minutes=2)


def test_an_unknown_account_is_slowed_down_just_the_same(house):
    statuses = [house.login(CAIO, "errada mesmo").status_code for _ in range(8)]

    assert statuses == [401] * 6 + [429] * 2


def test_one_address_gets_twenty_failures_a_minute_whatever_the_account(house):
    house.register(BIA)
    statuses = [house.login(f"pessoa{n}@exemplo.com", "errada mesmo").status_code for n in range(21)]

    assert statuses == [401] * 20 + [429]
    assert house.login(BIA).status_code == 429
    elsewhere = {"REMOTE_ADDR": "10.0.0.7"}
    body = {"email": BIA, "password": GOOD_PASSWORD}
    assert house.client.post("/auth/login", json=body, environ_overrides=elsewhere).status_code == 200
    house.later(seconds=60)
    assert house.login(BIA).status_code == 200


def test_who_knows_the_password_may_sign_in_as_often_as_they_like(house):
    house.register(BIA)

    assert {house.login(BIA).status_code for _ in range(40)} == {200}


# --- staying signed in, and what ends it ---------------------------------------------------------------------


def test_a_refresh_token_is_exchanged_for_new_tokens(house):
    house.register(BIA)
    old = house.signed_in(BIA)
    house.later(days=29)

    by_header = house.post("/auth/refresh", token=old["refresh_token"])
    by_body = house.post("/auth/refresh", {"refresh_token": by_header.json["refresh_token"]})

    assert (by_header.status_code, by_body.status_code) == (200, 200)
    assert house.get("/auth/me", token=by_body.json["access_token"]).status_code == 200
    assert len({old["refresh_token"], by_header.json["refresh_token"], by_body.json["refresh_token"]}) == 3


def test_an_access_token_ends_after_a_quarter_of_an_hour(house):
    house.register(BIA)
    token = house.signed_in(BIA)["access_token"]

    house.later(minutes=15, seconds=31)
    answer = house.get("/auth/me", token=token)

    assert (answer.status_code, answer.json["codigo"]) == (401, "token_vencido")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_refresh_token_ends_after_thirty_days(house):
    house.register(BIA)
    token = house.signed_in(BIA)["refresh_token"]

    house.later(days=30)

    assert house.post("/auth/refresh", token=token).status_code == 401


def test_a_refresh_token_that_comes_twice_ends_the_session(house):
    house.register(BIA)
    stolen = house.signed_in(BIA)["refresh_token"]
    fresh = house.post("/auth/refresh", token=stolen).json

    assert house.post("/auth/refresh", token=stolen).status_code == 401
    assert house.post("/auth/refresh", token=fresh["refresh_token"]).status_code == 401
    assert house.get("/auth/me", token=fresh["access_token"]).status_code == 401
    assert events(house).count("authn_token_reuse") == 1


def test_one_session_does_not_end_with_another(house):
    house.register(BIA)
    first, second = house.signed_in(BIA), house.signed_in(BIA)

    house.post("/auth/logout", token=first["access_token"])

    assert house.get("/auth/me", token=second["access_token"]).status_code == 200


def test_a_new_version_of_an_account_s_tokens_ends_those_of_the_old_one(house):
    house.register(BIA)
    token = house.signed_in(BIA)["access_token"]
    assert house.get("/auth/me", token=token).status_code == 200

    with house.engine.begin() as db:
        db.execute(users.update().values(token_version=users.c.token_version + 1))

    answer = house.get("/auth/me", token=token)
    assert (answer.status_code, answer.json["codigo"]) == (401, "sessao_encerrada")


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_signing_out_with_either_token_ends_both(house, which):
    house.register(BIA)
    tokens = house.signed_in(BIA)

    answer = house.post("/auth/logout", token=tokens[which])

    assert (answer.status_code, answer.data) == (204, b"")
    assert house.get("/auth/me", token=tokens["access_token"]).status_code == 401
    assert house.post("/auth/refresh", token=tokens["refresh_token"]).status_code == 401
    assert house.post("/auth/logout", token=tokens[which]).status_code == 401


def test_tokens_are_not_taken_one_for_the_other(house):
    house.register(BIA)
    tokens = house.signed_in(BIA)

    assert house.get("/auth/me", token=tokens["refresh_token"]).status_code == 401
    assert house.post("/auth/refresh", token=tokens["access_token"]).status_code == 401
    assert house.post("/auth/refresh").status_code == 401
    assert house.post("/auth/logout").status_code == 401


def test_disabling_an_account_ends_its_tokens_at_once(house):
    admin = house.token_of(Role.ADMIN)
    ana = house.account(ANA, Role.CURATOR)
    tokens = house.signed_in(ANA)

    changed = house.patch(f"/admin/users/{ana.id}", {"desativado": True}, token=admin)

    assert (changed.status_code, changed.json["desativado"]) == (200, True)
    assert house.get("/auth/me", token=tokens["access_token"]).status_code == 401
    assert house.post("/auth/refresh", token=tokens["refresh_token"]).status_code == 401
    house.patch(f"/admin/users/{ana.id}", {"desativado": False}, token=admin)
    assert house.get("/auth/me", token=tokens["access_token"]).status_code == 401
    assert house.login(ANA).status_code == 200


def test_another_role_ends_the_tokens_of_the_old_one(house):
    admin = house.token_of(Role.ADMIN)
    ana = house.account(ANA, Role.CURATOR)
    token = house.session_of(ana).access_token

    house.patch(f"/admin/users/{ana.id}", {"papel": "leitor"}, token=admin)

    assert house.get("/auth/me", token=token).status_code == 401
    assert house.signed_in(ANA)["papel"] == "leitor"


def test_another_password_ends_every_session_but_the_new_one(house):
    house.register(BIA)
    here, elsewhere = house.signed_in(BIA), house.signed_in(BIA)

    body = {"senha_atual": GOOD_PASSWORD, "senha_nova": NEW_PASSWORD}
    changed = house.post("/auth/password", body, token=here["access_token"])

    assert changed.status_code == 200
    assert house.get("/auth/me", token=changed.json["access_token"]).status_code == 200
    for tokens in (here, elsewhere):
        assert house.get("/auth/me", token=tokens["access_token"]).status_code == 401
        assert house.post("/auth/refresh", token=tokens["refresh_token"]).status_code == 401
    assert house.login(BIA).status_code == 401
    assert house.login(BIA, NEW_PASSWORD).status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "status", "code"),
    [
        ("errada mesmo", NEW_PASSWORD, 403, "senha_atual_errada"),
        (GOOD_PASSWORD, GOOD_PASSWORD, 400, "senha_fraca"),
        (GOOD_PASSWORD, "senha123", 400, "senha_fraca"),
    ],
)
def test_a_password_is_changed_only_with_the_old_one_and_for_a_good_one(house, old, new, status, code):
    house.register(BIA)
    token = house.signed_in(BIA)["access_token"]

    answer = house.post("/auth/password", {"senha_atual": old, "senha_nova": new}, token=token)

    assert (answer.status_code, answer.json["codigo"]) == (status, code)
    assert house.get("/auth/me", token=token).status_code == 200


def test_a_stolen_session_cannot_guess_the_password_either(house):
    house.register(BIA)
    token = house.signed_in(BIA)["access_token"]
    body = {"senha_atual": "errada mesmo", "senha_nova": NEW_PASSWORD}

    statuses = [house.post("/auth/password", body, token=token).status_code for _ in range(8)]

    assert statuses == [403] * 6 + [429] * 2


def test_sessions_that_ended_long_ago_and_forgiven_failures_are_forgotten(house):
    house.register(BIA)
    house.signed_in(BIA)
    house.login(CAIO, "errada mesmo")
    house.later(days=60)
    fresh = house.signed_in(BIA)

    with house.engine.begin() as db:
        assert forget_throttles(db, before=house.clock() - FORGIVEN_AFTER) == 2
        assert forget_sessions(db, ended_before=house.clock()) == 1

    assert house.post("/auth/refresh", token=fresh["refresh_token"]).status_code == 200


# --- oneself and others ----------------------------------------------------------------------------------------


def test_everybody_chooses_their_own_zone(house):
    token = house.token_of(Role.INGESTOR)

    assert house.patch("/auth/me", {"fuso": "America/Manaus"}, token=token).json["fuso"] == "America/Manaus"
    assert house.get("/auth/me", token=token).json["fuso"] == "America/Manaus"
    assert house.patch("/auth/me", {"fuso": None}, token=token).json["fuso"] is None


@pytest.mark.parametrize("zone", ["Marte/Cratera", "../../etc/passwd", "/etc/passwd", "", ".", "America", "a" * 65])
def test_a_zone_that_is_none_is_refused(house, zone):
    answer = house.patch("/auth/me", {"fuso": zone}, token=house.token_of(Role.READER))

    assert answer.status_code == 400
    assert [one["campo"] for one in answer.json["campos"]] == ["fuso"]


def test_an_admin_sees_every_account_and_no_hash(house):
    admin = house.token_of(Role.ADMIN)
    house.account(ANA, Role.CURATOR)

    answer = house.get("/admin/users", token=admin)

    assert [user["email"] for user in answer.json["usuarios"]] == ["admin@exemplo.com", ANA]
    assert "argon2" not in answer.text


def test_the_last_admin_stays(house):
    bia = house.account(BIA, Role.ADMIN)
    token = house.session_of(bia).access_token

    for change in ({"papel": "leitor"}, {"desativado": True}):
        answer = house.patch(f"/admin/users/{bia.id}", change, token=token)
        assert (answer.status_code, answer.json["codigo"]) == (409, "ultimo_admin")

    house.account(ANA, Role.ADMIN)
    assert house.patch(f"/admin/users/{bia.id}", {"papel": "leitor"}, token=token).status_code == 200


@pytest.mark.parametrize("user_id", ["999", "9223372036854775807", "9223372036854775808", "0", "-1", "abc"])
def test_an_account_that_is_not_there_is_not_found(house, user_id):
    answer = house.patch(f"/admin/users/{user_id}", {"papel": "leitor"}, token=house.token_of(Role.ADMIN))

    assert answer.status_code == 404


def test_the_log_of_security_tells_who_did_what(engine, tmp_path):
    house = build_house(engine, tmp_path)
    house.register(BIA)
    bia = house.signed_in(BIA)["access_token"]
    house.register(ANA)
    house.login(ANA, "errada mesmo")
    house.login("caio\u202e@exemplo.com", "errada mesmo")
    house.post("/admin/invites", {"papel": "leitor", "email": CAIO}, token=bia)
    house.patch("/admin/users/2", {"papel": "leitor", "desativado": True}, token=bia)
    house.post("/auth/logout", token=bia)

    with reading(engine) as db:
        log = list(reversed(list_entries(db)))

    assert [(entry.event, entry.user_id, entry.subject) for entry in log] == [
        ("user_created", 1, BIA),
        ("authn_login_success", 1, BIA),
        ("user_created", 2, ANA),
        ("authn_login_fail", None, ANA),
        ("authn_login_fail", None, "caio·@exemplo.com"),
        ("user_invited", 1, CAIO),
        ("authz_change", 1, ANA),
        ("user_disabled", 1, ANA),
        ("authn_token_revoked", 1, BIA),
    ]
    assert log[6].details == {"before": "curador", "after": "leitor"}
    assert log[1].details == {"address": "127.0.0.1"}
