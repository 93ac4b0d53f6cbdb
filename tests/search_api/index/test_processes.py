"""Several processes at one index: readers see each commit, writers take turns, a killed one harms nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from search_api.index.base import SearchRequest
from search_api.index.document import build
from search_api.index.embedded import EmbeddedIndex, rebuilding

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Writer

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from diembao.archived import ArchivedArticle
from diembao.article import Article, Block
from diembao.source import Source
from search_api.index.document import build
from search_api.index.embedded import EmbeddedIndex

folder, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
now = datetime(2024, 12, 11, tzinfo=UTC)
index = EmbeddedIndex(Path(folder), writable=True)
for number in range(first, first + count):
    url = f"https://example/{number}"
    article = Article(url=url, canonical_url=url, source="a", fetched_at=now,
                      blocks=[Block(kind="paragraph", text=f"dân vận số {number}")])
    source = Source(name="a", title="A", domain="example")
    index.put([build(ArchivedArticle(number, 1, article, source, None, {}, None, (), now))])
    print(number, flush=True)
"""


def start_writer(folder: Path, first: int, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), str(first), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_reader_sees_each_commit_of_another_process(tmp_path: Path) -> None:
    reading = EmbeddedIndex(tmp_path / "index")
    with start_writer(tmp_path / "index", 1, 15) as writer:
        assert writer.stdout
        for line in writer.stdout:
            result = reading.search(SearchRequest(f'"số {line.strip()}"'))
            assert [hit.article_id for hit in result.hits] == [int(line)]
            assert reading.count() >= int(line)
    assert writer.returncode == 0
    assert reading.count() == 15


def test_writers_take_turns_and_lose_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with start_writer(folder, 1, 10) as one, start_writer(folder, 101, 10) as two:
        one.communicate()
        two.communicate()
    assert (one.returncode, two.returncode) == (0, 0)
    found = EmbeddedIndex(folder).search(SearchRequest("vận", limit=100, fold_stories=False)).hits
    assert {hit.article_id for hit in found} == {*range(1, 11), *range(101, 111)}


def test_a_killed_writer_leaves_its_commits_and_no_lock(tmp_path: Path, write: Writer) -> None:
    folder = tmp_path / "index"
    with start_writer(folder, 1, 10_000) as writer:
        assert writer.stdout
        committed = [int(writer.stdout.readline()) for _ in range(3)][-1]
        writer.kill()
        committed = max([committed, *map(int, writer.stdout.read().split())])
    index = EmbeddedIndex(folder, writable=True, patience=5)
    assert index.count() in (committed, committed + 1)
    index.put([build(write(99_999, "sau"))])
    assert index.search(SearchRequest("sau")).total == 1


def test_threads_share_one_index(tmp_path: Path, write: Writer) -> None:
    index = EmbeddedIndex(tmp_path / "index", writable=True)
    index.put([build(write(n, "dân vận")) for n in range(1, 30)])
    totals: list[int] = []

    def search() -> None:
        for _ in range(20):
            request = SearchRequest("dân", facets=("source",), timeline="day")
            totals.append(index.search(request).total)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(30, 35):
        index.put([build(write(number, "dân vận"))])
    for thread in threads:
        thread.join()
    assert len(totals) == 80
    assert set(totals) <= set(range(29, 35))


def test_readers_go_on_while_the_index_is_rebuilt_again_and_again(
    tmp_path: Path, write: Writer
) -> None:
    folder = tmp_path / "index"
    documents = [build(write(n, "dân vận")) for n in range(1, 6)]
    EmbeddedIndex(folder, writable=True).put(documents)
    ended = threading.Event()
    totals: set[int] = set()

    def read() -> None:
        index = EmbeddedIndex(folder)
        while not ended.is_set():
            totals.add(index.search(SearchRequest("dân", facets=("source",))).total)

    with ThreadPoolExecutor(3) as readers:
        reading = [readers.submit(read) for _ in range(3)]
        for _ in range(15):
            with rebuilding(folder) as take:
                take(documents)
        ended.set()
        for one in reading:
            one.result()
    assert totals == {5}
