"""Scrapy's settings out of ours: manners, bounds, and the stations that every request passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.fetching.middlewares import PRIVATE, PROXY

if TYPE_CHECKING:
    from diembao.settings import Settings

STATIONS = {
    "crawler.fetching.middlewares.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "crawler.fetching.middlewares.RetryMiddleware": 550,
    "crawler.fetching.unpacking.UnpackMiddleware": 590,
    "crawler.fetching.middlewares.RedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": 700,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
}
"""All that a request and its answer pass; whatever else Scrapy brings is neither loaded nor asked."""

LONGEST_PACE = 30.0
"""Seconds that a slow newspaper is left alone between two requests at most."""


def scrapy_settings(settings: Settings) -> dict[str, Any]:
    """The settings of one newspaper's crawl."""
    headers = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    headers |= {"Accept-Language": "vi,en;q=0.5"}
    if settings.contact and "@" in settings.contact:
        headers["From"] = settings.contact
    return {
        "USER_AGENT": settings.agent,
        "DEFAULT_REQUEST_HEADERS": headers,
        "CONCURRENT_ITEMS": 1,
        "CONCURRENT_REQUESTS": settings.crawl_per_newspaper,
        "CONCURRENT_REQUESTS_PER_DOMAIN": settings.crawl_per_newspaper,
        "DOWNLOAD_DELAY": settings.crawl_delay,
        "AUTOTHROTTLE_ENABLED": settings.crawl_delay > 0,
        "AUTOTHROTTLE_START_DELAY": settings.crawl_delay,
        "AUTOTHROTTLE_MAX_DELAY": max(LONGEST_PACE, settings.crawl_delay),
        "DOWNLOAD_TIMEOUT": settings.crawl_timeout,
        "DOWNLOAD_MAXSIZE": settings.page_limit,
        "DOWNLOAD_WARNSIZE": 0,
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "HTTPPROXY_ENABLED": bool(settings.proxy),
        "LOG_LEVEL": "WARNING",
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "EXTENSIONS_BASE": {},
        "EXTENSIONS": {"crawler.fetching.throttle.Throttle": 0},
        "SPIDER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": STATIONS,
        PRIVATE: settings.private_networks,
        PROXY: settings.proxy,
    }
