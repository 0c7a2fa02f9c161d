"""The local model: no key, no server, no network."""
