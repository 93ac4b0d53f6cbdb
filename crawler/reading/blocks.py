"""The blocks of a body element, in printed order.

- A paragraph is a block of text; a line break ends a line.
- Headings, and paragraphs wholly bold and short, are subheads; list entries are items.
- What stands in a figure, beside a picture in a table, or calls itself a caption, is a caption.
- A table is its rows, cells parted by ` | `; a table with one cell a row is a box and read as such.
- Boxes of other articles, and blocks that are nothing but links to them, go to `related`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.reading import lines, noise
from diembao.article import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import html

INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "br",
        "img",
        "picture",
    ]
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CAPTION = re.compile(
    r"caption|chu-?thich|img-?name|image-?desc|photo-?desc|desc-?image|img-?desc|pic-?desc"
)
_AUTHOR = re.compile(r"(^|[\s_-])(author|byline|tac-?gia|signature|nguoi-?viet|writer)")
_BOLD = {"b", "strong"}
_CENTRE = re.compile(r"text-align\s*:\s*center", re.I)
_RIGHT = re.compile(r"text-align\s*:\s*right", re.I)
LONGEST_SUBHEAD = 160
_BREAK = "\u2028"
"""Stands for a line break; line feeds in the source are mere white space."""


@dataclass
class Body:
    """What a body element holds. `signed` are lines that its markup calls the author's.

    `opens_bold`: its first line is all bold, as leads are that stand in the body.
    """

    blocks: list[Block] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    opens_bold: bool = False

    def add(self, further: Body) -> None:
        """Take in the next page of the same article, without what it only repeats."""
        if not set(further.blocks) <= set(self.blocks):
            self.blocks += further.blocks
        self.related += further.related
        self.signed += further.signed
        self.images += further.images


def read(container: html.HtmlElement, without: frozenset[html.HtmlElement] = frozenset()) -> Body:
    """Read a body element, leaving out some of its parts (title and lead standing in it)."""
    walker = _Walker(container, without)
    walker.walk(container, BlockKind.PARAGRAPH)
    return walker.body


def text_of(element: html.HtmlElement) -> str:
    """All text of an element on one line."""
    if element.line is None:
        strings: list[str] = []
        _gather(element, strings)
        element.line = lines.squeezed("".join(strings))
    return str(element.line)


def _gather(element: html.HtmlElement, strings: list[str]) -> None:
    """Add the texts of an element, with its line breaks; scripts and the like left out."""
    if element.text and element.tag not in noise.SKIPPED and isinstance(element.tag, str):
        strings.append(element.text)
    for child in element:
        if child.tag == "br":
            strings.append(_BREAK)
        elif (
            isinstance(child.tag, str)
            and child.tag not in noise.SKIPPED
            and not noise.is_stamp(child)
        ):
            _gather(child, strings)
        if tail := child.tail:
            strings.append(tail)


class _Walker:
    def __init__(self, container: html.HtmlElement, without: frozenset[html.HtmlElement]) -> None:
        self.body = Body()
        self.without = without
        self.whole = max(1, len(text_of(container)))
        self.after_image = False

    def walk(self, element: html.HtmlElement, kind: BlockKind) -> None:
        """Emit everything in the element; its own text flows around its block children."""
        run: list[html.HtmlElement | str] = [element.text or ""]
        for child in element:
            if not isinstance(child.tag, str):
                pass
            elif self._is_inline(child):
                run.append(child)
            else:
                self._flush(run, element, kind)
                run = []
                self._enter(child, kind)
            run.append(child.tail or "")
        self._flush(run, element, kind)

    def _is_inline(self, element: html.HtmlElement) -> bool:
        if element.tag in noise.SKIPPED or element in self.without:
            return False
        if element.tag not in INLINE and ":" not in element.tag:
            return False
        return all(self._is_inline(child) for child in element if isinstance(child.tag, str))

    def _enter(self, element: html.HtmlElement, kind: BlockKind) -> None:
        if element in self.without:
            return
        if noise.is_related(element) and self._is_minor(element):
            self._relate(element)
        elif noise.is_noise(element) and self._is_minor(element):
            if element.tag not in noise.SKIPPED and _AUTHOR.search(noise.marks(element)):
                self._sign(element)
        elif _AUTHOR.search(noise.marks(element)) and len(text_of(element)) < 120:
            self._sign(element)
        elif self._is_links(element):
            self._relate(element)
        elif element.tag == "table":
            self._table(element, kind)
        else:
            self.walk(element, self._kind(element, kind))

    def _kind(self, element: html.HtmlElement, outer: BlockKind) -> BlockKind:
        if outer is BlockKind.CAPTION or element.tag in ("figure", "figcaption"):
            return BlockKind.CAPTION
        if _CAPTION.search(noise.marks(element)):
            return BlockKind.CAPTION
        if element.tag in _HEADINGS:
            return BlockKind.SUBHEAD
        return BlockKind.ITEM if element.tag == "li" else outer

    def _is_minor(self, element: html.HtmlElement) -> bool:
        return len(text_of(element)) < self.whole * 0.5

    def _is_links(self, element: html.HtmlElement) -> bool:
        text = text_of(element)
        if lines.points_elsewhere(text) and len(text) < 300:
            return True
        if self._is_teaser(element):
            return True
        links = [a for a in element.iter("a") if len(text_of(a)) >= 20]
        return bool(links) and noise.link_share(element) > 0.8 and len(text) < 200 * len(links)

    @staticmethod
    def _is_teaser(element: html.HtmlElement) -> bool:
        """A box that opens with another article's headline, its summary after it."""
        first = next((child for child in element if isinstance(child.tag, str)), None)
        return (
            first is not None
            and element.tag not in ("p", "li")
            and first.tag == "a"
            and "title" in noise.marks(first)
            and len(text_of(first)) >= 20
        )

    def _relate(self, element: html.HtmlElement) -> None:
        self.body.related += headlines(element) or [text_of(element)]

    def _sign(self, element: html.HtmlElement) -> None:
        if text := text_of(element):
            self.body.signed.append(text)

    def _table(self, table: html.HtmlElement, kind: BlockKind) -> None:
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        if table.find(".//img") is not None and len(text_of(table)) < 600:
            self._note_images(table)
            self.walk(table, BlockKind.CAPTION)
            return
        if all(len(row) <= 1 for row in rows):
            for row in rows:
                self.walk(row, kind)
            return
        for row in rows:
            cells = [text_of(cell) for cell in row if isinstance(cell.tag, str)]
            if any(cells):
                self._emit(BlockKind.ROW, " | ".join(cells))

    def _note_images(self, element: html.HtmlElement) -> None:
        for image in element.iter("img"):
            self._note_image(image)

    def _note_image(self, image: html.HtmlElement) -> None:
        address = image.get("data-original") or image.get("data-src") or image.get("src")
        if address and not address.startswith("data:"):
            self.body.images.append(address)

    def _flush(
        self, run: list[html.HtmlElement | str], element: html.HtmlElement, kind: BlockKind
    ) -> None:
        for line in _parted(run):
            texts: list[str] = []
            has_image = False
            for part in line:
                if isinstance(part, str):
                    texts.append(part)
                    continue
                if part.tag == "img" or part.find(".//img") is not None:
                    has_image = True
                    self._note_images(part)
                _gather(part, texts)
            printed = list(filter(None, map(lines.squeezed, "".join(texts).split(_BREAK))))
            for one in printed:
                self._emit(self._line_kind(one, line, element, kind, has_image), one, line)
            self.after_image = has_image or (self.after_image and not printed)
            if printed and not has_image:
                self.after_image = False

    def _line_kind(
        self,
        line: str,
        run: list[html.HtmlElement | str],
        element: html.HtmlElement,
        kind: BlockKind,
        has_image: bool,
    ) -> BlockKind:
        if kind is not BlockKind.PARAGRAPH:
            return kind
        style = element.get("style", "") + f" text-align:{element.get('align')}"
        if has_image or (
            self.after_image
            and len(line) < 400
            and (_CENTRE.search(style) or _is_all(run, {"em", "i"}) or lines.credits_photo(line))
        ):
            return BlockKind.CAPTION
        is_right = bool(_RIGHT.search(style))
        if len(line) <= LONGEST_SUBHEAD and _is_all(run, _BOLD) and lines.can_head(line):
            return BlockKind.BYLINE if is_right else BlockKind.SUBHEAD
        return BlockKind.BYLINE if is_right and lines.is_byline(line) else kind

    def _emit(self, kind: BlockKind, line: str, run: Sequence[html.HtmlElement | str] = ()) -> None:
        if lines.is_chrome(line):
            return
        if lines.points_elsewhere(line):
            self.body.related.append(line)
            return
        if not self.body.blocks:
            self.body.opens_bold = bool(run) and _is_all(run, _BOLD)
        self.body.blocks.append(Block(kind=kind, text=line))


