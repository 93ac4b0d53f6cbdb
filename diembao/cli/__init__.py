"""The command line `diembao`. One file a group of commands; heavy parts are imported when used.

Exit codes: 0 done, 1 it could not be done (one sentence on standard error says why), 2 the command
was written wrongly, 130 Ctrl+C. What is printed is UTF-8, whatever the locale.
"""

from __future__ import annotations

import io
import sys


def main() -> None:
    """Run the command line; whatever the user can put right is told in one sentence."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        from diembao.cli.commands import app

        code = app(standalone_mode=False)
    except KeyboardInterrupt:
        code = 130
    except Exception as error:
        from diembao.cli.faults import told

        fault = told(error)
        if fault is None:
            raise
        code, sentence = fault
        if sentence:
            print(f"diembao: {sentence}", file=sys.stderr)
    sys.exit(code)
