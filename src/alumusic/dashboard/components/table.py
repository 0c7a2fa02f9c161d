"""Comments as a table: their words are cells, and cells are never anything but text."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from alumusic.contract.comments import CommentView
from alumusic.dashboard.palette import colours
from alumusic.dashboard.tag_names import tag_name
from alumusic.dashboard.words import CATEGORY_NAMES, STATUS_NAMES, cut, percent
from alumusic.domain.comments import Category, Status

_LONGEST_CELL: Final = 300
_NARROW: Final = ("Classe", "Comentário")
"""What is left of the table beside the details of a comment, which say the rest."""


def chosen_comment(
    comments: Sequence[CommentView], *, zone: ZoneInfo, key: str, narrow: bool = False, height: int = 560
) -> CommentView | None:
    """Show `comments`; the one whose row was clicked."""
    shown = st.dataframe(
        frame_of(comments, zone=zone),
        hide_index=True,
        height=min(height, 38 + 35 * max(1, len(comments))),
        column_config={
            "Data": st.column_config.TextColumn(width=105),
            "Classe": _labels(),
            "Comentário": st.column_config.TextColumn(width="large"),
            "Certeza": st.column_config.TextColumn(width=72, help="Quanta certeza o modelo tem"),
            "Tags": st.column_config.TextColumn(width=190),
            "Artista": st.column_config.TextColumn(width=130),
        },
        column_order=_NARROW if narrow else None,
        on_select="rerun",
        selection_mode="single-cell",
        placeholder="",
        alt="Comentários encontrados",
        key=key,
    )
    row = chosen_row(shown)
    return comments[row] if row is not None and row < len(comments) else None


def chosen_row(state: Mapping[str, Any]) -> int | None:
    """The row in which a cell was clicked."""
    cells = state.get("selection", {}).get("cells") or ()
    return int(cells[0][0]) if cells else None


def frame_of(comments: Sequence[CommentView], *, zone: ZoneInfo) -> pd.DataFrame:
    """`comments` as rows of text."""
    return pd.DataFrame(
        {
            "Classe": [[label_of(comment)] for comment in comments],
            "Comentário": [cut(comment.text, _LONGEST_CELL) for comment in comments],
            "Data": [f"{comment.written_at.astimezone(zone):%d/%m/%y %H:%M}" for comment in comments],
            "Certeza": [certainty(comment) for comment in comments],
            "Tags": [", ".join(tag_name(tag.code) for tag in comment.tags) for comment in comments],
            "Artista": [comment.artist or "" for comment in comments],
        }
    )


def label_of(comment: CommentView) -> str:
    """Its class, or how far it is on the way to one."""
    if comment.category is not None:
        return CATEGORY_NAMES[comment.category]
    return STATUS_NAMES[comment.status]


def certainty(comment: CommentView) -> str:
    """How sure the label is."""
    if comment.reviewed:
        return "revisado"
    return "" if comment.confidence is None else percent(comment.confidence)


def _labels() -> ColumnConfig:
    # White letters stand on these: the darker hues serve both grounds.
    hues = colours("light")
    names = {CATEGORY_NAMES[category]: hues[category] for category in Category}
    waiting = {STATUS_NAMES[status]: "#9AA0AB" for status in (Status.PENDING, Status.PROCESSING)}
    failed = {STATUS_NAMES[Status.FAILED]: "#B3261E"}
    both = names | waiting | failed
    return st.column_config.MultiselectColumn(width=105, options=list(both), color=list(both.values()))
