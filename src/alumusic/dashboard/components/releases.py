"""What artists brought out, and when: the report follows the critiques around each of these days."""

from datetime import date

import streamlit as st

from alumusic.contract.releases import ReleaseView
from alumusic.dashboard import say
from alumusic.dashboard.visit import Visit, attempt
from alumusic.dashboard.words import day, plain


def show(visit: Visit) -> None:
    """The list, and a form for one more."""
    with attempt():
        releases = visit.api.releases().releases
        if not releases:
            say.note("Nenhum lançamento ainda. Anote um, e o relatório acompanha as críticas em volta dele.")
        for release in releases:
            _release(visit, release)
    if visit.may_curate:
        _form(visit)


def _release(visit: Visit, release: ReleaseView) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{plain(release.title)}**, {plain(release.artist)} · {day(release.day)}")
        if visit.may_curate and st.button("Remover", icon=":material/close:", key=f"remover_{release.id}"):
            with attempt():
                visit.api.drop_release(release.id)
                st.rerun()


def _form(visit: Visit) -> None:
    with st.form("lancamento", clear_on_submit=True, border=True):
        places = st.columns([2, 2, 1], vertical_alignment="bottom")
        artist = places[0].text_input("Artista", max_chars=200, key="lancamento_artista")
        title = places[1].text_input("O que saiu", max_chars=200, key="lancamento_titulo")
        when = places[2].date_input("Quando", format="DD/MM/YYYY", key="lancamento_dia")
        sent = st.form_submit_button("Anotar lançamento", icon=":material/add:", key="lancamento_anotar")
    if not sent:
        return
    if not (artist and artist.strip() and title and title.strip() and isinstance(when, date)):
        say.mistakes(["Preencha o artista, o que saiu e quando."])
        return
    with attempt():
        visit.api.add_release(artist.strip(), title.strip(), when)
        st.rerun()
