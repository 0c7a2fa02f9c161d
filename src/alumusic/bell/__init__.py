"""Wakes workers up; carries no state, and may be lost."""
