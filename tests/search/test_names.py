"""Accounts by name and bio, hashtags by their beginning, and what is suggested while somebody types."""

import secrets

import httpx
import pytest

from rookery.gateway.wiring import Services
from tests.people import Person, ok, sign_up, sign_up_as
from tests.posts.looking import refused
from tests.search.searching import Settle


async def rename(person: Person, display_name: str, bio: str = "") -> None:
    ok(await person.request("PATCH", "/v1/users/me", json={"display_name": display_name, "bio": bio}))


async def usernames(person: Person, query: str, **params: object) -> list[str]:
    return [user["username"] for user in (await person.get("/v1/search/users", q=query, **params))["data"]]


async def test_names_bios_and_typos(ana: Person, ben: Person, settle: Settle) -> None:
    name = secrets.token_hex(4).translate(str.maketrans("0123456789", "ghijklmnop"))
    await rename(ana, f"Márta {name}", f"I keep rooks and write about {name[::-1]} harbours")
    await settle()
    swapped = name[:3] + name[4] + name[3] + name[5:]
    for query in (name, name.upper(), name[:5], f"marta {name}", f"MÁRTA {name[:4]}", swapped, name[::-1]):
        assert ana.username in await usernames(ben, query), query
    assert (await usernames(ben, ana.username))[0] == (await usernames(ben, f"@{ana.username}"))[0] == ana.username
    refused(await ben.request("GET", "/v1/search/users", params={"q": "%%%%"}), 400, "invalid", "q")


async def test_names_in_any_script(ana: Person, ben: Person, settle: Settle) -> None:
    await rename(ana, "田中さくら Ёлкина", "鎌倉の海が好き")
    await settle()
    for query in ("田中さくら", "さくら", "Елкин", "鎌倉", "海"):
        assert ana.username in await usernames(ben, query), query
    assert ana.username not in await usernames(ben, "中田")


async def test_the_exact_name_first_then_who_is_followed(
    client: httpx.AsyncClient, ben: Person, settle: Settle
) -> None:
    stem = f"q{secrets.token_hex(4)}"
    plain, popular, followed = [await sign_up_as(client, f"{stem}{end}") for end in ("", "_popular", "_followed")]
    fan = await sign_up(client, "fan")
    await fan.follow(popular)
    await ben.follow(followed)
    await settle()
    assert await usernames(ben, stem) == [plain.username, followed.username, popular.username]
    assert await usernames(fan, stem) == [plain.username, popular.username, followed.username]
    pages = [await usernames(ben, stem, limit=2)]
    cursor = (await ben.get("/v1/search/users", q=stem, limit=2))["next_cursor"]
    pages.append(await usernames(ben, stem, limit=2, cursor=cursor))
    assert pages == [[plain.username, followed.username], [popular.username]]
    suggested = (await ben.get("/v1/search/typeahead", q=stem))["users"]
    assert [(user["username"], user["following"]) for user in suggested] == [
        (plain.username, False), (followed.username, True), (popular.username, False)
    ]  # fmt: skip


@pytest.mark.parametrize("length", [1, 2])
async def test_one_or_two_letters(ana: Person, ben: Person, settle: Settle, length: int) -> None:
    await ben.follow(ana)
    await settle()
    assert (await usernames(ben, ana.username[:length]))[0] == ana.username


async def test_hashtags_count_different_public_accounts(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    tag = f"t{secrets.token_hex(5)}"
    for _ in range(3):
        await ana.post(f"#{tag}_repeated and #{tag}_shared")
    await ben.post(f"#{tag.upper()}_shared")
    await cem.post(f"#{tag}_shared")
    await cem.protect()
    await settle()
    expected = [
        {"tag": f"{tag}_shared", "posts_count": 4, "authors_count": 2},
        {"tag": f"{tag}_repeated", "posts_count": 3, "authors_count": 1},
    ]
    assert (await ana.get("/v1/search/hashtags", q=f"#{tag}"))["data"] == expected
    first = await ana.get("/v1/search/hashtags", q=tag, limit=1)
    second = await ana.get("/v1/search/hashtags", q=tag, limit=1, cursor=first["next_cursor"])
    assert [*first["data"], *second["data"]] == expected and second["next_cursor"] is None
    await cem.protect(False)
    await settle()
    (shared, _) = (await ana.get("/v1/search/hashtags", q=tag))["data"]
    assert shared == {"tag": f"{tag}_shared", "posts_count": 5, "authors_count": 3}


async def test_old_counts_fade(ana: Person, services: Services, settle: Settle) -> None:
    from rookery.search.upkeep import count_stale_tags

    tag = f"t{secrets.token_hex(5)}"
    await ana.post(f"#{tag}")
    await settle()
    row = "SELECT posts FROM search.hashtags WHERE tag = $1"
    async with services.resources.database.connection() as connection:
        assert await connection.fetchval(row, tag) == 1
        await connection.execute("UPDATE search.tag_uses SET post_id = 7 WHERE tag = $1", tag)
        await connection.execute("UPDATE search.hashtags SET counted_at = now() - interval '1 day' WHERE tag = $1", tag)
    await count_stale_tags(services.search.indexer)
    async with services.resources.database.connection() as connection:
        assert await connection.fetchval(row, tag) == 0


async def test_operators_are_suggested(ana: Person, client: httpx.AsyncClient) -> None:
    answer = ok(await client.get("/v1/search/typeahead", params={"q": "rain min_"}))
    assert [operator["name"] for operator in answer["operators"]] == ["min_likes:", "min_reposts:"]
    assert (await ana.get("/v1/search/typeahead", q="!"))["users"] == []
    only_tags = await ana.get("/v1/search/typeahead", q="#a")
    assert only_tags["users"] == []
