"""Faults on purpose, on loopback and bounded: real servers of our own, killed by the ids that were stored."""
