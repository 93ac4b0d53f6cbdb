"""Crawling: articles a second from one newspaper on loopback, politeness off, by whole crawlers.

The newspaper is a sample newspaper whose articles are served again and again under new addresses, by a
process of its own, announced by a sitemap. In one run, each in a process of its own:

- `limit`: a bare Scrapy spider that follows the sitemap and parses nothing, eight requests at once
- `ours, unread`: our crawl with the reading of pages switched off (robots, sitemap, archive are on)
- `ours`: our crawl whole, eight requests at once: pages read into articles and archived, extract jobs filed
- `news-please`, `fundus`: given the addresses (news-please) or the sitemap (Fundus); they keep nothing

Everything runs several times in turn, and medians are shown: on a machine that does other work, ratios
and the processor's time for one article (of all its processes, without their start) say more than articles a
second. Peers have dependencies of their own: name an interpreter that has them by PEERS (a path). What
it lacks is left out of the table, with the reason.

Run: python benchmarks/crawl.py [--articles 800] [--repeats 3] [--peers PEERS]
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SITE = "mau-kinhbac"

LIMIT = """
import json, os, sys, time
import scrapy
from scrapy.crawler import CrawlerProcess
origin, count = sys.argv[1], 0
class Bare(scrapy.spiders.SitemapSpider):
    name = "bare"
    sitemap_urls = [origin + "/sitemap.xml"]
    def parse(self, response):
        global count
        count += response.status == 200
