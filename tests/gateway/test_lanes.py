"""Requests that skip the router count under their route, whatever becomes of them."""

import pytest

from rookery.kit.metrics import REQUESTS
from tests.people import Person


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "/v1/timelines/home", None, 200),
        ("HEAD", "/v1/timelines/home", None, 200),
        ("POST", "/v1/posts", b'{"content":"counted"}', 201),
        ("POST", "/v1/posts", b'{"content":" "}', 400),
        ("POST", "/v1/posts", b'{"content":"x","reply_to_id":"1"}', 400),
    ],
)
async def test_every_outcome_counts_under_its_route(
    ana: Person, monkeypatch: pytest.MonkeyPatch, method: str, path: str, content: bytes | None, status: int
) -> None:
    seen: list[tuple[str, int]] = []
    monkeypatch.setattr(REQUESTS, "observe", lambda route, _method, answer, _s: seen.append((route, answer)))
    headers = {} if content is None else {"Content-Type": "application/json"}
    answer = await ana.request(method, path, content=content, headers=headers)
    assert answer.status_code == status
    assert seen == [(path, status)]
    assert answer.content if method != "HEAD" else not answer.content
