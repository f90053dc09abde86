"""Media in posts: who may attach what, where it shows, and how it goes with its post."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from rookery.contracts.events import PostCreated, PostDeleted
from rookery.gateway.worker import Worker
from rookery.kit.database import Database
from rookery.media.consumers import subscriptions
from rookery.media.service import Media
from rookery.media.upkeep import delete_doomed
from tests.media import files
from tests.media.conftest import Processed, upload
from tests.media.test_uploads import Ready, fetched, objects_of
from tests.people import Person
from tests.queries import recorded_queries

Settle = Callable[[], Awaitable[None]]


@pytest.fixture
def database(media: Media) -> Database:
    return media.resources.database


async def refusal(person: Person, **body: Any) -> tuple[int, str, str]:
    answer = await person.request("POST", "/v1/posts", json={"content": "look", **body})
    error = answer.json()["errors"][0]
    return answer.status_code, error["field"], error["code"]


async def test_a_post_shows_its_media_in_their_order_everywhere(
    client: httpx.AsyncClient, ana: Person, ben: Person, ready: Ready, settle: Settle
) -> None:
    await ben.follow(ana)
    uploads = [await ready(ana, files.png(width, 20), alt=f"{width} wide") for width in (30, 40, 50)]
    ids = [each["id"] for each in uploads][::-1]

    post = await ana.post("look", media_ids=ids)
    await settle()

    shown = {
        "created": post,
        "read": await ben.get(f"/v1/posts/{post['id']}"),
        "signed out": (await client.get(f"/v1/posts/{post['id']}")).json(),
        "home": (await ben.home())[0],
        "profile": (await ben.get(f"/v1/users/{ana.id}/posts"))["data"][0],
        "thread": (await ben.get(f"/v1/posts/{post['id']}/thread"))["post"],
        "quoted": (await ben.post("this", quote_of_id=post["id"]))["quote_of"]["post"],
    }
    for where, each in shown.items():
        assert [(media["id"], media["alt"]) for media in each["media"]] == [
            (uploads[2]["id"], "50 wide"),
            (uploads[1]["id"], "40 wide"),
            (uploads[0]["id"], "30 wide"),
        ], where
        assert each["media"][0]["sizes"] == uploads[2]["sizes"], where
    assert "progress" not in post["media"][0]


async def test_media_say_enough(ana: Person, ready: Ready) -> None:
    done = await ready(ana, files.png())

    assert (await ana.post("", media_ids=[done["id"]]))["content"] == ""
    blank = await ana.request("POST", "/v1/posts", json={"content": ""})
    assert (blank.status_code, blank.json()["errors"][0]["field"]) == (400, "content")


async def test_what_cannot_be_attached_is_named(ana: Person, ben: Person, ready: Ready, processed: Processed) -> None:
    mine, other = await ready(ana, files.png()), await ready(ben, files.png())
    five = [(await ready(ana, files.png(10 + n, 10)))["id"] for n in range(5)]
    broken = await processed(ana, await upload(ana, files.jpeg()[:2000]))
    moving = await ready(ana, files.gif())

    assert await refusal(ana, media_ids=[other["id"]]) == (400, "media_ids", "not_found")
    assert await refusal(ana, media_ids=["1"]) == (400, "media_ids", "not_found")
    assert await refusal(ana, media_ids=["9999999999999999999"]) == (400, "media_ids", "not_found")
    assert await refusal(ana, media_ids=[mine["id"], mine["id"]]) == (400, "media_ids", "duplicate")
    assert await refusal(ana, media_ids=five) == (400, "media_ids", "too_long")
    assert await refusal(ana, media_ids=[broken["id"]]) == (400, "media_ids", "failed")
    assert await refusal(ana, media_ids=[mine["id"], moving["id"]]) == (400, "media_ids", "too_many")
    posted = await ana.post("once", media_ids=[mine["id"]])
    assert await refusal(ana, media_ids=[mine["id"]]) == (400, "media_ids", "in_use")
    assert [each["id"] for each in posted["media"]] == [mine["id"]]


async def test_of_two_posts_at_once_one_gets_the_media(ana: Person, ready: Ready) -> None:
    done = await ready(ana, files.png())

    answers = await asyncio.gather(
        *(ana.request("POST", "/v1/posts", json={"content": f"{n}", "media_ids": [done["id"]]}) for n in range(5))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400, 400]


async def test_a_repeated_request_is_answered_as_the_first(ana: Person, ready: Ready) -> None:
    done = await ready(ana, files.png())
    body = {"content": "once", "media_ids": [done["id"]]}

    first, second = [
        await ana.request("POST", "/v1/posts", json=body, headers={"Idempotency-Key": "media"}) for _ in range(2)
    ]

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content


async def test_media_can_be_posted_before_they_are_ready(ana: Person, ben: Person, processed: Processed) -> None:
    waiting = await upload(ana, files.jpeg(2000, 1500), alt="soon")

    post = await ana.post("wait for it", media_ids=[waiting["id"]])
    assert post["media"][0]["id"] == waiting["id"] and post["media"][0]["alt"] == "soon"

    done = await processed(ana, waiting)
    assert done["post_id"] == post["id"] and done["expires_at"] is None
    [shown] = (await ben.get(f"/v1/posts/{post['id']}"))["media"]
    assert (shown["state"], shown["url"]) == ("ready", done["url"])


async def test_a_failed_one_says_so_in_its_post(ana: Person, processed: Processed) -> None:
    waiting = await upload(ana, files.jpeg(2000, 1500)[:20_000])
    post = await ana.request("POST", "/v1/posts", json={"content": "", "media_ids": [waiting["id"]]})
    await processed(ana, waiting)
    if post.status_code == 201:  # else it had failed before
        [shown] = (await ana.get(f"/v1/posts/{post.json()['id']}"))["media"]
        assert (shown["state"], shown["url"], shown["sizes"]) == ("failed", None, [])


async def test_new_words_for_a_picture_show_in_every_view_of_its_post(
    client: httpx.AsyncClient, ana: Person, ben: Person, ready: Ready, settle: Settle
) -> None:
    await ben.follow(ana)
    done = await ready(ana, files.png())
    post = await ana.post("look", media_ids=[done["id"]])
    quote = await ben.post("this", quote_of_id=post["id"])
    await settle()

    async def shown() -> dict[str, Any]:
        views = {
            "read": await ben.get(f"/v1/posts/{post['id']}"),
            "signed out": (await client.get(f"/v1/posts/{post['id']}")).json(),
            "home": next(each for each in await ben.home() if each["id"] == post["id"]),
            "profile": (await ben.get(f"/v1/users/{ana.id}/posts"))["data"][0],
            "media tab": (await ben.get(f"/v1/users/{ana.id}/posts", only_media=True))["data"][0],
            "thread": (await ben.get(f"/v1/posts/{post['id']}/thread"))["post"],
            "quoted": (await client.get(f"/v1/posts/{quote['id']}")).json()["quote_of"]["post"],
        }
        return {where: view["media"][0] for where, view in views.items()}

    for where, media in (await shown()).items():
        assert (media["alt"], media["focus"], media["sensitive"]) == ("", None, False), where

    changed = {"alt": "described later", "focus": [0.5, -0.5], "sensitive": True}
    answer = await ana.request("PATCH", f"/v1/media/{done['id']}", json=changed)
    assert answer.status_code == 200

    for where, media in (await shown()).items():
        assert {name: media[name] for name in changed} == changed, where


async def test_only_its_author_describes_what_a_post_shows(
    client: httpx.AsyncClient, ana: Person, ben: Person, cem: Person, ready: Ready
) -> None:
    done = await ready(ana, files.png())
    post = await ana.post("look", media_ids=[done["id"]])
    await ben.follow(ana)
    await ana.block(cem)
    path = f"/v1/media/{done['id']}"

    for stranger in (ben, cem):
        assert (await stranger.request("PATCH", path, json={"alt": "mine"})).status_code == 404
    assert (await client.patch(path, json={"alt": "mine"})).status_code == 401
    assert (await ana.get(f"/v1/posts/{post['id']}"))["media"][0]["alt"] == ""


async def test_an_edit_leaves_the_media(ana: Person, ready: Ready) -> None:
    done = await ready(ana, files.png())
    post = await ana.post("look", media_ids=[done["id"]])

    edited = await ana.request("PATCH", f"/v1/posts/{post['id']}", json={"content": "look here"})

    assert [each["id"] for each in edited.json()["media"]] == [done["id"]]


async def test_media_in_a_post_are_not_deleted_alone(ana: Person, ready: Ready, settle: Settle) -> None:
    done = await ready(ana, files.png())
    await ana.post("look", media_ids=[done["id"]])
    refused = await ana.request("DELETE", f"/v1/media/{done['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    await settle()
    assert (await ana.request("DELETE", f"/v1/media/{done['id']}")).status_code == 409


async def test_a_deleted_post_takes_its_files_along(
    client: httpx.AsyncClient, ana: Person, ready: Ready, settle: Settle, media: Media
) -> None:
    done = await ready(ana, files.png())
    post = await ana.post("look", media_ids=[done["id"]])
    await settle()
    await fetched(client, done["url"])

    await ana.delete(f"/v1/posts/{post['id']}")
    await settle()

    assert (await client.get(done["url"])).status_code == 404
    assert (await ana.request("GET", f"/v1/media/{done['id']}")).status_code == 404
    assert (await ana.get("/v1/users/me/media/usage"))["used_bytes"] == 0
    await delete_doomed(media.repository, media.store)
    assert not await objects_of(media, f"files/{done['id']}/")


async def test_events_may_come_again_and_name_only_ones_own(
    ana: Person, ben: Person, ready: Ready, media: Media, worker: Worker
) -> None:
    """Whatever an event says: nobody keeps, and nobody deletes, what is another's."""
    mine, other = await ready(ana, files.png()), await ready(ben, files.png())
    [group] = subscriptions(media)
    ids = [int(mine["id"]), int(other["id"])]
    created = PostCreated(event_id=1, post_id=77, author_id=int(ana.id), media_ids=ids)
    deleted = PostDeleted(event_id=2, post_id=77, author_id=int(ben.id))

    await group.handle([created])
    await group.handle([created, deleted])

    rows = await media.repository.load(ids)
    assert [(rows[each].kept, rows[each].post_id) for each in ids] == [(True, 77), (False, None)]
    await group.handle([PostDeleted(event_id=3, post_id=77, author_id=int(ana.id)), created])
    assert list(await media.repository.load(ids)) == ids[1:]


