"""Bodies: strictly typed, and every refusal names its field."""

import json
from typing import Annotated, Any

import httpx
import pytest
from litestar import Litestar, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET, Meta, Struct, UnsetType

from rookery.kit.bodies import ApiRequest
from rookery.kit.patterns import whole
from rookery.kit.rendering import EXCEPTION_HANDLERS
from rookery.kit.validation import ERRORS_MAX

JSON = {"Content-Type": "application/json"}


LETTERS = whole("[a-z]*", "lower-case letters")


class Item(Struct, forbid_unknown_fields=True):
    x: Annotated[str, Meta(min_length=1, max_length=3, pattern=LETTERS)]


class Order(Struct, forbid_unknown_fields=True):
    items: Annotated[list[Item], Meta(max_length=5)]
    extra: Item | None = None
    count: Annotated[int, Meta(ge=1, le=9)] = 1
    urgent: bool = False
    note: str | UnsetType | None = UNSET


@post("/orders")
async def create(data: JSONBody[Order]) -> Order:
    return data


@post("/optional")
async def optional(data: JSONBody[Order | None] = None) -> dict[str, bool]:
    return {"given": data is not None}


@post("/free")
async def free(data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    return data


@get("/list")
async def listing(
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, QueryParameter(max_length=5)] = None,
) -> int:
    return limit


@get("/required")
async def required(q: Annotated[str, QueryParameter()]) -> str:
    return q


@get("/things/{thing_id:int}")
async def thing(thing_id: FromPath[int]) -> int:
    return thing_id


@pytest.fixture
def client() -> httpx.AsyncClient:
    app: Any = Litestar(
        [create, optional, free, listing, required, thing],
        request_class=ApiRequest,
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        logging_config=None,
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://rookery.test")


async def refusal(client: httpx.AsyncClient, path: str, content: bytes) -> tuple[str, str]:
    """Field and code of the one error in a 400."""
    answer = await client.post(path, content=content, headers=JSON)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "invalid"
    (error,) = answer.json()["errors"]
    assert error["message"] in answer.json()["detail"]
    return error["field"], error["code"]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"items": [{"x": "abcd"}]}, "items[0].x", "too_long"),
        ({"items": [{"x": "a"}, {"x": ""}]}, "items[1].x", "too_short"),
        ({"items": [{"x": "A"}]}, "items[0].x", "malformed"),
        ({"items": [{"x": None}]}, "items[0].x", "wrong_type"),
        ({"items": [{}]}, "items[0].x", "required"),
        ({"items": [{"x": "a", "y": 1}]}, "items[0].y", "unknown_field"),
        ({"items": [{"x": "a"}] * 6}, "items", "too_long"),
        ({"items": {}}, "items", "wrong_type"),
        ({}, "items", "required"),
        ({"items": [], "z": 1}, "z", "unknown_field"),
        ({"items": [], "count": 10}, "count", "out_of_range"),
        ({"items": [], "count": 0}, "count", "out_of_range"),
        ({"items": [], "count": "1"}, "count", "wrong_type"),
        ({"items": [], "count": 1.5}, "count", "wrong_type"),
        ({"items": [], "count": 10**30}, "count", "out_of_range"),
        ({"items": [], "urgent": "true"}, "urgent", "wrong_type"),
        ({"items": [], "urgent": 1}, "urgent", "wrong_type"),
        ({"items": [], "note": 1}, "note", "wrong_type"),
        ({"items": [], "extra": {"x": "a", "y": 1}}, "extra.y", "unknown_field"),
        ({"items": [], "extra": {}}, "extra.x", "required"),
        ({"items": [], "extra": {"x": "A"}}, "extra.x", "malformed"),
        ({"items": [], "extra": 1}, "extra", "wrong_type"),
        ({"items": [], "note": "a\0b"}, "note", "malformed"),
        ([], "body", "wrong_type"),
        (None, "body", "wrong_type"),
        ("text", "body", "wrong_type"),
    ],
)
async def test_wrong_field_is_named(client: httpx.AsyncClient, body: Any, field: str, code: str) -> None:
    assert await refusal(client, "/orders", json.dumps(body).encode()) == (field, code)


async def errors_of(client: httpx.AsyncClient, body: Any) -> list[dict[str, str]]:
    answer = await client.post("/orders", json=body)
    assert answer.status_code == 400, answer.text
    errors: list[dict[str, str]] = answer.json()["errors"]
    return errors


async def test_every_wrong_member_is_named_once(client: httpx.AsyncClient) -> None:
    """What `items` has wrong inside is told one by one: the first."""
    body = {"items": [{"x": "AB"}, {"x": 1}], "count": 0, "urgent": None, "note": "fine", "z": 1}
    assert [(error["field"], error["code"]) for error in await errors_of(client, body)] == [
        ("items[0].x", "malformed"),
        ("count", "out_of_range"),
        ("urgent", "wrong_type"),
        ("z", "unknown_field"),
    ]


