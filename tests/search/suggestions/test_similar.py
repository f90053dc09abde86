"""Posts like a post: who may see which, and what a replay does."""

import secrets
from inspect import signature

import httpx
import pytest

from rookery.contracts.codec import encode, topic_of
from rookery.contracts.events import AnyEvent, LikeCreated, LikeDeleted, PostCreated, PostDeleted
from rookery.gateway.wiring import Services
from rookery.kit.bus import Message, append
from rookery.search.suggestions.repository import queries
from tests.people import Person
from tests.search.trends.conftest import Settle


def word() -> str:
    return "w" + "".join(secrets.choice("bcdfghklmnprstvz") for _ in range(9))


async def similar(by: Person, post_id: str, **params: int) -> list[str]:
    page = await by.get(f"/v1/posts/{post_id}/similar", **params)
    assert page["next_cursor"] is None
    return [item["id"] for item in page["data"]]


async def test_the_most_similar_first(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    one, two, three = word(), word(), word()
    post = await ana.post(f"{one} {two} {three}")
    near = await ben.post(f"{one} {two} {three} rain")
    far = await cem.post(f"{one} and {word()} {word()}")
    other = await cem.post(word())
    await settle()
    assert await similar(ana, post["id"]) == [near["id"], far["id"]]
    assert await similar(ana, post["id"], limit=1) == [near["id"]]
    assert await similar(ana, other["id"]) == []


async def test_who_may_see(
    client: httpx.AsyncClient, ana: Person, ben: Person, cem: Person, dee: Person, settle: Settle
) -> None:
    one = word()
    post = await ana.post(f"{one} again")
    by_ben, by_cem = await ben.post(f"{one} too"), await cem.post(f"{one} as well")
    await settle()
    everybody = {by_ben["id"], by_cem["id"]}
    signed_out = (await client.get(f"/v1/posts/{post['id']}/similar")).json()
    assert {item["id"] for item in signed_out["data"]} == everybody
    await dee.mute(ben)
    assert await similar(dee, post["id"]) == [by_cem["id"]]
    await cem.block(dee)
    assert await similar(dee, post["id"]) == []
    await ana.block(dee)
    assert (await dee.request("GET", f"/v1/posts/{post['id']}/similar")).status_code == 404
    await ben.protect()
    assert await similar(cem, post["id"]) == [by_cem["id"]]
    await ana.protect()
    assert (await client.get(f"/v1/posts/{post['id']}/similar")).status_code == 404
    assert (await client.get("/v1/posts/1/similar")).status_code == 404
    await ben.protect(False)


async def test_edits_and_deletions(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    one = word()
    post = await ana.post(f"{one} again")
    edited, deleted = await ben.post(f"{one} too"), await cem.post(f"{one} three")
    await settle()
    assert set(await similar(ana, post["id"])) == {edited["id"], deleted["id"]}
    await cem.delete(f"/v1/posts/{deleted['id']}")
    assert await similar(ana, post["id"]) == [edited["id"]]
    await ben.request("PATCH", f"/v1/posts/{edited['id']}", json={"content": word()})
    await settle()
    assert await similar(ana, post["id"]) == []


async def test_replays_end_in_the_same_state(
    services: Services, ana: Person, ben: Person, cem: Person, settle: Settle
) -> None:
    one = word()
    post, gone = await ana.post(f"{one} again"), await ana.post(f"{one} gone")
    await ben.like(post)
    await cem.like(post)
    await cem.delete(f"/v1/posts/{post['id']}/like")
    await ana.delete(f"/v1/posts/{gone['id']}")
    await settle()
    before = await state(services, ana, ben, cem)
    assert [len(rows) for rows in before] == [1, 1, 2]
    ids = services.resources.ids
    author = int(ana.id)
    first: list[AnyEvent] = [
        PostCreated(event_id=ids.next(), post_id=int(post["id"]), author_id=author),
        PostCreated(event_id=ids.next(), post_id=int(gone["id"]), author_id=author),
        LikeCreated(event_id=ids.next(), post_id=int(post["id"]), author_id=author, user_id=int(cem.id)),
        LikeCreated(event_id=ids.next(), post_id=int(post["id"]), author_id=author, user_id=int(ben.id)),
    ]
    then: list[AnyEvent] = [
        LikeDeleted(event_id=ids.next(), post_id=int(post["id"]), author_id=author, user_id=int(cem.id)),
        PostDeleted(event_id=ids.next(), post_id=int(gone["id"]), author_id=author),
    ]
    for events in (first, then, [*first, *then], then):
        async with services.resources.database.transaction() as connection:
            await append(connection, [Message(topic_of(event), event.key, encode(event)) for event in events])
        services.resources.waker.wake()
        await settle()
    assert await state(services, ana, ben, cem) == before


async def state(services: Services, *people: Person) -> list[list[tuple[object, ...]]]:
    """What is kept of these people: posts, likes, and vectors of accounts."""
    ids = [int(person.id) for person in people]
    async with services.resources.database.connection() as connection:
        tables = [
            await connection.fetch(query, ids)
            for query in (
                "SELECT post_id, terms, weights FROM search.post_terms WHERE author_id = ANY ($1) ORDER BY 1",
                "SELECT user_id, post_id FROM search.account_likes WHERE user_id = ANY ($1) ORDER BY 1, 2",
                "SELECT user_id, terms, weights FROM search.account_terms WHERE user_id = ANY ($1) ORDER BY 1",
            )
        ]
    return [[tuple(row) for row in rows] for rows in tables]


@pytest.mark.parametrize("limit", ["0", "51", "x"])
async def test_bad_limits(client: httpx.AsyncClient, ana: Person, limit: str) -> None:
    post = await ana.post("rain")
    answer = await client.get(f"/v1/posts/{post['id']}/similar", params={"limit": limit})
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == "limit"


@pytest.mark.parametrize(("name", "index"), [("similar_accounts", "account_terms"), ("similar_posts", "post_terms")])
async def test_likeness_is_looked_up_by_gin(services: Services, name: str, index: str) -> None:
    query = getattr(queries, name)
    known = {
        "user_id": 1, "post_id": 1, "terms": ["rain"], "strongest": 8, "candidates_max": 1000, "cosine_min": 0.1,
        "shared_max": 3, "row_limit": 100,
    }  # fmt: skip
    arguments = [known[parameter] for parameter in signature(query).parameters if parameter != "conn"]
    async with services.resources.database.transaction() as connection:
        await connection.execute("SET LOCAL enable_seqscan = off")
        rows = await connection.fetch(f"EXPLAIN {query.sql}", *arguments)
    assert any(f"Bitmap Index Scan on {index}_terms" in row[0] for row in rows), "\n".join(row[0] for row in rows)
