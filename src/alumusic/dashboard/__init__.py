"""The curators' screens: Streamlit, over the API alone."""
