"""PUT and DELETE /v1/media/{id}/captions/{language}: who may, what is taken, where it shows, and how it goes."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from rookery.kit.database import Database
from rookery.media.captions import LANGUAGES_MAX
from rookery.media.routes import CAPTIONS_BYTES_MAX
from rookery.media.service import Media
from rookery.media.upkeep import delete_doomed
from tests.media import files
from tests.media.conftest import Processed, upload
from tests.media.test_uploads import Ready, fetched, objects_of
from tests.people import Person, ok
from tests.queries import recorded_queries

Settle = Callable[[], Awaitable[None]]

HELLO = "WEBVTT\n\nNOTE not for all\n\n00:00.000 --> 00:00.900\n<script>Hello</script> &amp; <b>welcome</b>\n"
SERVED = "WEBVTT\n\n00:00:00.000 --> 00:00:00.900\nHello &amp; <b>welcome</b>\n"
HALLO = "1\n00:00:00,000 --> 00:00:00,900\nHallo\n"


@pytest.fixture
def clip(tmp_path: Path) -> bytes:
    return files.video(tmp_path / "clip", frames=10, size=(64, 48), sound=None)


async def put(person: Person, media_id: str, language: str, body: str | bytes) -> httpx.Response:
    content = body if isinstance(body, bytes) else body.encode()
    headers = {"Content-Type": "text/vtt"}
    return await person.request("PUT", f"/v1/media/{media_id}/captions/{language}", content=content, headers=headers)


async def captioned(person: Person, media_id: str, **languages: str) -> dict[str, Any]:
    """The upload with these captions too."""
    for language, body in languages.items():
        done: dict[str, Any] = ok(await put(person, media_id, language, body))
    return done


def languages_of(media: dict[str, Any]) -> list[str]:
    return [each["language"] for each in media["captions"]]


async def test_captions_are_served_as_the_plain_text_that_they_are(
    client: httpx.AsyncClient, ana: Person, ready: Ready, clip: bytes
) -> None:
    done = await ready(ana, clip)
    assert done["captions"] == []

    answer = await put(ana, done["id"], "en", HELLO)

    assert answer.status_code == 200
    [captions] = answer.json()["captions"]
    assert captions["language"] == "en"
    served = await fetched(client, captions["url"])
    assert served.text == SERVED
    assert served.headers["content-type"] == "text/vtt"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "sandbox" in served.headers["content-security-policy"]
    assert served.headers["access-control-allow-origin"] == "*"  # a page elsewhere may show them with the video


async def test_captions_stand_in_the_order_of_their_languages_in_every_view_of_a_post(
    client: httpx.AsyncClient, ana: Person, ben: Person, ready: Ready, clip: bytes, settle: Settle
) -> None:
    await ben.follow(ana)
    done = await ready(ana, clip)
    await captioned(ana, done["id"], pt=HELLO, de=HALLO)
    post = await ana.post("watch", media_ids=[done["id"]])
    await settle()

    async def shown() -> list[dict[str, Any]]:
        views = [
            await ben.get(f"/v1/posts/{post['id']}"),
            (await client.get(f"/v1/posts/{post['id']}")).json(),
            (await ben.home())[0],
            (await ben.get(f"/v1/users/{ana.id}/posts"))["data"][0],
        ]
        return [view["media"][0] for view in views]

    for media in await shown():
        assert languages_of(media) == ["de", "pt"]

    before = (await shown())[0]["captions"]
    await captioned(ana, done["id"], **{"zh-Hant": HELLO, "de": HELLO})
    await ana.delete(f"/v1/media/{done['id']}/captions/pt")

    for media in await shown():
        assert languages_of(media) == ["de", "zh-Hant"]
        assert (await fetched(client, media["captions"][0]["url"])).text == SERVED
    for each in before:
        assert (await client.get(each["url"])).status_code == 404


async def test_captions_may_come_before_the_video_is_ready(
    client: httpx.AsyncClient, ana: Person, processed: Processed, clip: bytes
) -> None:
    waiting = await upload(ana, clip)
    await captioned(ana, waiting["id"], en=HELLO)

    done = await processed(ana, waiting)

    assert (done["state"], languages_of(done)) == ("ready", ["en"])
    parts = [done["url"], done["captions"][0]["url"], *(size["url"] for size in done["sizes"])]
    assert done["size_bytes"] == sum([len((await fetched(client, url)).content) for url in parts])


async def test_captions_count_in_what_is_used(
    ana: Person, ready: Ready, clip: bytes, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = await ready(ana, clip)

    async def used() -> int:
        usage = await ana.get("/v1/users/me/media/usage")
        assert usage["video"] == {"count": 1, "bytes": usage["used_bytes"]}
        return int(usage["used_bytes"]) - int(done["size_bytes"])

    await captioned(ana, done["id"], en=HELLO, de=HELLO)
    assert await used() == 2 * len(SERVED)
    await captioned(ana, done["id"], de=HALLO)
    assert await used() == len(SERVED) + len("WEBVTT\n\n00:00:00.000 --> 00:00:00.900\nHallo\n")
    for language in ("de", "en"):
        await ana.delete(f"/v1/media/{done['id']}/captions/{language}")
    assert await used() == 0

    monkeypatch.setattr(media.quota, "_quota_bytes", done["size_bytes"] + 10)
    refused = await put(ana, done["id"], "en", HELLO)
    assert (refused.status_code, refused.json()["code"]) == (403, "quota_exceeded")
    assert languages_of(await ana.get(f"/v1/media/{done['id']}")) == []


async def test_only_the_owner_may(
    client: httpx.AsyncClient, ana: Person, ben: Person, cem: Person, ready: Ready, clip: bytes
) -> None:
    done = await ready(ana, clip)
    await captioned(ana, done["id"], en=HELLO)
    await ana.post("watch", media_ids=[done["id"]])
    await ana.block(cem)
    path = f"/v1/media/{done['id']}/captions/en"

    for stranger in (ben, cem):
        assert (await put(stranger, done["id"], "en", HALLO)).status_code == 404
        assert (await stranger.request("DELETE", path)).status_code == 404
    assert (await client.put(path, content=HALLO)).status_code == 401
    assert (await client.delete(path)).status_code == 401
    [captions] = (await ana.get(f"/v1/media/{done['id']}"))["captions"]
    assert (await fetched(client, captions["url"])).text == SERVED


@pytest.mark.parametrize("content", [files.png(), files.gif()], ids=["image", "gif"])
async def test_only_videos_have_captions(ana: Person, ready: Ready, content: bytes) -> None:
    done = await ready(ana, content)

    refused = await put(ana, done["id"], "en", HELLO)

    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_video")


async def test_a_video_that_failed_gets_none(ana: Person, processed: Processed, clip: bytes) -> None:
    waiting = await upload(ana, clip[:500])
    await captioned(ana, waiting["id"], en=HELLO)
    failed = await processed(ana, waiting)
    assert failed["state"] == "failed"

    assert (await put(ana, waiting["id"], "de", HELLO)).json()["code"] == "not_a_video"
    assert failed["size_bytes"] == len(SERVED)
    await ana.delete(f"/v1/media/{waiting['id']}/captions/en")
    assert (await ana.get("/v1/users/me/media/usage"))["used_bytes"] == 0


async def test_what_is_no_caption_is_refused_and_changes_nothing(ana: Person, ready: Ready, clip: bytes) -> None:
    done = await ready(ana, clip)
    before = (await captioned(ana, done["id"], en=HELLO))["captions"]
    bodies: dict[bytes, str] = {
        b"": "line 1: ",
        b"<html><script>alert(1)</script>": "line 1: ",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nä\n".encode("latin-1"): "line 4: this is not UTF-8",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nx\n".encode("utf-16"): "line 1: this is not UTF-8",
        HELLO.encode() + b"\n00:02.000 -- 00:03.000\nx\n": "line 8: expected times",
    }
    for body, reason in bodies.items():
        refused = await put(ana, done["id"], "en", body)
        [error] = refused.json()["errors"]
        assert (refused.status_code, error["field"], error["code"]) == (400, "body", "malformed")
        assert error["message"].startswith(reason), error
    assert refused.headers["content-type"] == "application/problem+json"
    for size, status in ((CAPTIONS_BYTES_MAX, 400), (CAPTIONS_BYTES_MAX + 1, 413)):
        assert (await put(ana, done["id"], "en", b"WEBVTT\n\n".ljust(size, b"x"))).status_code == status
    assert (await ana.get(f"/v1/media/{done['id']}"))["captions"] == before


@pytest.mark.parametrize("language", ["EN", "english", "e", "en-us", "pt_BR", "zh-hant", "en-US-x-a"])
async def test_a_language_has_one_spelling(ana: Person, ready: Ready, clip: bytes, language: str) -> None:
    done = await upload(ana, clip)

    refused = await put(ana, done["id"], language, HELLO)

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "language")
    for trick in ("en%0A", "en%00", "..%2fen"):
        assert (await put(ana, done["id"], trick, HELLO)).status_code in (400, 404)


async def test_there_are_captions_in_so_many_languages(ana: Person, ready: Ready, clip: bytes, media: Media) -> None:
    done = await upload(ana, clip)
    tags = [f"{chr(97 + n)}a" for n in range(LANGUAGES_MAX + 3)]
    for tag in tags[: LANGUAGES_MAX - 1]:
        await captioned(ana, done["id"], **{tag: HALLO})

    answers = await asyncio.gather(*(put(ana, done["id"], tag, HALLO) for tag in tags[LANGUAGES_MAX - 1 :]))

    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 3]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"too_many_languages"}
    assert len((await ana.get(f"/v1/media/{done['id']}"))["captions"]) == LANGUAGES_MAX
    assert (await put(ana, done["id"], tags[0], HELLO)).status_code == 200


async def test_the_last_of_two_at_once_stays_alone(
    client: httpx.AsyncClient, ana: Person, ready: Ready, clip: bytes, media: Media
) -> None:
    done = await ready(ana, clip)

    answers = await asyncio.gather(*(put(ana, done["id"], "en", HALLO) for _ in range(4)))

    assert {answer.status_code for answer in answers} == {200}
    await delete_doomed(media.repository, media.store)
    now = await ana.get(f"/v1/media/{done['id']}")
    assert len(await objects_of(media, f"files/{done['id']}/")) == len(now["sizes"]) + 2
    assert "Hallo" in (await fetched(client, now["captions"][0]["url"])).text
    assert now["size_bytes"] == done["size_bytes"] + len("WEBVTT\n\n00:00:00.000 --> 00:00:00.900\nHallo\n")


async def test_files_go_with_what_they_are_of(
    ana: Person, ready: Ready, clip: bytes, settle: Settle, media: Media
) -> None:
    done = await ready(ana, clip)
    await captioned(ana, done["id"], en=HELLO, de=HALLO)
    post = await ana.post("watch", media_ids=[done["id"]])
    folder = f"files/{done['id']}/"
    many = len(await objects_of(media, folder))

    await ana.delete(f"/v1/media/{done['id']}/captions/de")
    await delete_doomed(media.repository, media.store)
    assert len(await objects_of(media, folder)) == many - 1

    await settle()
    await ana.delete(f"/v1/posts/{post['id']}")
    await settle()
    await delete_doomed(media.repository, media.store)
    assert not await objects_of(media, folder)


async def test_a_file_that_did_not_become_captions_goes(
    ana: Person, ready: Ready, clip: bytes, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever dies behind the store's answer."""
    done = await ready(ana, clip)
    folder = f"files/{done['id']}/"
    many = len(await objects_of(media, folder))

    async def dies(*_: Any) -> bool:
        raise RuntimeError("the process ends here")

    monkeypatch.setattr("rookery.media.captions.STORING_S", 0)
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(media.repository, "put_captions", dies)
        await media.put_captions(int(ana.id), int(done["id"]), "en", HELLO.encode())
    assert len(await objects_of(media, folder)) == many + 1

    await delete_doomed(media.repository, media.store)

    assert len(await objects_of(media, folder)) == many