async def test_ranking_knows_that_a_post_has_media(ana: Person, ready: Ready, database: Database) -> None:
    done = await ready(ana, files.png())
    posts = [await ana.post("with", media_ids=[done["id"]]), await ana.post("without")]

    async with database.connection() as connection:
        rows = await connection.fetch(
            "SELECT has_media FROM timelines.post_facts WHERE post_id = ANY($1) ORDER BY post_id",
            [int(post["id"]) for post in posts],
        )
    assert [row["has_media"] for row in rows] == [True, False]


async def test_how_much_is_asked(
    client: httpx.AsyncClient, ana: Person, ben: Person, ready: Ready, worker: Worker, database: Database
) -> None:
    """A post with media costs two statements more than one without; a warm read of it none."""
    done = await ready(ana, files.png())
    await ana.post("warms the caches")
    with recorded_queries(database) as seen:
        await ana.post("without")
    assert len(seen) == 1, seen
    with recorded_queries(database) as seen:
        await ana.post("look", media_ids=[done["id"]])
    assert len(seen) == 3, seen  # the media, their claim, the post
    await ben.get(f"/v1/users/{ana.id}/posts")
    await fetched(client, done["url"])

    with recorded_queries(database) as seen:
        await fetched(client, done["url"])
    assert not seen


