"""Says what charts stand on: the light or the dark theme of this browser."""

import streamlit as st

from alumusic.dashboard.palette import Ground


def ground() -> Ground:
    """The ground of this browser's theme; light until it says."""
    return "dark" if st.context.theme.type == "dark" else "light"
