"""An article in short, as lists of articles show it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from diembao.archived import ArchivedArticle


class Marked(BaseModel):
    """A text and the stretches (code points, half-open) that answer the query."""

    text: str
    marks: list[tuple[int, int]] = []


class Newspaper(BaseModel):
    """A newspaper: its slug and its printed name."""

    name: str
    title: str


class Card(BaseModel):
    """An article in short. `awards` are the kinds that it tells of, each once."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 12,
                    "page": "/bai/12",
                    "url": "https://bao.example/bai-viet-12.html",
                    "title": {"text": "Tuyên dương 25 mô hình Dân vận khéo", "marks": [[20, 34]]},
                    "snippet": {"text": "Hội nghị biểu dương các mô hình …", "marks": []},
                    "source": {"name": "bao", "title": "Báo Ví Dụ"},
                    "published_at": "2024-12-11T08:30:00Z",
                    "kind": "news",
                    "is_award_article": True,
                    "awards": ["Bằng khen"],
                    "version": 1,
                }
            ]
        }
    )

    id: int
    page: str
    url: str
    title: Marked
    snippet: Marked
    source: Newspaper
    published_at: datetime
    kind: str
    is_award_article: bool
    awards: list[str]
    version: int


def card(item: ArchivedArticle, title: Marked | None = None, snippet: Marked | None = None) -> Card:
    """The card of an article; without a snippet of its own it shows the lead."""
    article, extraction = item.article, item.extraction
    awards = dict.fromkeys(one.award for one in extraction.awards) if extraction else {}
    return Card(
        id=item.id,
        page=f"/bai/{item.id}",
        url=article.url,
        title=title or Marked(text=article.title),
        snippet=snippet or Marked(text=article.lead),
        source=Newspaper(name=item.source.name, title=item.source.title),
        published_at=article.date,
        kind=article.kind,
        is_award_article=bool(extraction and extraction.is_award_article),
        awards=list(awards),
        version=item.version,
    )
