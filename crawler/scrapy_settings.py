"""Scrapy's settings out of ours: manners, bounds, and the stations that every request passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.fetching.middlewares import PRIVATE, PROXY

if TYPE_CHECKING:
    from diembao.settings import Settings

SPARED = (
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware",
    "scrapy.spidermiddlewares.referer.RefererMiddleware",
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware",
    "scrapy.spidermiddlewares.depth.DepthMiddleware",
)
"""Scrapy's stations that the spider has no use for, each of which every answer would pass."""

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
        "HTTPERROR_ALLOW_ALL": True,
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "COMPRESSION_ENABLED": False,  # see crawler.fetching.unpacking
        "ROBOTSTXT_OBEY": False,
        "RETRY_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "HTTPPROXY_ENABLED": bool(settings.proxy),
        "TELNETCONSOLE_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "LOG_LEVEL": "WARNING",
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "DOWNLOADER_STATS": False,
        "SPIDER_MIDDLEWARES": dict.fromkeys(SPARED),
        "EXTENSIONS": {
            "scrapy.extensions.corestats.CoreStats": None,
            "scrapy.extensions.memusage.MemoryUsage": None,
            "scrapy.extensions.throttle.AutoThrottle": None,
            "crawler.fetching.throttle.Throttle": 0,
        },
        PRIVATE: settings.private_networks,
        PROXY: settings.proxy,
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.fetching.middlewares.RobotsMiddleware": 100,
            "crawler.fetching.middlewares.RetryMiddleware": 550,
            "crawler.fetching.unpacking.UnpackMiddleware": 590,
            "crawler.fetching.middlewares.RedirectMiddleware": 600,
        },
    }
