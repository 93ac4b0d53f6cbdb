"""The two engines, put behind the same tests: `@on_both("shelf")`, or `pytestmark = on_both(…)`."""

from __future__ import annotations

import pytest

ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.needs_elasticsearch)]


def on_both(fixture: str) -> pytest.MarkDecorator:
    """Runs a test once with each engine under that fixture, which takes the name of one."""
    return pytest.mark.parametrize(fixture, ENGINES, indirect=True)
