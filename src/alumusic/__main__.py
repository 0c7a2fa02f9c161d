"""`python -m alumusic` is the command `alumusic`."""

from alumusic.cli.main import main

main()
