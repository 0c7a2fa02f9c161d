"""Which comments are shown: the filters live in the address, in the words of the API, so that a link carries them."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import streamlit as st

from alumusic.contract.comments import MAX_TAGS_ASKED
from alumusic.dashboard.tag_names import tag_name
from alumusic.dashboard.words import CATEGORY_NAMES, STATUS_NAMES
from alumusic.domain.comments import Category, Failure, Status
from alumusic.domain.search import Order
from alumusic.domain.tags import KNOWN_CODES

Params = dict[str, str | list[str]]

ORDERS: Final = {
    Order.NEWEST: "Mais recentes",
    Order.OLDEST: "Mais antigos",
    Order.SUREST: "Mais certos",
}
REVIEWED: Final = {"true": "Já revisados", "false": "Ainda não revisados"}

_MANY: Final = ("category", "status", "tag", "motivo_de_falha")
_TEXTS: Final = {
    "artista": "Artista", "album": "Álbum", "musica": "Música", "fonte": "Fonte", "autor": "Autor(a)",
}  # fmt: skip
_SEEN: Final = "f_seen"
_PREFIX: Final = "f_"


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_share(value: str) -> bool:
    try:
        return math.isfinite(float(value)) and 0 <= float(value) <= 1
    except ValueError:
        return False


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _is_text(value: str) -> bool:
    return bool(value.strip()) and value.isprintable()


_GOOD: Final[Mapping[str, Callable[[str], bool]]] = {
    "search": _is_text,
    "category": {str(category) for category in Category}.__contains__,
    "status": {str(status) for status in Status}.__contains__,
    "tag": set(KNOWN_CODES).__contains__,
    "motivo_de_falha": {str(failure) for failure in Failure}.__contains__,
    **dict.fromkeys(_TEXTS, _is_text),
    "de": _is_date,
    "ate": _is_date,
    "confianca_min": _is_share,
    "confianca_max": _is_share,
    "task_id": _is_id,
    "revisado": REVIEWED.__contains__,
    "ordem": {str(order) for order in Order}.__contains__,
}
"""What each name of the address may say; anything else is left out rather than sent."""


def cleaned(query: Mapping[str, Sequence[str]]) -> Params:
    """The filters in a query string, without what makes no sense."""
    found: Params = {}
    for name, is_good in _GOOD.items():
        values = [value for value in dict.fromkeys(query.get(name, ())) if is_good(value)]
        if values:
            found[name] = values[:MAX_TAGS_ASKED] if name in _MANY else values[0]
    return found


def asked() -> Params:
    """The filters in the address of this page."""
    return cleaned({name: st.query_params.get_all(name) for name in st.query_params})


def without_order(params: Params) -> Params:
    """The filters alone, which choose comments and do not sort them."""
    return {name: value for name, value in params.items() if name != "ordem"}


def is_backwards(params: Params) -> bool:
    """Whether the first day comes after the last one."""
    first, last = _one(params, "de"), _one(params, "ate")
    return bool(first and last) and date.fromisoformat(first) > date.fromisoformat(last)


def show(*, artists: Sequence[str] = ()) -> Params:
    """The controls; the filters that they stand for."""
    params = asked()
    if st.session_state.get(_SEEN) != params or f"{_PREFIX}search" not in st.session_state:
        _seed(params)
    _first_row()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _more(artists)
        if without_order(params):
            st.button("Limpar filtros", icon=":material/filter_alt_off:", on_click=_clear, key="limpar_filtros")
    return params


def _first_row() -> None:
    st.text_input(
        "Buscar no texto", key="f_search", on_change=_push, icon=":material/search:", label_visibility="collapsed",
        placeholder="Buscar palavras no texto, com ou sem acento",
    )  # fmt: skip
    left, right = st.columns([3, 2])
    with left:
        st.pills(
            "Classe", list(Category), selection_mode="multi", format_func=CATEGORY_NAMES.__getitem__,
            key="f_category", on_change=_push,
        )  # fmt: skip
    with right:
        st.segmented_control(
            "Ordem", list(ORDERS), format_func=ORDERS.__getitem__, key="f_ordem", on_change=_push, required=True
        )


def _more(artists: Sequence[str]) -> None:
    chosen = len(set(without_order(asked())) - {"search", "category"})
    with st.popover(f"Mais filtros ({chosen})" if chosen else "Mais filtros", icon=":material/tune:"):
        st.multiselect(
            "Tags", list(KNOWN_CODES), format_func=tag_name, key="f_tag", on_change=_push, placeholder="Qualquer tag",
            max_selections=MAX_TAGS_ASKED, select_all=False,
        )  # fmt: skip
        st.multiselect(
            "Situação", list(Status), format_func=STATUS_NAMES.__getitem__, key="f_status", on_change=_push,
            placeholder="Qualquer situação", select_all=False,
        )  # fmt: skip
        st.selectbox(
            "Artista", _options(artists, "f_artista"), key="f_artista", on_change=_push, index=None,
            placeholder="Qualquer artista",
        )  # fmt: skip
        left, right = st.columns(2)
        for place, name in zip((left, right, left, right), ("album", "musica", "fonte", "autor"), strict=True):
            place.text_input(_TEXTS[name], key=f"{_PREFIX}{name}", on_change=_push)
        left.date_input("De", key="f_de", on_change=_push, format="DD/MM/YYYY", value=None)
        right.date_input("Até", key="f_ate", on_change=_push, format="DD/MM/YYYY", value=None)
        st.slider(
            "Certeza do modelo (%)", 0, 100, key="f_confianca", on_change=_push,
            help="Abaixo de 60% vale a pena uma pessoa olhar.",
        )  # fmt: skip
        st.segmented_control(
            "Revisão", list(REVIEWED), format_func=REVIEWED.__getitem__, key="f_revisado", on_change=_push
        )
        st.text_input("Código do envio", key="f_task_id", on_change=_push, help="Mostra só o que um envio trouxe.")


def _options(known: Iterable[str], key: str) -> list[str]:
    """The choices, and whatever is chosen although it is not among them."""
    chosen = st.session_state.get(key)
    return list(dict.fromkeys([*known, *([chosen] if chosen else [])]))


def _one(params: Params, name: str) -> str:
    value = params.get(name, "")
    return value if isinstance(value, str) else ""


def _many(params: Params, name: str) -> list[str]:
    value = params.get(name, [])
    return value if isinstance(value, list) else []


def _seed(params: Params) -> None:
    """Put the filters of the address into the controls."""
    state: dict[str, Any] = {
        "search": _one(params, "search"),
        "category": [Category(value) for value in _many(params, "category")],
        "status": [Status(value) for value in _many(params, "status")],
        "tag": _many(params, "tag"),
        "artista": _one(params, "artista") or None,
        **{name: _one(params, name) for name in ("album", "musica", "fonte", "autor", "task_id")},
        **{name: date.fromisoformat(params[name]) if name in params else None for name in ("de", "ate")},  # type: ignore[arg-type]
        "confianca": (
            round(float(_one(params, "confianca_min") or 0) * 100),
            round(float(_one(params, "confianca_max") or 1) * 100),
        ),
        "revisado": _one(params, "revisado") or None,
        "ordem": Order(_one(params, "ordem") or Order.NEWEST),
    }
    for name, value in state.items():
        st.session_state[_PREFIX + name] = value
    st.session_state[_SEEN] = params


def _push() -> None:
    """Put the controls into the address."""
    params = _collected()
    st.session_state[_SEEN] = params
    st.query_params.from_dict(params)


def _clear() -> None:
    st.session_state.pop(_SEEN, None)
    st.query_params.clear()


def _collected() -> Params:
    state = {name.removeprefix(_PREFIX): st.session_state[name] for name in st.session_state if _is_ours(name)}
    low, high = state.get("confianca") or (0, 100)
    query: dict[str, list[str]] = {
        **{name: [str(value) for value in state.get(name) or ()] for name in ("category", "status", "tag")},
        **{name: [str(state.get(name) or "")] for name in ("search", *_TEXTS, "de", "ate", "task_id", "revisado")},
        "confianca_min": [f"{low / 100:g}"] if low > 0 else [],
        "confianca_max": [f"{high / 100:g}"] if high < 100 else [],  # noqa: PLR2004 - per cent
        "ordem": [] if state.get("ordem") in {None, Order.NEWEST} else [str(state["ordem"])],
        # There is no control for it: it comes from the list of failures.
        "motivo_de_falha": _many(asked(), "motivo_de_falha"),
    }
    return cleaned(query)


def _is_ours(name: Any) -> bool:
    return isinstance(name, str) and name.startswith(_PREFIX) and name != _SEEN
