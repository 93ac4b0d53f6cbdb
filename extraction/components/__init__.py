"""The parts of the pipeline, one a file, in the order in which they run.

Each part is a spaCy factory that states what it needs and what it gives; `check` finds a missing
need before anything runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.tokens import Doc

from diembao.errors import ExtractError

if TYPE_CHECKING:
    from spacy.language import Language

ORDER = ("tag", "segment", "cluster", "records", "decide")
"""The pipeline."""

ATTRIBUTES: dict[str, object] = {
    "printed": "",
    "tagged": (),
    "mentions": (),
    "compounds": (),
    "conferments": (),
    "models": (),
    "positions": (),
    "certainty": 0.0,
    "award_score": 0.0,
    "is_award_article": False,
}
"""What the parts leave on a document (`doc._.conferments`), with the value before they run.

`printed` is `doc.text`, kept by the tokenizer because spaCy joins it anew each time it is asked.
"""

for _name, _default in ATTRIBUTES.items():
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=_default)


def check(nlp: Language) -> None:
    """Raise ExtractError where a part stands before, or without, the part that it needs."""
    analysis = nlp.analyze_pipes() or {}
    wrong = {name: needs for name, needs in analysis["problems"].items() if needs}
    if wrong:
        said = "; ".join(f"{name} needs {', '.join(needs)}" for name, needs in wrong.items())
        raise ExtractError(f"Bộ trích xuất thiếu bước (put the missing parts before these): {said}")
