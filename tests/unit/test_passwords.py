"""Passwords: what is refused, what is kept, and how many are hashed at once."""

import re
import threading

import pytest

from alumusic.accounts.passwords import Cost, Passwords, check_new_password, common_passwords
from alumusic.domain.errors import InvalidInputError
from tests.house import CHEAP

ANA = "ana.souza@exemplo.com"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("1234567", "senha_curta"),
        ("", "senha_curta"),
        ("x7!" * 43, "senha_longa"),
        ("password", "senha_comum"),
        ("PassWord", "senha_comum"),
        ("iloveyou", "senha_comum"),
        ("senha123", "senha_comum"),
        ("Senha@123", "senha_comum"),
        ("flamengo", "senha_comum"),
        ("Corinthians", "senha_comum"),
        ("alumusic", "senha_comum"),
        ("aaaaaaaaaaaa", "senha_comum"),
        ("abababababab", "senha_comum"),
        ("abcdefghijkl", "senha_comum"),
        ("zyxwvuts", "senha_comum"),
        (ANA, "senha_parecida"),
        ("Ana.Souza", "senha_parecida"),
        ("ana.souza2026", "senha_parecida"),
        ("azuos.ana", "senha_parecida"),
        ("meia palavra \ud800", "caracteres_invalidos"),
    ],
)
def test_what_is_guessed_first_is_refused(password, reason):
    with pytest.raises(InvalidInputError) as refused:
        check_new_password(password, email=ANA)

    assert refused.value.code == "senha_fraca"
    assert [field.code for field in refused.value.fields] == [reason]


@pytest.mark.parametrize(
    "password",
    [
        "oito-car",
        "cavalo bateria grampo correto",
        "é com acento sim",
        "🎸🎷🎺🎻🥁🎹🎤🎧",
        "0123456789abcdef" * 4,
        "0123456789abcdef" * 8,
        "só minúsculas e espaços",
    ],
)
def test_long_ones_and_those_of_any_characters_are_taken_and_told_apart_to_the_last_one(password):
    passwords = Passwords(CHEAP)

    check_new_password(password, email=ANA)
    kept = passwords.hash(password)

    assert passwords.verify(kept, password)
    assert not passwords.verify(kept, password[:-1])
    assert not passwords.verify(kept, password[:-1] + "?")
    assert not passwords.verify(kept, password + "?")


def test_the_list_of_common_ones_is_long_and_in_two_languages():
    assert len(common_passwords()) > 30_000
    assert {"password1", "minhasenha"} <= common_passwords()


def test_a_hash_costs_what_owasp_asks_for():
    kept = Passwords().hash("cavalo bateria")

    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", kept)

    assert found
    assert [int(number) for number in found.groups()] == [19_456, 2, 1]


def test_a_hash_of_another_cost_is_outdated():
    assert Passwords(Cost(memory_kib=16, passes=1)).is_outdated(Passwords(CHEAP).hash("cavalo bateria"))
    assert not Passwords(CHEAP).is_outdated(Passwords(CHEAP).hash("cavalo bateria"))


@pytest.mark.parametrize("broken", ["", "-", "$argon2id$v=19$m=8,t=1,p=1$x$y", "!"])
def test_a_broken_hash_fits_no_password(broken):
    assert not Passwords(CHEAP).verify(broken, "cavalo bateria")


def test_nothing_fits_the_dummy_hash_and_it_costs_the_same():
    passwords = Passwords(CHEAP)

    assert not passwords.verify(passwords.dummy_hash, "cavalo bateria")
    assert not passwords.is_outdated(passwords.dummy_hash)


def test_two_at_most_have_a_turn():
    passwords = Passwords(CHEAP)
    lock, inside, most = threading.Lock(), 0, 0
    two_are_in, pause = threading.Barrier(2), threading.Event()

    def take_a_turn():
        nonlocal inside, most
        with passwords.turn():
            with lock:
                inside += 1
                most = max(most, inside)
            two_are_in.wait(60)
            # A chance for a third.
            pause.wait(0.02)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=take_a_turn) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 2
