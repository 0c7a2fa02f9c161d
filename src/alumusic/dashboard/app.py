"""The dashboard as a server: `streamlit run src/alumusic/dashboard/app.py`, or any ASGI server with `app`."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

# Whoever comes first should not wait for what every page needs: it is loaded before the server answers.
from alumusic.dashboard import navigation  # noqa: F401
from alumusic.dashboard.routes import ROUTES, SafeHeaders

app = st.App(Path(__file__).with_name("main.py").absolute(), routes=list(ROUTES), middleware=[Middleware(SafeHeaders)])
