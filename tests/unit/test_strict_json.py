"""JSON is read as the standard says and no further (security statement S18)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alumusic.api.strict_json import MAX_DEPTH, MAX_MARKS, read_json
from alumusic.contract.comments import MAX_AT_ONCE
from alumusic.domain.errors import InvalidInputError, TooLargeError

REFUSED = {
    "nothing": (b"", "json_vazio"),
    "spaces": (b" \r\n\t", "json_vazio"),
    "half an object": (b'{"texto": ', "corpo_invalido"),
    "two values": (b"{} {}", "corpo_invalido"),
    "a trailing comma": (b"[1,]", "corpo_invalido"),
    "single quotes": (b"{'a': 1}", "corpo_invalido"),
    "a comment": (b"{} // oi", "corpo_invalido"),
    "NaN": (b'{"a": NaN}', "json_numero"),
    "Infinity": (b"[Infinity]", "json_numero"),
    "minus Infinity": (b"[-Infinity]", "json_numero"),
    "a float beyond all floats": (b"[1e999]", "json_numero"),
    "an integer of 5,000 digits": (b"1" * 5_000, "json_numero"),
    "a negative one": (b'{"a": -' + b"9" * 5_000 + b"}", "json_numero"),
    "an integer of 65 bits": (b"[18446744073709551616]", "json_numero"),
    "an integer of 64 bits without sign": (b"[9223372036854775808]", "json_numero"),
    "a lone high surrogate": (rb'{"a": "\ud800"}', "json_caractere"),
    "a lone low surrogate": (rb'"\udc00"', "json_caractere"),
    "surrogates the wrong way round": (rb'"\udc00\ud800"', "json_caractere"),
    "a surrogate as bytes": (b'"\xed\xa0\x80"', "json_charset"),
    "Latin-1": ('{"a": "música"}'.encode("latin-1"), "json_charset"),
    "UTF-16": ('{"a": 1}'.encode("utf-16-le"), "corpo_invalido"),
    "a mark of UTF-8": (b"\xef\xbb\xbf{}", "json_bom"),
    "a mark of UTF-16": ("{}".encode("utf-16"), "json_bom"),
    "the same key twice": (b'{"a": 1, "a": 2}', "json_repetido"),
    "the same key twice, further in": (rb'[{"b": {"a": 1, "\u0061": 2}}]', "json_repetido"),
    "deeper than anybody needs": (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "json_fundo"),
    "deep objects": (b'{"a":' * 500 + b"1" + b"}" * 500, "json_fundo"),
    "depth 100,000": (b"[" * 100_000 + b"]" * 100_000, "json_fundo"),
    "depth 100,000, never closed": (b"[" * 100_000, "json_fundo"),
    "a control character": (b'"a\x01b"', "corpo_invalido"),
    "NUL": (b"\0", "corpo_invalido"),
}


@pytest.mark.parametrize(("body", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_trouble_is_refused_with_its_reason(body, code):
    with pytest.raises(InvalidInputError) as refused:
        read_json(body)

    assert refused.value.code == code


def test_a_mistake_is_told_with_its_place():
    with pytest.raises(InvalidInputError) as refused:
        read_json(b'{\n "texto": "oi",\n "data": ?\n}')

    assert (refused.value.details["line"], refused.value.details["column"]) == (3, 10)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"texto": "m\xc3\xbasica"}', {"texto": "música"}),
        (rb'"\ud83c\udfb8"', "🎸"),
        (rb'"[[[[ \" {{{{ \\"', '[[[[ " {{{{ \\'),
        (b"[9223372036854775807, -9223372036854775808, 1.5e3, true, null]", [2**63 - 1, -(2**63), 1500.0, True, None]),
        (b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, json.loads("[" * MAX_DEPTH + "]" * MAX_DEPTH)),
        (b"[" + b",".join([b'[{"a":"]["}]'] * 1_000) + b"]", [[{"a": "]["}]] * 1_000),
    ],
)
def test_what_is_lawful_is_read(body, value):
    assert read_json(body) == value


def whole_list(text):
    """The longest list of comments that have every field, and metadata of their own."""
    known = ("id", "data", "autor", "fonte", "artista", "album", "musica", "url", "id_externo")
    comment = {"texto": text, **dict.fromkeys((*known, *"abcdefgh"), "x, y"), "i": {"j": [1, 2, 3]}}
    return [comment for _ in range(MAX_AT_ONCE)]


@pytest.mark.parametrize("text", ["oi, tudo bem?", '"[{,}]\\' * 800], ids=["short texts", "texts full of marks"])
def test_the_longest_list_of_comments_with_all_they_may_have_is_read(text):
    comments = whole_list(text)

    assert read_json(json.dumps(comments).encode()) == comments


@pytest.mark.parametrize("part", [b"{}", b"[]", b"[[[]]]", b"0", b'""', b'{"a":0}'])
def test_a_body_of_too_many_small_parts_is_refused_before_it_is_built(part):
    with pytest.raises(TooLargeError) as refused:
        # It never ends: who began to read it as JSON would say so.
        read_json(b"[" + (part + b",") * MAX_MARKS)

    assert refused.value.code == "json_partes"


@pytest.mark.parametrize("content", [rb"\"" * 3_000_000, b"[a" * 3_000_000], ids=["quotes", "brackets"])
@pytest.mark.parametrize("end", [b'"', b"", b"\\"], ids=["closed", "open", "broken off"])
def test_a_long_string_is_read_in_one_go(content, end):
    body = b'"' + content + end

    if end == b'"':
        assert read_json(body) == json.loads(body)
    else:
        with pytest.raises(InvalidInputError):
            read_json(body)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=30,
)


@given(values, st.booleans())
def test_whatever_json_can_say_comes_through_unchanged(value, escaped):
    assert read_json(json.dumps(value, ensure_ascii=escaped).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_refusal(body):
    try:
        json.dumps(read_json(body)).encode()
    except InvalidInputError:
        return
