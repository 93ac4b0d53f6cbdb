"""The command line `diembao`. One file a group of commands; heavy parts are imported when used."""

from __future__ import annotations

import sys

from diembao.errors import DiembaoError


def main() -> None:
    """Run the command line: a DiembaoError becomes its one sentence and exit code 1."""
    from diembao.cli.commands import app

    try:
        app()
    except DiembaoError as error:
        print(f"diembao: {error}", file=sys.stderr)
        sys.exit(1)
