"""The edge: request ids, client addresses, access tokens, headers, time and size limits."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from rookery.kit.metrics import REGISTRY
from tests.gateway.stage import Stage, settings


async def test_request_id_is_made_and_returned() -> None:
    stage = Stage(settings())
    first, second = await stage.client.get("/v1/whoami"), await stage.client.get("/v1/whoami")
    assert first.headers["x-request-id"] == first.json()["request_id"]
    assert len(first.headers["x-request-id"]) >= 16
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


async def test_sane_request_id_is_kept() -> None:
    answer = await Stage(settings()).client.get("/v1/whoami", headers={"X-Request-Id": "client-4711"})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "client-4711"


@pytest.mark.parametrize("given", ["", "with space", "a" * 129, 'quote"', "umläut"])
async def test_other_request_ids_are_replaced(given: str) -> None:
    answer = await Stage(settings()).client.get("/v1/whoami", headers=[(b"X-Request-Id", given.encode("latin-1"))])
    assert answer.headers["x-request-id"] != given


@pytest.mark.parametrize("user_id", [7, 8])
async def test_token_signs_in(user_id: int) -> None:
    answer = await Stage(settings()).client.get("/v1/whoami", headers={"Authorization": f"Bearer user-{user_id}"})
    assert answer.json()["id"] == user_id


async def test_no_token_is_signed_out() -> None:
    assert (await Stage(settings()).client.get("/v1/whoami")).json()["id"] == 0


@pytest.mark.parametrize("value", ["Bearer forged", "Bearer", "Bearer ", "Basic YTpi", "", "user-7"])
async def test_invalid_token_is_refused_even_where_none_is_needed(value: str) -> None:
    stage = Stage(settings())
    answer = await stage.client.get("/v1/whoami", headers={"Authorization": value})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["code"] == "unauthenticated"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert stage.calls.count == 0


async def test_client_address_is_the_peer_whatever_it_claims() -> None:
    answer = await Stage(settings()).client.get("/v1/whoami", headers={"X-Forwarded-For": "198.51.100.7"})
    assert answer.json()["ip"] == "192.0.2.1"


async def test_client_address_through_trusted_proxies() -> None:
    stage = Stage(settings(trusted_proxies=["192.0.2.0/24"]))
    forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7, 192.0.2.8"}
    assert (await stage.client.get("/v1/whoami", headers=forged)).json()["ip"] == "198.51.100.7"


async def test_every_answer_carries_the_security_headers() -> None:
    client = Stage(settings()).client
    for answer in (
        await client.get("/v1/whoami"),
        await client.get("/v1/whoami", headers={"Authorization": "Bearer forged"}),
        await client.get("/v1/nowhere"),
        await client.get("/v1/broken"),
        await client.put("/v1/whoami"),
    ):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; frame-ancestors 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "camera=()" in answer.headers["permissions-policy"]
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["x-request-id"]
        assert "strict-transport-security" not in answer.headers


async def test_hsts_when_tls_is_in_front() -> None:
    answer = await Stage(settings(hsts=True)).client.get("/v1/whoami")
    assert answer.headers["strict-transport-security"].startswith("max-age=63072000")


async def test_answers_are_kept_by_the_client_alone() -> None:
    client = Stage(settings()).client
    assert (await client.get("/v1/whoami")).headers["cache-control"] == "private, no-cache"
    assert (await client.get("/v1/tagged")).headers["cache-control"] == "max-age=5"
    assert (await client.post("/v1/notes", json={"text": "a"})).headers["cache-control"] == "no-store"
    assert (await client.get("/v1/nowhere")).headers["cache-control"] == "no-store"


async def test_unexpected_failure_tells_nothing() -> None:
    answer = await Stage(settings()).client.get("/v1/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "internal_error"
    assert "secret" not in answer.text


async def test_slow_request_is_ended() -> None:
    answer = await Stage(settings(request_timeout_s=0.05)).client.get("/v1/slow")
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"
    assert answer.headers["retry-after"] == "1"


async def test_deadline_leaves_the_task_as_it_was() -> None:
    """What comes after a request that was ended is not cancelled too."""
    stage = Stage(settings(request_timeout_s=0.05))
    for _ in range(3):
        assert (await stage.client.get("/v1/slow")).status_code == 503
    assert (await stage.client.get("/v1/whoami")).status_code == 200
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_cancellation_from_outside_is_not_taken_for_a_deadline() -> None:
    stage = Stage(settings())
    request = asyncio.create_task(stage.client.get("/v1/slow"))
    async with asyncio.timeout(10):
        while stage.calls.count == 0:
            await asyncio.sleep(0)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request


async def test_declared_body_too_large() -> None:
    stage = Stage(settings(max_body_bytes=100))
    answer = await stage.client.post("/v1/notes", json={"text": "a" * 200})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert stage.calls.count == 0


async def test_streamed_body_too_large() -> None:
    stage = Stage(settings(max_body_bytes=100))

    async def body() -> AsyncIterator[bytes]:
        yield b'{"text": "'
        for _ in range(20):
            yield b"a" * 10
        yield b'"}'

    answer = await stage.client.post("/v1/notes", content=body(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert stage.calls.count == 0


async def test_body_of_the_allowed_size() -> None:
    stage = Stage(settings(max_body_bytes=100))
    body = json.dumps({"text": "a" * 88}).encode()
    assert len(body) == 100
    answer = await stage.client.post("/v1/notes", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 201


async def test_headers_too_large() -> None:
    client = Stage(settings()).client
    assert (await client.get("/v1/whoami", headers={"X-Large": "a" * 17000})).status_code == 431
    assert (await client.get("/v1/whoami", headers={f"X-{n}": "a" for n in range(101)})).status_code == 431


async def test_address_too_long() -> None:
    answer = await Stage(settings()).client.get("/v1/whoami", params={"q": "a" * 9000})
    assert (answer.status_code, answer.json()["code"]) == (414, "address_too_long")


async def test_large_answers_are_compressed_when_accepted() -> None:
    client = Stage(settings()).client
    plain = await client.get("/v1/large", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "Accept-Encoding"
    for accepted, coding in (("gzip, deflate, br", "gzip"), ("br", "br"), ("gzip;q=0, br;q=0.5", "br")):
        answer = await client.get("/v1/large", headers={"Accept-Encoding": accepted})
        assert answer.headers["content-encoding"] == coding
        assert int(answer.headers["content-length"]) < len(plain.content) / 4
        assert answer.json() == plain.json()


async def test_very_large_answers_are_compressed_on_a_thread() -> None:
    answer = await Stage(settings()).client.get("/v1/large", params={"count": 20_000})
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.json()["data"]) == 20_000


async def test_small_answers_and_answers_to_posts_are_not_compressed() -> None:
    client = Stage(settings()).client
    assert "content-encoding" not in (await client.get("/v1/whoami")).headers
    answer = await client.post("/v1/notes", json={"text": "a" * 5000})
    assert answer.status_code == 201
    assert "content-encoding" not in answer.headers


async def test_requests_are_counted_by_route() -> None:
    stage = Stage(settings())
    labels = {"route": "/v1/notes/{note_id}", "method": "DELETE", "status": "204"}
    name = "rookery_http_request_duration_seconds_count"
    before = REGISTRY.get_sample_value(name, labels) or 0
    for note_id in range(3):
        await stage.client.delete(f"/v1/notes/{note_id}")
    assert REGISTRY.get_sample_value(name, labels) == before + 3


async def test_nul_in_the_address() -> None:
    client = Stage(settings()).client
    assert (await client.get("/v1/users/by-username/a%00b")).status_code == 404
    answer = await client.get("/v1/large?count=1&q=a%00b")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "q"
    assert (await client.get("/v1/large?count=1&q=a%2500b")).status_code == 200


async def test_head_is_get_without_the_body() -> None:
    client = Stage(settings()).client
    got, asked = (
        await client.get("/v1/tagged", headers={"Accept-Encoding": "identity"}),
        await client.head("/v1/tagged"),
    )
    assert (asked.status_code, asked.content) == (200, b"")
    for name in ("etag", "content-type", "content-length", "cache-control"):
        assert asked.headers[name] == got.headers[name]
    refused = await client.head("/v1/whoami", headers={"Authorization": "Bearer forged"})
    assert (refused.status_code, refused.content) == (401, b"")
    assert (await client.head("/v1/nowhere")).status_code == 404


async def test_failures_are_logged_and_other_requests_by_share() -> None:
    with capture_logs() as quiet:
        client = Stage(settings()).client
        await client.get("/v1/whoami")
        await client.get("/v1/broken")
    assert [(line["status"], line["log_level"]) for line in quiet if line["event"] == "http.request"] == [
        (500, "warning")
    ]
    with capture_logs() as talkative:
        client = Stage(settings(access_log=1.0)).client
        await client.get("/v1/whoami?q=private", headers={"Authorization": "Bearer user-7"})
    (line,) = [line for line in talkative if line["event"] == "http.request"]
    assert (line["route"], line["method"], line["status"], line["user_id"]) == ("/v1/whoami", "GET", 200, 7)
    assert line["client_ip"] == "192.0.2.1"
    assert "private" not in str(line)
