"""A corrected article as training data: one row of the annotated corpus.

`id`, `genre` (`award`, `model` or `general`), `style` (the newspaper), `date`, `text`, `mentions`
([start, end, label] in code points), `awards`, `models`, `people`, `is_award_article`. A conferment to
one counted group has its phrase for recipients, any other a list. A model or position whose name is no
mention is left out, as the form of the corpus asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diembao.records import Label
from diembao.vietnamese.dates import local
from diembao.vietnamese.names import counted

if TYPE_CHECKING:
    from diembao.archived import ArchivedArticle
    from diembao.records import Conferment, Extraction


def row(article: ArchivedArticle, extraction: Extraction) -> dict[str, Any]:
    """The row of an article with its corrected extraction."""
    text = extraction.text
    named = {(m.label, text[m.start : m.end]) for m in extraction.mentions}
    models = [one for one in extraction.models if (Label.MODEL, one.name) in named]
    people = [one for one in extraction.people if (Label.PERSON, one.name) in named]
    other = "model" if models else "general"
    return {
        "id": f"{article.source.name}-{article.id}",
        "genre": "award" if extraction.is_award_article else other,
        "style": article.source.name,
        "date": local(article.article.date).date().isoformat(),
        "text": text,
        "mentions": [[m.start, m.end, m.label.value] for m in sorted(extraction.mentions)],
        "awards": [_award(one) for one in extraction.awards],
        "models": [{"name": one.name, "kind": one.kind, "owner": one.owner} for one in models],
        "people": [{"name": one.name, "role": one.role} for one in people],
        "is_award_article": extraction.is_award_article,
    }


def _award(award: Conferment) -> dict[str, Any]:
    recipients: str | list[str] = list(award.recipients)
    if len(award.recipients) == 1 and counted(award.recipients[0]):
        recipients = award.recipients[0]
    return {
        "award": award.award,
        "recipients": recipients,
        "conferrer": award.conferrer,
        "for_model": award.for_model,
    }
