"""`python -m diembao` is the command line."""

from diembao.cli import main

main()
