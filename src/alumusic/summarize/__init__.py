"""Writes the week: every number from SQL, every quote verbatim."""
