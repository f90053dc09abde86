"""Metrics, and the listener that serves them."""

import asyncio
import socket

import httpx
import pytest

from rookery.kit.bus import RunnerMetrics
from rookery.kit.metrics import REGISTRY, BusMetrics, RequestMetrics, metrics_listener


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def samples(metrics: RequestMetrics) -> dict[tuple[str, str], float]:
    (family,) = metrics.collect()
    return {(sample.name.rpartition("_")[2], sample.labels.get("le", "")): sample.value for sample in family.samples}


def test_durations_fall_into_cumulative_buckets() -> None:
    metrics = RequestMetrics()
    for duration_s in (0.0005, 0.001, 0.0011, 0.2, 99.0):
        metrics.observe("/v1/x", "GET", 200, duration_s)
    found = samples(metrics)
    assert found["bucket", "0.001"] == 2
    assert found["bucket", "0.0025"] == 3
    assert found["bucket", "0.25"] == 4
    assert found["bucket", "10.0"] == 4
    assert found["bucket", "+Inf"] == found["count", ""] == 5
    assert found["sum", ""] == pytest.approx(99.2026)


def test_methods_are_bounded() -> None:
    metrics = RequestMetrics()
    for number in range(10):
        metrics.observe("/v1/x", f"M{number}", 405, 0.1)
    (family,) = metrics.collect()
    assert {sample.labels["method"] for sample in family.samples} == {"other"}


def test_bus_metrics_are_what_a_runner_wants() -> None:
    metrics: RunnerMetrics = BusMetrics()
    metrics.lag("test-group", 7)
    metrics.processed("test-group", 3)
    metrics.failed("test-group", "poison")
    assert REGISTRY.get_sample_value("rookery_bus_lag_events", {"group": "test-group"}) == 7
    assert REGISTRY.get_sample_value("rookery_bus_processed_events_total", {"group": "test-group"}) == 3
    labels = {"group": "test-group", "kind": "poison"}
    assert REGISTRY.get_sample_value("rookery_bus_failures_total", labels) == 1


async def test_listener_serves_metrics_and_nothing_else() -> None:
    async with metrics_listener("127.0.0.1", free_port()) as port, httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain")
        assert "rookery_http_request_duration_seconds" in answer.text
        assert "process_cpu_seconds_total" in answer.text
        assert (await client.get(f"http://127.0.0.1:{port}/")).status_code == 404


async def test_listener_survives_nonsense() -> None:
    async with metrics_listener("127.0.0.1", free_port()) as port:
        for nonsense in (b"", b"\r\n\r\n", b"\xff" * 100 + b"\r\n\r\n", b"GET\r\n\r\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(nonsense)
            writer.write_eof()
            await reader.read()
            writer.close()
            await writer.wait_closed()
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"http://127.0.0.1:{port}/metrics")).status_code == 200


async def test_no_listener_without_a_port() -> None:
    async with metrics_listener("127.0.0.1", 0) as port:
        assert port == 0


async def test_a_taken_port_is_done_without() -> None:
    async with metrics_listener("127.0.0.1", free_port()) as port, metrics_listener("127.0.0.1", port) as second:
        assert second == 0
