"""An article with its names marked, as a page of its own."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from spacy.displacy.render import EntityRenderer

if TYPE_CHECKING:
    from spacy.tokens import Doc

COLOURS = {
    "UNIT": "#bfdbfe",
    "PERSON": "#fde68a",
    "ROLE": "#e9d5ff",
    "MODEL": "#bbf7d0",
    "AWARD": "#fecaca",
    "MOVEMENT": "#a5f3fc",
    "PLACE": "#e5e7eb",
}
"""One background for each label."""


def html(doc: Doc) -> str:
    """A complete HTML page: the article with its mentions marked, then its records as tables."""
    title = escape(doc.text.strip().split("\n", 1)[0][:120])
    renderer = EntityRenderer(options={"colors": COLOURS})
    marks = [
        {"start": ent.start_char, "end": ent.end_char, "label": ent.label_} for ent in doc.ents
    ]
    body = renderer.render_ents(doc.text, marks, "")
    return (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>{title}</title>'
        "<style>body{font:17px/1.7 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
        "table{border-collapse:collapse;width:100%}td,th{border:1px solid #ccc;padding:.3rem .5rem;"
        "text-align:left;vertical-align:top}</style>"
        f"<main>{body}{_records(doc)}</main></html>"
    )


def _records(doc: Doc) -> str:
    return "".join(
        (
            _table(
                "Khen thưởng",
                ("Hình thức", "Được khen", "Cấp khen", "Mô hình"),
                [
                    (c.award, "; ".join(c.recipients), c.conferrer, c.for_model)
                    for c in doc._.conferments
                ],
            ),
            _table(
                "Mô hình, điển hình", ("Tên", "Chủ thể"), [(m.name, m.owner) for m in doc._.models]
            ),
            _table("Nhân sự", ("Họ tên", "Chức vụ"), [(p.name, p.role) for p in doc._.positions]),
        )
    )


def _table(title: str, head: tuple[str, ...], rows: list[tuple[str | None, ...]]) -> str:
    if not rows:
        return ""
    cells = [[f"<th>{cell}</th>" for cell in head]]
    cells += [[f"<td>{escape(cell or '')}</td>" for cell in row] for row in rows]
    lines = "".join(f"<tr>{''.join(line)}</tr>" for line in cells)
    return f"<h2>{title}</h2><table>{lines}</table>"
