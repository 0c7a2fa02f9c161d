"""What is said of all rows of a file is cleaned as what a row says of itself."""

import pytest

from alumusic.domain.errors import InvalidInputError
from alumusic.ingest.defaults import clean_defaults


def test_names_become_attributes_and_what_is_empty_is_left_out():
    given = {"fonte": " show ", "artista": None, "album": "", "musica": "\u200b"}

    assert clean_defaults(given) == {"source": "show"}


def test_letters_are_cleaned_as_in_a_row():
    given = {"artista": "Joa\u0303o\r\n\x07 e  Maria"}

    assert clean_defaults(given) == {"artist": "João e Maria"}


def test_every_field_that_is_no_good_is_named():
    given = {"fonte": "x" * 101, "artista": "x" * 200, "album": "a\0b", "musica": "\ud800"}

    with pytest.raises(InvalidInputError) as refused:
        clean_defaults(given)

    assert [(problem.field, problem.code) for problem in refused.value.fields] == [
        ("fonte", "campo_longo"),
        ("album", "caracteres_invalidos"),
        ("musica", "caracteres_invalidos"),
    ]
