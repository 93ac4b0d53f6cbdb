"""The embedded engine: Tantivy in a folder, written by one process at a time, read by any number.

A reader sees every commit of any process at its next search. Every `put` and `delete` is committed
to the disk when it returns.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import tantivy

from diembao.errors import IndexUnavailableError
from search_api.index.answering import Answering
from search_api.index.generations import REINDEX, Generations
from search_api.index.results import result
from search_api.index.schema import build_schema, rows
from search_api.index.suggesting import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from search_api.index.base import SearchRequest, SearchResult, Suggestion, Taking
    from search_api.index.document import Document

HEAP = 50_000_000
"""Bytes that a writer gathers before it writes a segment."""

PATIENCE = 30.0
"""Seconds that a writer waits for another."""


class _Opened:
    """A generation that is read; its view is the same one until something is committed."""

    def __init__(self, folder: Path, index: tantivy.Index) -> None:
        self.folder = folder
        self.index = index
        self.state: tuple[int, ...] = ()
        self.view: Answering | None = None

    def newest(self, schema: tantivy.Schema) -> Answering:
        """The view of the newest commit."""
        meta = (self.folder / "meta.json").stat()
        state = (meta.st_mtime_ns, meta.st_size, meta.st_ino)
        if self.view is None or state != self.state:
            self.index.reload()
            self.view, self.state = Answering(schema, self.index.searcher()), state
        return self.view


class EmbeddedIndex:
    """Implements `search_api.index.base.SearchIndex`."""

    def __init__(self, folder: Path, *, writable: bool = False, patience: float = PATIENCE) -> None:
        self.generations = Generations(folder)
        self.writable = writable
        self.patience = patience
        self._schema = build_schema()
        self._opened: _Opened | None = None
        self._guard = threading.Lock()
        if self.generations.is_new():
            with self.generations.writing(patience):
                if self.generations.is_new():
                    generation = self.generations.begin()
                    tantivy.Index(self._schema, str(generation))
                    self.generations.switch(generation)
        self._view()

    def put(self, documents: Sequence[Document]) -> None:
        """Write documents durably; one with the same article id is replaced unless it is newer."""
        with self._writer() as (index, writer):
            replace(index, writer, self._schema, documents)

    def delete(self, article_ids: Sequence[int]) -> None:
        """Take articles out."""
        with self._writer() as (_, writer):
            for article_id in article_ids:
                writer.delete_documents_by_term("id", article_id)

    def clear(self) -> None:
        """Take everything out."""
        with self._writer() as (_, writer):
            writer.delete_all_documents()

    def count(self) -> int:
        """Number of articles in the index."""
        with _reading():
            return self._view().count()

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a request. Raises BadInputError with the place of the mistake."""
        with _reading():
            return result(self._view(), request)

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Names of entities of which a word begins so, most frequent first; accents are free."""
        with _reading():
            return suggest(self._view().searcher, prefix, limit)

    def _view(self) -> Answering:
        """A view of the newest commit of the generation in force."""
        with self._guard:
            while True:
                generation = self.generations.current()
                try:
                    return self._newest(generation)
                except (ValueError, OSError) as error:
                    # a rebuild may have put another in force since, and removed this one
                    if self.generations.current() == generation:
                        raise _unreadable(error) from error

    def _newest(self, generation: Path) -> Answering:
        if self._opened is None or self._opened.folder != generation:
            self._opened = _Opened(generation, open_generation(generation))
        return self._opened.newest(self._schema)

    @contextmanager
    def _writer(self) -> Iterator[tuple[tantivy.Index, tantivy.IndexWriter]]:
        if not self.writable:
            raise IndexUnavailableError("Chỉ mục này được mở chỉ để đọc (opened for reading only).")
        with self.generations.writing(self.patience):
            with _reading():
                index = open_generation(self.generations.current())
            with _committing(index) as writer:
                yield index, writer


@contextmanager
def rebuilding(folder: Path, patience: float = PATIENCE) -> Iterator[Taking]:
    """A function that takes the documents of a new index, which replaces the present one at the end.

    Searches go on in the present one meanwhile, other writers wait. Each article comes once.
    """
    generations, schema = Generations(folder), build_schema()
    with generations.writing(patience):
        generation = generations.begin()
        try:
            with _committing(tantivy.Index(schema, str(generation))) as writer:

                def take(documents: Sequence[Document], /) -> tuple[int, ...]:
                    _add(writer, documents)
                    return ()

                yield take
        except BaseException:
            generations.discard(generation)
            raise
        generations.switch(generation)


@contextmanager
def _committing(index: tantivy.Index) -> Iterator[tantivy.IndexWriter]:
    writer = index.writer(HEAP, num_threads=1)
    try:
        yield writer
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        writer.wait_merging_threads()


@contextmanager
def _reading() -> Iterator[None]:
    """Tantivy tells every fault by a ValueError."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> IndexUnavailableError:
    return IndexUnavailableError(f"Không đọc được chỉ mục ({error}); {REINDEX}.")


def open_generation(folder: Path) -> tantivy.Index:
    """An index that exists. Raises ValueError if it does not, or is damaged."""
    if not (folder / "meta.json").exists():
        raise ValueError(f"{folder} không có meta.json")
    index = tantivy.Index.open(str(folder))
    index.config_reader("manual")
    index.reload()
    return index


def replace(
    index: tantivy.Index,
    writer: tantivy.IndexWriter,
    schema: tantivy.Schema,
    documents: Sequence[Document],
) -> None:
    """Write documents over those of the same articles, but never an older version over a newer."""
    newest: dict[int, Document] = {}
    for document in documents:
        rival = newest.get(document.article_id)
        if rival is None or document.version >= rival.version:
            newest[document.article_id] = document
    present = Answering(schema, index.searcher()).versions(list(newest))
    kept = [d for d in newest.values() if d.version >= present.get(d.article_id, d.version)]
    for document in kept:
        writer.delete_documents_by_term("id", document.article_id)
    _add(writer, kept)


def _add(writer: tantivy.IndexWriter, documents: Sequence[Document]) -> None:
    for document in documents:
        for row in rows(document):
            writer.add_document(row)
