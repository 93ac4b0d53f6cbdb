"""Reading of pages beside trafilatura, newspaper4k, news-please and Fundus.

Over the forty pages of `tests/crawler/pages`, and over the fourteen real ones whose right reading
`tests/crawler/real_pages.json` keeps as digests. Everyone gets the page as text that was decoded rightly,
so encodings decide nothing; the others get the first page of an article in several. The readers that
are no dependencies of the project run in a Python of their own, in which they are installed:

    python benchmarks/pages.py [--peers PYTHON]

Paragraphs (subheads, items and rows among them) are compared by their letters and digits. Lines that
repeat title, lead or byline count for nothing; captions inside the text are counted apart. Fundus reads
only newspapers that it knows: of these VnExpress, and it is judged on those pages alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import warnings
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "tests" / "crawler"
SHARED = Path(os.environ.get("DIEMBAO_SHARED", ROOT.parent / "shared"))
TEXT = ("paragraph", "subhead", "item", "row")
VIETNAM = timezone(timedelta(hours=7))
Reading = dict[str, Any]
"""title, lead, byline, at (ISO) and lines of one page, as one reader gives them."""


def trafilatura_(text: str, url: str) -> Reading:
    """trafilatura, with all metadata that it finds."""
    import trafilatura

    found = trafilatura.bare_extraction(text, url=url, include_comments=False, with_metadata=True)
    found = found.as_dict() if found else {}
    return _reading(found, "title", "description", "author", "date", "text")


def newspaper4k(text: str, url: str) -> Reading:
    """newspaper4k, told that the page is Vietnamese."""
    import newspaper

    article = newspaper.Article(url or "https://example.org/a.html", language="vi")
    article.download(input_html=text)
    article.parse()
    return _reading(
        vars(article) | {"text": article.text, "title": article.title},
        "title", "meta_description", "authors", "publish_date", "text",
    )  # fmt: skip


def news_please(text: str, url: str) -> Reading:
    """The extractor of news-please."""
    from newsplease import NewsPlease

    found = NewsPlease.from_html(text, url or None).get_dict()
    return _reading(found, "title", "description", "authors", "date_publish", "maintext")


def fundus(text: str, url: str) -> Reading:
    """The parser of Fundus for VnExpress; nothing of any other newspaper."""
    from fundus.publishers.vn import VN

    if "vnexpress.net" not in url:
        return {}
    found = VN.VnExpress.parser(datetime.now().date()).parse(text)
    body = found.get("body")
    parts = list(body.sections) if body else []
    printed = [str(line) for part in parts for line in (*part.headline, *part.paragraphs)]
    found |= {"text": "\n".join(printed), "lead": " ".join(map(str, body.summary)) if body else ""}
    return _reading(found, "title", "lead", "authors", "publishing_date", "text")


PEERS = {
    "trafilatura": trafilatura_,
    "newspaper4k": newspaper4k,
    "news-please": news_please,
    "Fundus": fundus,
}


def _reading(found: Any, title: str, lead: str, byline: str, at: str, text: str) -> Reading:
    names, moment = found.get(byline) or "", found.get(at)
    return {
        "title": found.get(title) or "",
        "lead": found.get(lead) or "",
        "byline": names if isinstance(names, str) else ", ".join(names),
        "at": moment.isoformat() if isinstance(moment, datetime) else moment,
        "lines": (found.get(text) or "").splitlines(),
    }


def ours(pages: list[Any], now: datetime) -> Reading:
    """This project, without any declaration of the newspaper."""
    from crawler import reading

    article = reading.read_page(reading.joined(pages), None, now)
    return {
        "title": article.title,
        "lead": article.lead,
        "byline": article.byline,
        "at": article.published_at.isoformat() if article.published_at else None,
        "lines": [block.text for block in article.blocks if block.kind in TEXT],
        "captions": [block.text for block in article.blocks if block.kind == "caption"],
    }


@dataclass
class Score:
    """What one reader got right of one set of pages."""

    pages: int = 0
    right: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)

    def add(self, gold: Reading, found: Reading) -> None:
        """Judge one page; `gold` holds digests of keys."""
        self.pages += 1
        for part in ("title", "lead", "byline"):
            if gold[part]:
                self.wanted[part] += 1
                self.right[part] += _digest(found.get(part) or "") == gold[part]
        at = _moment(found.get("at"))
        self.right["day"] += at is not None and at.date() == gold["at"].date()
        self.right["minute"] += at is not None and at.replace(second=0, microsecond=0) == gold["at"]
        lines = [_digest(line) for line in found.get("lines", ()) if _key(line)]
        outside = {gold["title"], gold["lead"], gold["byline"]}
        text = Counter(line for line in lines if line not in outside | set(gold["captions"]))
        self.right["captions inside"] += sum(line in gold["captions"] for line in lines)
        self.right["paragraphs"] += (text & Counter(gold["body"])).total()
        self.wanted["paragraphs"] += len(gold["body"])
        self.wanted["printed"] += text.total()

    def row(self, name: str) -> str:
        """A row of the table."""
        right, wanted = self.right, self.wanted
        shares = [f"{right[p]}/{wanted[p]}" for p in ("title", "lead", "byline")]
        times = [f"{right[p]}/{self.pages}" for p in ("day", "minute")]
        recall = right["paragraphs"] / max(1, wanted["paragraphs"])
        precision = right["paragraphs"] / max(1, wanted["printed"])
        cells = [
            name,
            *shares,
            *times,
            f"{recall:.1%}",
            f"{precision:.1%}",
            str(right["captions inside"]),
        ]
        return f"| {' | '.join(cells)} |"


def _key(text: str) -> str:
    from crawler.reading import lines

    return lines.key(text)


def _digest(text: str) -> str:
    return sha256(_key(text).encode()).hexdigest()[:12]


def _moment(at: str | None) -> datetime | None:
    if not at:
        return None
    found = datetime.fromisoformat(at.strip().replace(" ", "T", 1).replace("Z", "+00:00"))
    return (found if found.tzinfo else found.replace(tzinfo=VIETNAM)).astimezone(VIETNAM)


def _forty() -> list[tuple[Reading, list[Any], datetime]]:
    from crawler.fetching import FetchedPage

    found = []
    for path in sorted((PAGES / "pages").glob("*.json")):
        gold = json.loads(path.read_text())
        now = datetime.fromisoformat(gold["fetched_at"])
        files = {gold["url"]: f"{path.stem}.html", **gold.get("parts", {})}
        headers = {"content-type": gold["content_type"]}
        pages = [
            FetchedPage(url, now, headers, (path.parent / file).read_bytes())
            for url, file in files.items()
        ]
        digests = {part: gold[part] and _digest(gold[part]) for part in ("title", "lead", "byline")}
        body = [_digest(text) for kind, text in gold["body"] if kind != "caption"]
        captions = [_digest(text) for kind, text in gold["body"] if kind == "caption"]
        at = _moment(gold["published_at"])
        found.append(({**digests, "body": body, "captions": captions, "at": at}, pages, now))
    return found


def _real() -> list[tuple[Reading, list[Any], datetime]]:
    from crawler.fetching import FetchedPage, encoding
    from crawler.reading import structured

    found = []
    for name, gold in json.loads((PAGES / "real_pages.json").read_text()).items():
        body = gzip.decompress((SHARED / "data" / "html" / name).read_bytes())
        text, now = encoding.decode(body), datetime.now(UTC)
        url = structured.read(encoding.parse_html(text), "").canonical or ""
        page = FetchedPage(url, now, {"content-type": "text/html; charset=utf-8"}, body)
        found.append(({**gold, "at": _moment(gold["published_at"])}, [page], now))
    return found


def _of_peer(python: str, name: str, pages: list[Any]) -> list[Reading]:
    asked = "".join(json.dumps({"text": page.text, "url": page.url}) + "\n" for page in pages)
    done = subprocess.run(
        [python, "-W", "ignore", __file__, "--as", name],
        input=asked, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{name}: {done.stderr.strip().splitlines()[-1]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _serve(name: str) -> None:
    """Read pages from standard input as one of the others; a page that fails is read as nothing."""
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            found = PEERS[name](asked["text"], asked["url"])
        except (
            Exception
        ) as error:  # whatever another library raises counts against it, not against the run
            print(f"{asked['url']}: {error!r}", file=sys.stderr)
            found = {}
        print(json.dumps(found, ensure_ascii=False, default=str))


def main() -> None:
    """Print a table for each set of pages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", metavar="PYTHON", help="a Python that has the other readers")
    parser.add_argument("--as", dest="name", choices=PEERS, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.name:
        _serve(chosen.name)
        return
    for heading, cases in (("Forty pages", _forty()), ("Fourteen real pages", _real())):
        print(
            f"\n{heading}\n\n| reader | title | lead | byline | day | minute | paragraphs | precision | captions inside |"
        )
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        score = Score()
        for gold, pages, now in cases:
            score.add(gold, ours(pages, now))
        print(score.row("diembao"))
        for name in PEERS if chosen.peers else ():
            score = Score()
            read = _of_peer(chosen.peers, name, [pages[0] for _, pages, _ in cases])
            for (gold, pages, _), found in zip(cases, read, strict=True):
                if name != "Fundus" or "vnexpress.net" in pages[0].url:
                    score.add(gold, found)
            if score.pages:
                print(score.row(name))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
