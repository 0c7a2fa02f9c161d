"""The public API, in Portuguese, as JSON."""
