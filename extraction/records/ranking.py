"""The candidates that a ranker judges: which names may belong to an award or a model.

Only names near the anchor are looked at, so that the work stays linear in the text: those of its
own line and of the lines around it, at most `REACH` names on each side.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from extraction.records.page import Name, Page

REACH = 40
"""Names looked at on each side of an anchor."""
LINES_BEFORE = 3
LINES_AFTER = 30


def around(page: Page, anchor: Name, labels: Collection[str]) -> list[Name]:
    """Candidates of these labels for one anchor, in printed order."""
    before = (page.names[i] for i in range(anchor.index - 1, max(-1, anchor.index - 1 - REACH), -1))
    after = islice(page.names, anchor.index + 1, anchor.index + 1 + REACH)
    left = [
        name for name in before if name.label in labels and anchor.line - name.line <= LINES_BEFORE
    ]
    right = [
        name for name in after if name.label in labels and name.line - anchor.line <= LINES_AFTER
    ]
    return left[::-1] + right
