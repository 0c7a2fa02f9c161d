"""Scores classifiers on labelled comments."""
