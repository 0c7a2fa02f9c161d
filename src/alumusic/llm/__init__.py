"""Asks a language model, from any provider."""
