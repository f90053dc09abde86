"""Which other origins may read answers and open streams."""

import pytest

from rookery.gateway.edge.headers import Origins
from rookery.kit.settings import Settings
from tests.gateway.stage import Stage, settings

FRIEND = "https://friend.example"
PREFLIGHT = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"}


async def test_allowed_origin_may_read() -> None:
    client = Stage(settings(cors_origins=[FRIEND])).client
    for path in ("/v1/whoami", "/v1/nowhere", "/v1/broken"):
        answer = await client.get(path, headers={"Origin": FRIEND})
        assert answer.headers["access-control-allow-origin"] == FRIEND
        assert "RateLimit" in answer.headers["access-control-expose-headers"]
        assert "X-Request-Id" in answer.headers["access-control-expose-headers"]
        assert "Origin" in answer.headers["vary"]
        assert "access-control-allow-credentials" not in answer.headers


async def test_refusals_of_the_edge_may_be_read_too() -> None:
    client = Stage(settings(cors_origins=[FRIEND], max_body_bytes=10)).client
    refused = await client.get("/v1/whoami", headers={"Origin": FRIEND, "Authorization": "Bearer forged"})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, FRIEND)
    refused = await client.post("/v1/notes", json={"text": "abc"}, headers={"Origin": FRIEND})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (413, FRIEND)


@pytest.mark.parametrize(
    "origin", ["https://foe.example", "http://friend.example", "https://friend.example.foe.example", "null"]
)
async def test_other_origins_may_not(origin: str) -> None:
    client = Stage(settings(cors_origins=[FRIEND])).client
    assert "access-control-allow-origin" not in (await client.get("/v1/whoami", headers={"Origin": origin})).headers
    preflight = await client.options("/v1/notes", headers={"Origin": origin, **PREFLIGHT})
    assert "access-control-allow-origin" not in preflight.headers
    assert "access-control-allow-methods" not in preflight.headers


async def test_preflight() -> None:
    stage = Stage(settings(cors_origins=[FRIEND]))
    answer = await stage.client.options("/v1/notes", headers={"Origin": FRIEND, **PREFLIGHT})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == FRIEND
    assert "PUT" in answer.headers["access-control-allow-methods"]
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    assert answer.headers["access-control-max-age"] == "7200"


async def test_every_origin_when_the_list_says_so() -> None:
    answer = await Stage(settings(cors_origins=["*"])).client.get("/v1/whoami", headers={"Origin": "https://a.example"})
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_no_list_no_headers() -> None:
    answer = await Stage(settings()).client.get("/v1/whoami", headers={"Origin": FRIEND})
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),
        ("https://rookery.example", True),
        ("http://localhost:8000", True),
        (FRIEND, True),
        ("https://foe.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_streams_are_opened_by_our_pages_and_by_programs(origin: str | None, allowed: bool) -> None:
    origins = Origins(Settings(public_url="https://rookery.example", cors_origins=[FRIEND]))
    headers = {b"host": b"localhost:8000"}
    if origin is not None:
        headers[b"origin"] = origin.encode()
    assert origins.may_connect(headers) is allowed