def _parted(run: list[html.HtmlElement | str]) -> list[list[html.HtmlElement | str]]:
    """A run of inline content, parted at the line breaks that stand directly in it."""
    parted: list[list[html.HtmlElement | str]] = [[]]
    for part in run:
        if not isinstance(part, str) and part.tag == "br":
            parted.append([])
        else:
            parted[-1].append(part)
    return parted


def headlines(element: html.HtmlElement) -> list[str]:
    """The headlines that a box of other articles links; names of sections are shorter."""
    return list(dict.fromkeys(_headlines(element)))


def has_headlines(element: html.HtmlElement) -> bool:
    """Whether the element links other articles."""
    return next(_headlines(element), None) is not None


def _headlines(element: html.HtmlElement) -> Iterator[str]:
    for link in element.iter("a"):
        text = text_of(next(link.iter("h2", "h3", "h4"), link))
        if lines.is_headline(text) and not (noise.in_menu(link) or noise.is_button(link)):
            yield text


def _is_all(run: Sequence[html.HtmlElement | str], tags: set[str]) -> bool:
    """Whether all text of a run stands inside such elements."""

    def outside(element: html.HtmlElement) -> bool:
        if element.tag in tags:
            return False
        return bool((element.text or "").strip()) or any(
            outside(child) or (child.tail or "").strip()
            for child in element
            if isinstance(child.tag, str)
        )

    if any(part.strip() for part in run if isinstance(part, str)):
        return False
    return not any(outside(part) for part in run if not isinstance(part, str))


def stands_right(element: html.HtmlElement) -> bool:
    """Whether the element's text is set at the right."""
    return element.get("align") == "right" or bool(_RIGHT.search(element.get("style", "")))


def calls_itself_caption(element: html.HtmlElement) -> bool:
    """Whether the element is, or stands in, what the markup calls a caption."""
    around = (element, *element.iterancestors())
    return any(e.tag == "figure" or _CAPTION.search(noise.marks(e)) for e in around)


def calls_itself_author(element: html.HtmlElement) -> bool:
    """Whether the markup says that the element holds the author's name."""
    return bool(_AUTHOR.search(noise.marks(element)))
