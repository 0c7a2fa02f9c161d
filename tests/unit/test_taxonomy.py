"""The taxonomy is whole, and free words find their way into it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alumusic.domain.comments import MAX_TAGS
from alumusic.domain.tags import KNOWN_CODES, code_named, explanation_of, group_of, is_known, mapped_codes
from alumusic.domain.taxonomy import TAXONOMY, Group
from alumusic.text.normalize import search_words


def test_there_are_61_tags_with_codes_of_their_own():
    assert len(KNOWN_CODES) == len(set(KNOWN_CODES)) == 61


def test_every_tag_has_an_explanation_a_group_and_aliases():
    for tag in TAXONOMY:
        assert tag.explanation
        assert tag.group in Group
        assert all(tag.aliases)


def test_every_alias_is_folded_as_searches_are():
    assert [alias for tag in TAXONOMY for alias in tag.aliases if alias != search_words(alias)] == []


def test_no_name_belongs_to_two_tags():
    names = [name for tag in TAXONOMY for name in (search_words(tag.code), *tag.aliases)]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_every_code_stands_for_itself():
    assert [code_named(code) for code in KNOWN_CODES] == list(KNOWN_CODES)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("LETRA", "composicao_letra"),
        ("Letra da música", "composicao_letra"),
        ("lyrics", "composicao_letra"),
        ("efeito-na-voz", "autotune"),
        ("Preço do ingresso muito alto", "preco_ingresso"),
        ("#ingresso", "venda_ingresso"),
        ("show_som", "show_som"),
        ("atraso_show", "show_pontualidade"),
        ("qualidade vocal ruim", "qualidade_vocal"),
        ("coreografia", "coreografia_danca"),
        ("xyz", None),
        ("", None),
        ("🔥", None),
    ],
)
def test_a_free_name_finds_its_code_or_none(name, code):
    assert code_named(name) == code


def test_free_codes_lose_repeats_and_strangers_and_keep_their_order():
    assert mapped_codes(["lyrics", "???", "composicao_letra", "Voz"]) == (
        "composicao_letra",
        "qualidade_vocal",
    )


def test_a_comment_never_carries_more_tags_than_the_limit():
    assert len(mapped_codes(KNOWN_CODES)) == MAX_TAGS


@given(st.lists(st.text()))
def test_whatever_a_model_says_only_known_codes_come_out(names):
    assert all(is_known(code) for code in mapped_codes(names))


def test_a_code_says_what_it_means_and_where_it_belongs():
    assert explanation_of("refrao") == "Refrão / trecho chiclete"
    assert group_of("anuncios") is Group.PLATFORM


def test_asking_about_a_stranger_is_an_error():
    with pytest.raises(KeyError):
        explanation_of("nao_existe")
