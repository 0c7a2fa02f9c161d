"""Brings comments in, by one or by file, and loses none."""
