"""What listeners wrote, as the evidence of a sentence: their words, and a way to the whole comment."""

from collections.abc import Sequence

import streamlit as st

from alumusic.contract.summaries import CitationView
from alumusic.dashboard import say
from alumusic.dashboard.components import go
from alumusic.dashboard.words import counted


def show(citations: Sequence[CitationView], *, key: str) -> None:
    """The comments behind a sentence, one click away."""
    if not citations:
        return
    with st.expander(counted(len(citations), "comentário", "comentários"), icon=":material/format_quote:", key=key):
        for citation in citations:
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                say.quoted(f"“{citation.quote}”")
                go.link(go.HISTORY, "Abrir", icon=":material/open_in_new:", params={"id": str(citation.id)})
