"""Bad addresses and parameters, for every operation; ids of what is somebody else's, hidden, gone, or never was."""

from urllib.parse import urlencode

import pytest

from rookery.kit.paging import encode_cursor
from tests.contract.description import BODIES, OPERATIONS, WITH_PATH, Operation, encoded
from tests.contract.scene import JSON, Scene, problem, refused_for
from tests.people import PASSWORD, Person, ok

EVERY = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
EVERY_PATH = pytest.mark.parametrize("operation", WITH_PATH, ids=lambda operation: operation.id)
EVERY_LIST = pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if each.query], ids=lambda operation: operation.id
)
EVERY_PAGED = pytest.mark.parametrize(
    "operation",
    [each for each in OPERATIONS if "cursor" in {field.name for field in each.query}],
    ids=lambda operation: operation.id,
)
ON_POSTS = pytest.mark.parametrize(
    "operation",
    [each for each in WITH_PATH if each.path_parameter == "post_id"],
    ids=lambda operation: operation.id,
)
ON_USERS = pytest.mark.parametrize(
    "operation",
    [each for each in WITH_PATH if each.path_parameter == "user_id"],
    ids=lambda operation: operation.id,
)

NO_IDS = (
    *(
        "0",
        "-1",
        "-0",
        "1.5",
        "1e3",
        "0x10",
        "1,2",
        "abc",
        "null",
        "NaN",
        "%20",
        "%00",
        "1%00",
        "%0A",
        "../1",
        "..;",
        "%25",
    ),
    *(
        "%D9%A3",
        "%EF%BC%91",
        "%C2%B2",
        "%F0%9F%98%80",
        "%E2%80%AE1",
        "%ff",
        "%ed%a0%80",
        "1%2F2",
        "1%3F",
        "'--",
        "me%00",
    ),
    *(str(2**63), str(2**64), "9" * 30, "9" * 5000),
)
# An id that is there, in a spelling that is not its own.
MISSPELT = ("+{}", "%2B{}", "%20{}", "{}%20", "{}%0A", "0{}", "{}.0", "{}e0", "-{}")
NO_LIMITS = (
    "0",
    "101",
    "-1",
    "1.5",
    "ten",
    "",
    "%20",
    "NaN",
    "١",
    "%EF%BC%95",
    "9" * 30,
    "9" * 5000,
    "5%00",
    "0x5",
)
NO_CURSORS = (
    "",
    "x",
    "AAAAAAAAAA",
    "AAAAAAAAAAA%0A",
    "AAAAAAAAAA!",
    "A" * 12,
    "A" * 5000,
    "_" * 11,
    "%00",
    "%C3%A9" * 11,
)
NO_TEXTS = ("", "x" * 501)
NO_ORDERS = ("", "best", "%00")
# A cursor is one number; those by relevance are signed besides (tests/search/test_pages.py).
IN_ORDER = {"searchPosts": {"order": "latest"}}
NO_BOOLEANS = ("maybe", "2", "", "null", "%00")
NO_WINDOWS = ("", "2h", "1H", "24", "1h%00", "1h,24h")
NO_LANGUAGES = ("", "e", "EN", "en_GB", "en-", "en%00", "en%0A", "e" * 5000, "'--")
NO_TOKENS = ("", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Basic YTpi", "bearer " + "x" * 8000, "Bearer \xff")


def spelt_otherwise(number: str) -> list[str]:
    """Unicode digits and underscores, which Python takes for digits as well."""
    arabic = "".join(f"%D9%{0xA0 + int(digit):X}" for digit in number)
    wide = "".join(f"%EF%BC%{0x90 + int(digit):X}" for digit in number)
    return [arabic, wide, f"{number[:3]}_{number[3:]}", *(form.format(number) for form in MISSPELT)]


def needed(operation: Operation) -> dict[str, str]:
    """A good value for each parameter that is required."""
    return {parameter.name: "rook" for parameter in operation.query if parameter.required}


@EVERY_PATH
async def test_malformed_ids(scene: Scene, operation: Operation) -> None:
    given = scene.own(operation)
    values = NO_IDS if operation.path_parameter.endswith("_id") else (*NO_IDS[5:], "a-b", "a" * 21)
    async with scene.nothing_written():
        for value in (*values, *(spelt_otherwise(given) if given.isdigit() else ())):
            problem(await scene.ask(operation, value), 400, 404, 405)


@EVERY_PATH
async def test_patterns_hold_to_the_end(scene: Scene, operation: Operation) -> None:
    """A line break behind what is there, which `$` overlooks in Python; also behind what `BESIDE` gives."""
    given = scene.own(operation)
    addresses = {operation.url(f"{given}%0A"), f"{operation.url(given)}%0A"}
    async with scene.nothing_written():
        for address in addresses:
            content = encoded(BODIES[operation.body]) if operation.body else b""
            headers = JSON if operation.body else {}
            answer = await scene.ana.request(operation.method, address, content=content, headers=headers)
            problem(answer, 400, 404, 405)


@EVERY_PATH
async def test_ids_beyond_64_bits(scene: Scene, operation: Operation) -> None:
    """They are as well formed as others, and nothing has them."""
    if operation.path_parameter.endswith("_id"):
        async with scene.nothing_written():
            for value in (str(2**63), "9" * 19):
                problem(await scene.ask(operation, value), 404)


@EVERY_LIST
async def test_malformed_queries(scene: Scene, operation: Operation) -> None:
    bad = {
        "limit": NO_LIMITS,
        "cursor": NO_CURSORS,
        "with_replies": NO_BOOLEANS,
        "only_media": NO_BOOLEANS,
        "q": NO_TEXTS,
        "order": NO_ORDERS,
        "window": NO_WINDOWS,
        "lang": NO_LANGUAGES,
    }
    address = operation.url(scene.own(operation))
    for parameter in operation.query:
        beside = {name: value for name, value in needed(operation).items() if name != parameter.name}
        for value in bad[parameter.name]:
            query = f"{urlencode(beside)}&{parameter.name}={value}"
            refused_for(await scene.ana.request("GET", f"{address}?{query}"), parameter.name)


@EVERY_PAGED
async def test_extreme_cursors(scene: Scene, operation: Operation) -> None:
    """Those of our form that nobody was given lead to a page, be it an empty one."""
    if not any(parameter.name == "cursor" for parameter in operation.query):
        return
    address, given = operation.url(scene.own(operation)), needed(operation) | IN_ORDER.get(operation.id, {})
    for number in (0, 1, 2**63 - 1):
        cursor = encode_cursor(number)
        answer = await scene.ana.get(address, cursor=cursor, limit=1, **given)
        assert answer.get("next_cursor", None) is None or answer["next_cursor"] != cursor
    negative = encode_cursor(-1)
    refused_for(await scene.ana.request("GET", address, params={"cursor": negative, **given}), "cursor")


@pytest.mark.parametrize(
    ("name", "values"),
    [("Idempotency-Key", ["", "x" * 256, "t\u00e4g", "a\tb"]), ("If-Match", ["x" * 101])],
)
async def test_malformed_headers(scene: Scene, name: str, values: list[str]) -> None:
    taking = [each for each in OPERATIONS if name in {header.name for header in each.headers}]
    assert taking
    async with scene.nothing_written():
        for operation in taking:
            for value in values:
                answer = await scene.ask(operation, headers={name: value.encode("latin-1")})
                refused_for(answer, name)


def test_every_header_is_tried() -> None:
    assert {header.name for each in OPERATIONS for header in each.headers} == {"Idempotency-Key", "If-Match"}


@EVERY
async def test_signed_out(scene: Scene, operation: Operation) -> None:
    async with scene.nothing_written():
        if operation.secured:
            url = operation.url(scene.own(operation))
            content = b"{}" if operation.body else b""
            problem(await scene.client.request(operation.method, url, content=content), 401)


@EVERY
async def test_tokens_that_do_not_hold(scene: Scene, operation: Operation) -> None:
    """Refused also where none is needed: the client believes itself signed in."""
    if not operation.path.startswith("/v1/"):
        return
    async with scene.nothing_written():
        for token in NO_TOKENS:
            headers = {b"Authorization": token.encode("latin-1")}
            url = operation.url(scene.own(operation))
            problem(await scene.client.request(operation.method, url, headers=headers), 401)


@ON_POSTS
async def test_posts_that_are_not_there(scene: Scene, stranger: Person, operation: Operation) -> None:
    """Never were, are deleted, are hidden by a block, are protected."""
    gone = (await scene.ana.post("gone"))["id"]
    await scene.ana.delete(f"/v1/posts/{gone}")
    blocked = (await stranger.post("hidden"))["id"]
    await stranger.block(scene.ana)
    await scene.ben.protect()
    async with scene.nothing_written():
        for post_id in ("1", str(2**63 - 1), gone, blocked, scene.bens_post_id, scene.ben.id):
            answer = await scene.ask(operation, post_id)
            if operation.id == "undoShowLess":
                assert answer.status_code == 204  # as wished: nothing like it is shown less
            else:
                problem(answer, 404)


@ON_POSTS
async def test_posts_of_others(scene: Scene, operation: Operation) -> None:
    answer = await scene.ask(operation, scene.bens_post_id)
    if operation.id in {"updatePost", "deletePost"}:
        problem(answer, 403)
        assert ok(await scene.ben.request("GET", f"/v1/posts/{scene.bens_post_id}"))["content"] == "his"
    else:
        assert answer.status_code == (204 if operation.id in {"showLess", "undoShowLess"} else 200)


@ON_USERS
async def test_accounts_that_are_not_there(scene: Scene, operation: Operation) -> None:
    async with scene.nothing_written():
        for user_id in ("1", str(2**63 - 1), scene.post_id):
            answer = await scene.ask(operation, user_id)
            if operation.id in {"refuseFollowRequest", "removeFollower"}:
                assert answer.status_code == 204  # as wished: nobody of that id asks or follows
            else:
                problem(answer, 404)


async def test_sessions_of_others(scene: Scene) -> None:
    [bens] = (await scene.ben.get("/v1/sessions"))["data"]
    again = ok(await scene.client.post("/v1/sessions", json={"login": scene.ana.username, "password": PASSWORD}))
    ended = Person(scene.client, again, scene.ana.email)
    [gone] = [each["id"] for each in (await ended.get("/v1/sessions"))["data"] if each["current"]]
    await ended.delete("/v1/sessions/current")
    async with scene.nothing_written():
        for session_id in (bens["id"], gone, "1"):
            problem(await scene.ana.request("DELETE", f"/v1/sessions/{session_id}"), 404)
    await scene.ben.get("/v1/users/me")


@pytest.mark.parametrize("member", ["reply_to_id", "quote_of_id"])
async def test_references_to_what_is_not_there(scene: Scene, stranger: Person, member: str) -> None:
    hidden = (await stranger.post("hidden"))["id"]
    await stranger.block(scene.ana)
    async with scene.nothing_written():
        for post_id in ("1", str(2**63 - 1), "9" * 19, hidden, scene.ben.id):
            answer = await scene.ana.request("POST", "/v1/posts", json={"content": "x", member: post_id})
            refused_for(answer, member)


@EVERY
async def test_addresses_beside(scene: Scene, operation: Operation) -> None:
    """Ways on that lead nowhere, and methods that are not there."""
    url = operation.url(scene.own(operation))
    async with scene.nothing_written():
        answer = await scene.ana.request(operation.method, f"{url}/nothing/here")
        problem(answer, 404, 405)
        for method in ("TRACE", "QUERY", "X" * 300):
            problem(await scene.ana.request(method, url), 405, 501)
