"""Listeners' spelling comes down to few tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alumusic.text.tokens import MAX_CHARACTERS, clean, tokens_of


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Vc é MUITO boooom", ["voce", "e", "muito", "bom"]),
        ("oq é isso??", ["o", "que", "e", "isso", "?"]),
        ("kkkkkk rsrs hahaha", ["_laugh_"] * 3),
        ("amei 😍😍 ❤️", ["amei", "_pos_", "_pos_", "_pos_"]),
        ("lixo 🤮", ["lixo", "_neg_"]),
        ("ouve em https://exemplo.com/a?b=1", ["ouve", "em", "_url_"]),
        ("canal.exemplo.com", ["_url_"]),
        ("fale@exemplo.com ou (11) 99999-0000", ["_email_", "ou", "_phone_"]),
        ("paguei R$ 50,00", ["paguei", "_price_"]),
        ("@ana olha o 1:23 em 2024", ["_at_", "olha", "o", "_time_", "em", "_year_"]),
        ("nota 10, #hino", ["nota", "10", ",", "_hashtag_", "hino"]),
        ("não... sei!!!", ["nao", "...", "sei", "!"]),
        ("d+ <3 :)", ["demais", "_pos_", "_pos_"]),
        ("don&#39;t stop", ["do", "not", "stop"]),
        ("ｌｉｎｄｏ", ["lindo"]),
        ("", []),
    ],
)
def test_spellings_come_down_to_tokens(text, tokens):
    assert tokens_of(text) == tokens


def test_of_a_very_long_comment_the_beginning_and_the_end_are_read():
    tokens = tokens_of("começo " + "meio " * 1_000 + "fim")
    assert tokens[0] == "comeco"
    assert tokens[-1] == "fim"
    assert len(clean("x" * 5_000)) <= MAX_CHARACTERS + 1


@given(st.text())
def test_no_text_yields_an_empty_token(text):
    assert all(tokens_of(text))
