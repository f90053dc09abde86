"""Metrics in Prometheus' format, served by a listener of their own that is not for the public.

Names follow its conventions: base units, `_total` for counters. Labels are bounded: templates of routes, never paths.
"""

import asyncio
import contextlib
from bisect import bisect_left
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

DURATION_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUEST_TIMEOUT_S = 5.0

REGISTRY = CollectorRegistry(auto_describe=False)
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

log = structlog.get_logger(__name__)


class RequestMetrics(Collector):
    """A histogram of durations by route, method and status; its `_count` is the number of requests.

    Keeps plain lists and turns them into metrics when asked: prometheus_client's own histogram takes a lock and two
    look-ups for each observation, ten times the cost.
    """

    def __init__(self) -> None:
        self._series: dict[tuple[str, str, int], list[float]] = {}

    def observe(self, route: str, method: str, status: int, duration_s: float) -> None:
        key = (route, method if method in METHODS else "other", status)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = [0.0] * (len(DURATION_BUCKETS_S) + 2)
        series[bisect_left(DURATION_BUCKETS_S, duration_s)] += 1
        series[-1] += duration_s

    def collect(self) -> Iterator[Metric]:
        family = HistogramMetricFamily(
            "rookery_http_request_duration_seconds", "Duration of HTTP requests.", labels=["route", "method", "status"]
        )
        for (route, method, status), series in list(self._series.items()):
            *counts, total_s = series
            cumulative, buckets = 0.0, []
            for bound, count in zip([*map(str, DURATION_BUCKETS_S), "+Inf"], counts, strict=True):
                cumulative += count
                buckets.append((bound, cumulative))
            family.add_metric([route, method, str(status)], buckets, total_s)
        yield family


REQUESTS = RequestMetrics()
REGISTRY.register(REQUESTS)

BUS_LAG = Gauge("rookery_bus_lag_events", "Events not handled yet.", ["group"], registry=REGISTRY)
BUS_PROCESSED = Counter("rookery_bus_processed_events", "Events handled.", ["group"], registry=REGISTRY)
BUS_FAILED = Counter("rookery_bus_failures", "Failed attempts at a batch.", ["group", "kind"], registry=REGISTRY)


class BusMetrics:
    """What `rookery.kit.bus.Runner` counts, as metrics."""

    def processed(self, group: str, count: int) -> None:
        BUS_PROCESSED.labels(group).inc(count)

    def failed(self, group: str, kind: str) -> None:
        BUS_FAILED.labels(group, kind).inc()

    def lag(self, group: str, count: int) -> None:
        BUS_LAG.labels(group).set(count)


@asynccontextmanager
async def metrics_listener(host: str, port: int) -> AsyncIterator[int]:
    """Serve `/metrics` while inside; yields the port. Port 0: no listener.

    A port that is taken is logged and done without: metrics must not keep a process from serving.
    """
    if port == 0:
        yield 0
        return
    try:
        server = await asyncio.start_server(_serve, host, port)
    except OSError as error:
        log.warning("metrics.no_listener", host=host, port=port, error=str(error))
        yield 0
        return
    try:
        yield port
    finally:
        server.close()
        await server.wait_closed()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request per connection: enough for a scraper, and nothing to get wrong."""
    with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        async with asyncio.timeout(REQUEST_TIMEOUT_S):
            head = await reader.readuntil(b"\r\n\r\n")
            target = head.split(b" ", 2)[1:2]
            found = target == [b"/metrics"]
            body = generate_latest(REGISTRY) if found else b"see /metrics\n"
            writer.write(
                f"HTTP/1.1 {'200 OK' if found else '404 Not Found'}\r\n"
                f"Content-Type: {CONTENT_TYPE_LATEST if found else 'text/plain'}\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
                + body
            )
            await writer.drain()
    writer.close()
