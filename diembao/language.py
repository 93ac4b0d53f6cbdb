"""The language of the command line: Vietnamese or English, by `DIEMBAO_LANGUAGE` or the locale."""

from __future__ import annotations

import locale
import os


def is_vietnamese() -> bool:
    """Vietnamese unless the setting or the locale names another language; C and POSIX name none."""
    chosen = (
        os.environ.get("DIEMBAO_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG")
    )
    chosen = chosen or locale.getlocale()[0] or ""
    return not chosen or chosen.lower().startswith(("vi", "c.", "posix")) or chosen == "C"


def say(vietnamese: str, english: str) -> str:
    """The one of two wordings that the user reads."""
    return vietnamese if is_vietnamese() else english