async def test_what_is_not_there_is_not_removed(ana: Person, clip: bytes) -> None:
    done = await upload(ana, clip)

    assert (await ana.request("DELETE", f"/v1/media/{done['id']}/captions/en")).status_code == 404
    assert (await ana.request("DELETE", "/v1/media/1/captions/en")).status_code == 404
    assert (await put(ana, "1", "en", HELLO)).status_code == 404


async def test_captions_of_a_protected_account_need_a_signed_address(
    client: httpx.AsyncClient, ana: Person, ben: Person, ready: Ready, clip: bytes
) -> None:
    done = await ready(ana, clip)
    await captioned(ana, done["id"], en=HELLO)
    post = await ana.post("for friends", media_ids=[done["id"]])
    await ben.follow(ana)
    open_url = (await ben.get(f"/v1/posts/{post['id']}"))["media"][0]["captions"][0]["url"]
    assert (await client.get(open_url)).status_code == 200

    await ana.protect()

    assert (await client.get(open_url)).status_code == 404
    [shown] = (await ben.get(f"/v1/posts/{post['id']}"))["media"][0]["captions"]
    assert "?e=" in shown["url"]
    signed = await fetched(client, shown["url"])
    assert (signed.text, signed.headers["cache-control"].split(",")[0]) == (SERVED, "private")
    assert (await client.get(shown["url"][:-1])).status_code == 404


async def test_how_much_is_asked(ana: Person, ready: Ready, clip: bytes, media: Media) -> None:
    done = await ready(ana, clip)
    await ana.get(f"/v1/media/{done['id']}")
    database: Database = media.resources.database
    with recorded_queries(database) as seen:
        await captioned(ana, done["id"], en=HELLO)
    assert len(seen) == 5, seen  # the media, what is used, the note, the change, the media
