"""The vocabulary of the business and pure decisions on it: no I/O, no framework, no clock."""