async def test_what_is_missing_stands_beside_what_is_wrong(client: httpx.AsyncClient) -> None:
    assert [(error["field"], error["code"]) for error in await errors_of(client, {"count": "1"})] == [
        ("items", "required"),
        ("count", "wrong_type"),
    ]


async def test_a_form_is_told_in_words(client: httpx.AsyncClient) -> None:
    (error,) = await errors_of(client, {"items": [{"x": "A"}]})
    assert error["message"] == "must be lower-case letters"


async def test_an_unknown_member_hears_of_the_known_ones(client: httpx.AsyncClient) -> None:
    (error,) = await errors_of(client, {"items": [], "text": "hello"})
    assert error["message"] == "is not a field that is known here; there are items, extra, count, urgent, note"


async def test_errors_are_bounded(client: httpx.AsyncClient) -> None:
    assert len(await errors_of(client, {f"z{number}": 1 for number in range(10_000)})) == ERRORS_MAX


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "malformed"),
        (b"{}{}", "required"),
        (b'{"items": []} trailing', "malformed"),
        (b"nothing", "malformed"),
        (b'{"items": [], "note": "\xff"}', "malformed"),
        (b'{"items": [], "note": "\\ud800"}', "malformed"),
        (b'{"items": [], "note": "\\udc00x"}', "malformed"),
        (b'{"items": [], "note": "raw\x00nul"}', "malformed"),
        (b"\xef\xbb\xbf{}", "malformed"),
    ],
)
async def test_what_is_not_json(client: httpx.AsyncClient, content: bytes, code: str) -> None:
    assert (await refusal(client, "/orders", content))[1] == code


async def test_deep_json_is_refused(client: httpx.AsyncClient) -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    assert await refusal(client, "/free", b'{"a": ' + deep + b"}") == ("body", "too_deep")
    assert (await refusal(client, "/orders", deep))[0] == "body"
    assert (await refusal(client, "/orders", b'{"z": ' + deep + b"}"))[0] == "z"


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b'{"items": [], "items": []}', "items"),
        (b'{"items": [], "note": null, "count": 1, "no\\u0074e": "x"}', "note"),
        (b'{"items": [{"x": "a"}, {"x": "b", "x": "c"}]}', "x"),
    ],
)
async def test_a_name_given_twice_is_refused(client: httpx.AsyncClient, content: bytes, field: str) -> None:
    assert await refusal(client, "/orders", content) == (field, "duplicate")


async def test_long_numbers_cost_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.post("/free", content=b'{"n": 1e308, "m": ' + b"9" * 4000 + b"}", headers=JSON)
    assert answer.status_code == 201


async def test_nul_is_found_wherever_it_is(client: httpx.AsyncClient) -> None:
    body = json.dumps({"a": [{"b": "fine"}, {"b": "not\0fine"}]}).encode()
    assert await refusal(client, "/free", body) == ("a[1].b", "malformed")


async def test_an_escaped_backslash_is_no_nul(client: httpx.AsyncClient) -> None:
    answer = await client.post("/orders", content=b'{"items": [], "note": "\\\\u0000"}', headers=JSON)
    assert (answer.status_code, answer.json()["note"]) == (201, "\\u0000")


async def test_missing_body(client: httpx.AsyncClient) -> None:
    assert await refusal(client, "/orders", b"") == ("body", "required")
    assert (await client.post("/optional")).json() == {"given": False}
    assert (await client.post("/optional", json={"items": []})).json() == {"given": True}


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "",
        "json",
    ],
)
async def test_other_media_types(client: httpx.AsyncClient, media_type: str) -> None:
    answer = await client.post("/orders", content=b'{"items": []}', headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json", None]
)
async def test_json_by_its_names(client: httpx.AsyncClient, media_type: str | None) -> None:
    headers = {} if media_type is None else {"Content-Type": media_type}
    assert (await client.post("/orders", content=b'{"items": []}', headers=headers)).status_code == 201


@pytest.mark.parametrize(
    ("path", "field", "code"),
    [
        ("/list?limit=0", "limit", "out_of_range"),
        ("/list?limit=101", "limit", "out_of_range"),
        ("/list?limit=ten", "limit", "wrong_type"),
        ("/list?limit=", "limit", "wrong_type"),
        ("/list?cursor=abcdef", "cursor", "too_long"),
        ("/required", "q", "required"),
    ],
)
async def test_wrong_parameter_is_named(client: httpx.AsyncClient, path: str, field: str, code: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == (field, code)


async def test_addresses_and_methods(client: httpx.AsyncClient) -> None:
    missing = await client.get("/things/abc")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    wrong = await client.delete("/things/1")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in wrong.headers["allow"]
    assert wrong.json()["title"] == "Method Not Allowed"
    assert wrong.json()["detail"] == f"This address takes {wrong.headers['allow']}."
