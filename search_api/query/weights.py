"""What raises the rank of a hit, the same for both engines, and by how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search_api.query.tree import Text

if TYPE_CHECKING:
    from search_api.query.tree import Node

TITLE = 2.0
"""Weight of a word in the title, beside its weight in the text."""

AS_TYPED = 3.0
"""Weight of the form that was typed against other forms that it finds."""

SIDE_BY_SIDE = 2.0
"""Weight of typed words that stand side by side in the text."""

COMPOUND = 1.5
"""Weight of typed words that form one word of the language."""

LONGEST_COMPOUND = 4
LONGEST_RUN = 12
"""Words of a run that are looked for side by side at most."""


def is_single_word(node: Node) -> bool:
    """Whether it is one word of the text."""
    return isinstance(node, Text) and node.field is None and len(node.words) == 1
