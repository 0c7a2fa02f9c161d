"""Opens all doors at once: the whole product on one machine, in one command."""
