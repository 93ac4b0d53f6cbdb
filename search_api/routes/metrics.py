"""`/metrics` for Prometheus: how this server answers, and what waits in the archive."""

import time
from collections.abc import Awaitable, Callable, Iterator

from fastapi import APIRouter, FastAPI, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

from diembao.archive import articles, deliveries, jobs
from diembao.errors import IndexUnavailableError
from search_api.routes.context import Context

router = APIRouter(include_in_schema=False)


class Held(Collector):
    """What archive and index hold, read when it is asked for."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def collect(self) -> Iterator[Metric]:
        """Articles, jobs and deliveries by state; the index is left out while it does not answer."""
        with self.context.archive.read() as connection:
            archived = articles.counts(connection)
            waiting = jobs.counts(connection)
            sent = deliveries.counts(connection)
        yield GaugeMetricFamily(
            "diembao_articles", "Articles in the archive.", archived["articles"]
        )
        yield _by_label(
            "diembao_jobs_waiting",
            "Jobs that wait.",
            "kind",
            {k: n for k, (n, _) in waiting.items()},
        )
        yield _by_label(
            "diembao_jobs_failed",
            "Jobs set aside.",
            "kind",
            {k: n for k, (_, n) in waiting.items()},
        )
        yield _by_label("diembao_deliveries", "Deliveries of alerts.", "state", sent)
        try:
            indexed = self.context.index.count()
        except IndexUnavailableError:
            return
        yield GaugeMetricFamily("diembao_indexed_articles", "Articles in the index.", indexed)


def _by_label(name: str, said: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, said, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([value], count)
    return family


def install(app: FastAPI) -> None:
    """Count and time the requests of this application, by the route's path and the status."""
    registry = CollectorRegistry()
    registry.register(Held(app.state.context))
    requests = Counter(
        "diembao_http_requests", "Requests.", ["method", "route", "status"], registry=registry
    )
    seconds = Histogram(
        "diembao_http_seconds", "Seconds until an answer began.", ["route"], registry=registry
    )
    app.state.metrics = registry

    @app.middleware("http")
    async def counted(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        began = time.perf_counter()
        response = await call_next(request)
        route = getattr(request.scope.get("route"), "path", "other")
        seconds.labels(route).observe(time.perf_counter() - began)
        requests.labels(request.method, route, response.status_code).inc()
        return response


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """The figures in Prometheus's text form."""
    return Response(generate_latest(request.app.state.metrics), media_type=CONTENT_TYPE_LATEST)
