"""Answers questions about what is kept; changes nothing."""
