"""The edge: request ids, client addresses, access tokens, headers, time and size limits."""

import pytest

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