process = CrawlerProcess({"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "ROBOTSTXT_OBEY": True})
start, used = time.perf_counter(), sum(os.times()[:4])
process.crawl(Bare)
process.start()
print(json.dumps([count, time.perf_counter() - start, sum(os.times()[:4]) - used]))
"""

OURS = """
import json, os, sys, tempfile, time
from pathlib import Path
from crawler import spider
from crawler.declarations import Declaration
from crawler.run import crawl_once
from diembao import settings
from diembao.archive.migration import open_archive
from diembao.article import Article, Block, BlockKind
origin, is_read = sys.argv[1], sys.argv[2] == "read"
def unread(page, declaration, now):
    title = Block(kind=BlockKind.TITLE, text=page.url)
    return Article(url=page.url, canonical_url=page.url, source=declaration.name, blocks=(title,), fetched_at=now)
if not is_read:
    spider.reading.read_page = unread
host = origin.removeprefix("http://")
declared = Declaration(name="mau", title="Báo mẫu", domain=host, sitemaps=(origin + "/sitemap.xml",), article_urls=(r"-post\\d+\\.html$",))
with tempfile.TemporaryDirectory() as home:
    chosen = settings.load(home=Path(home), crawl_delay=0, private_networks=True, crawl_per_newspaper=8)
    archive = open_archive(chosen.archive_url)
    start, used = time.perf_counter(), sum(os.times()[:4])
    report = crawl_once(archive, {"mau": declared}, chosen)
    print(json.dumps([report.new, time.perf_counter() - start, sum(os.times()[:4]) - used]))
"""

NEWS_PLEASE = """
import json, os, re, sys, time, urllib.request
from newsplease import NewsPlease
origin = sys.argv[1]
start, used = time.perf_counter(), sum(os.times()[:4])
sitemap = urllib.request.urlopen(origin + "/sitemap.xml").read().decode()
found = NewsPlease.from_urls(re.findall("<loc>(.*?)</loc>", sitemap), request_args={"timeout": 30}, fetch_images=False)
print(json.dumps([sum(bool(one) for one in found.values()), time.perf_counter() - start, sum(os.times()[:4]) - used]))
"""

FUNDUS = """
import json, os, re, sys, time
from datetime import datetime
from typing import List, Optional
from lxml.etree import XPath
from fundus import Crawler, Sitemap
from fundus.publishers.base_objects import Publisher, PublisherGroup
from fundus.parser import ArticleBody, BaseParser, ParserProxy, attribute
from fundus.parser.utility import extract_article_body_with_selector, generic_author_parsing, generic_date_parsing
origin, wanted = sys.argv[1], int(sys.argv[2])
class Parser(ParserProxy):
    class V1(BaseParser):
        @attribute
        def title(self) -> Optional[str]:
            return self.precomputed.meta.get("og:title") or self.precomputed.ld.bf_search("headline")
        @attribute
        def body(self) -> Optional[ArticleBody]:
            return extract_article_body_with_selector(self.precomputed.doc, paragraph_selector=XPath("//div[contains(@class, 'article__body')]//p"))
        @attribute
        def authors(self) -> List[str]:
            return generic_author_parsing(self.precomputed.ld.bf_search("author"))
        @attribute
        def publishing_date(self) -> Optional[datetime]:
            return generic_date_parsing(self.precomputed.ld.bf_search("datePublished"))
class Vn(metaclass=PublisherGroup):
    default_language = "vi"
    Mau = Publisher(name="Mau", domain=origin, parser=Parser, sources=[Sitemap(origin + "/sitemap.xml")])
start, used = time.perf_counter(), sum(os.times()[:4])
count = sum(1 for _ in Crawler(Vn, delay=0.0).crawl(max_articles=wanted, only_complete=False, timeout=600))
print(json.dumps([count, time.perf_counter() - start, sum(os.times()[:4]) - used]))
"""


def serve(articles: int) -> None:
    """Serve the newspaper until standard input closes; print its origin."""
    sys.path.insert(0, str(ROOT / "tests" / "press"))
    from press_articles import load
    from press_site import Site

    site = Site(SITE, load(), "http://127.0.0.1:1")
    bodies: dict[str, bytes] = {}
    for number in range(articles):
        printed = site.articles[number % len(site.articles)]
        page = site.page(printed.path)
        assert page
        path = printed.path.replace(str(printed.number), f"{200_000 + number}")
        bodies[path] = page.body.replace(printed.path.encode(), path.encode())

    class Serve(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = bodies.get(self.path, b"")
            kind = "text/xml" if self.path.endswith(".xml") else "text/html; charset=utf-8"
            status = "200 OK" if body else "404 Not Found"
            # Head and body in one piece: sent apart, the second waits for the first's acknowledgement.
            head = (
                f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            self.wfile.write(head.encode() + body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Serve)
    server.daemon_threads = True
    origin = f"http://127.0.0.1:{server.server_port}"
    own = {
        path: body.replace(b"http://127.0.0.1:1", origin.encode()) for path, body in bodies.items()
    }
    listed = "".join(f"<url><loc>{origin}{path}</loc></url>" for path in own)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    bodies |= own
    bodies["/sitemap.xml"] = f'<urlset xmlns="{space}">{listed}</urlset>'.encode()
    print(origin, flush=True)
    import threading

    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


class Run(NamedTuple):
    """Articles, seconds, and seconds of a core of one crawl."""

    articles: int
    seconds: float
    spent: float


def measure(interpreter: str, program: str, *arguments: str) -> Run | str:
    """One crawl by a crawler, or why it did not run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crawl_it.py"
        path.write_text(program, "utf-8")
        done = subprocess.run(
            [interpreter, str(path), *arguments],
            capture_output=True, text=True, timeout=900, cwd=folder, check=False,
            env={"PYTHONPATH": str(ROOT)} if interpreter == sys.executable else {},
        )  # fmt: skip
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    articles, seconds, spent = json.loads(done.stdout.strip().splitlines()[-1])
    return Run(int(articles), float(seconds), float(spent))


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=800)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--peers", default=sys.executable)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.serve:
        serve(chosen.articles)
        return
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve", "--articles", str(chosen.articles)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdin
    assert server.stdout
    origin = server.stdout.readline().strip()
    count = str(chosen.articles)
    runs = {
        "limit": (sys.executable, LIMIT, origin),
        "ours, unread": (sys.executable, OURS, origin, "unread"),
        "ours": (sys.executable, OURS, origin, "read"),
        "news-please": (chosen.peers, NEWS_PLEASE, origin),
        "fundus": (chosen.peers, FUNDUS, origin, count),
    }
    print(
        f"{time.strftime('%Y-%m-%d')}, {platform.platform()}, {count} articles, medians of {chosen.repeats}"
    )
    found: dict[str, list[Run]] = {name: [] for name in runs}
    for _ in range(chosen.repeats):
        for name, (interpreter, program, *arguments) in list(runs.items()):
            result = measure(interpreter, program, *arguments)
            if isinstance(result, Run):
                found[name].append(result)
            else:
                print(f"{name:14} left out: {result}")
                del runs[name]
    server.stdin.close()
    server.wait(10)
    for name in runs:
        done = [run.articles for run in found[name]]
        complete = "" if set(done) == {chosen.articles} else f"  (only {done} articles)"
        each = 1000 * median(run.spent / max(run.articles, 1) for run in found[name])
        rate = median(run.articles / run.seconds for run in found[name])
        print(f"{name:14} {rate:8.1f} articles/s {each:8.1f} ms of a core each{complete}")

    def ratio(one: str, other: str) -> float:
        """How many times faster, by the median of what the two did one after the other."""
        pairs = zip(found[one], found[other], strict=True)
        return median((a.articles / a.seconds) / (max(b.articles, 1) / b.seconds) for a, b in pairs)

    peers = [ratio("ours", name) for name in ("news-please", "fundus") if name in runs]
    if peers:
        print(f"ours / best peer      {min(peers):6.2f}")
    print(f"ours, unread / limit  {ratio('ours, unread', 'limit'):6.2f}")


if __name__ == "__main__":
    main()