async def test_the_media_tab_holds_what_an_account_itself_posted_with_media(
    client: httpx.AsyncClient, ana: Person, ben: Person, cem: Person, ready: Ready
) -> None:
    pictures = [(await ready(ana, files.png(10 + n, 10)))["id"] for n in range(4)]
    of_ben = await ben.post("ben's picture", media_ids=[(await ready(ben, files.png()))["id"]])
    first = await ana.post("first", media_ids=pictures[:2])
    await ana.post("only words")
    await ana.repost(of_ben)
    await ana.post("a reply", reply_to_id=of_ben["id"], media_ids=[pictures[2]])
    gone = await ana.post("gone", media_ids=[pictures[3]])
    await ana.delete(f"/v1/posts/{gone['id']}")
    path = f"/v1/users/{ana.id}/posts"

    page = await ben.get(path, only_media=True)
    assert [(each["content"], each["reposted_by"]) for each in page["data"]] == [("a reply", None), ("first", None)]
    assert [media["id"] for media in page["data"][1]["media"]] == pictures[:2]
    newest = await ben.get(path, only_media=True, limit=1)
    older = await ben.get(path, only_media=True, limit=1, cursor=newest["next_cursor"])
    assert [each["id"] for each in older["data"]] == [first["id"]]
    assert len((await client.get(path, params={"only_media": True})).json()["data"]) == 2

    await ana.block(cem)
    assert (await cem.request("GET", path, params={"only_media": True})).status_code == 403
    await ana.protect()
    assert (await client.get(path, params={"only_media": True})).status_code == 403
    assert (await ben.request("GET", path, params={"only_media": True})).status_code == 403
