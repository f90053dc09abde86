"""Pictures of cards: from a page's word to a file of ours, whatever the other host sends, and away again."""

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from rookery.gateway.wiring import Services
from rookery.kit.database import Database
from rookery.kit.settings import Settings
from rookery.media.addresses import object_path
from rookery.media.cards import pictures as picturing
from rookery.media.cards.links import read_link
from rookery.media.cards.pictures import PICTURE
from rookery.media.cards.repository import Claim
from rookery.media.cards.service import Cards
from rookery.media.children import MIB, card_job_for, run_child
from rookery.media.formats import format_of
from rookery.media.process.jobs import Done
from rookery.media.repository import Processed
from rookery.media.service import Media
from rookery.media.upkeep import delete_doomed
from tests.media import files
from tests.media.cards.test_cards import WAIT_S, Handled, at, change, row_of, shown
from tests.media.cards.world import Site, site
from tests.people import Person
from tests.queries import recorded_queries


@pytest.fixture
def media(card_services: Services) -> Media:
    return card_services.media


@pytest.fixture
def database(card_services: Services) -> Database:
    return card_services.resources.database


def pictured(server: Site, path: str, image: str, title: str = "A nest") -> str:
    """A page at `path` whose picture is at `image`; returns its link."""
    server.page(path, f'<title>{title}</title><meta property="og:image" content="{image}">')
    return at(server, path)


async def fetched_picture(cards: Cards, url: str) -> Any:
    """The row of a link as soon as neither page nor picture is due."""
    async with asyncio.timeout(WAIT_S):
        while True:
            row = await row_of(cards, url)
            if row is not None and row["due_at"] is None and row["image_due_at"] is None:
                return row
            await asyncio.sleep(0.02)


def has_image(card: Any) -> bool:
    return card is not None and card["image"] is not None


async def picture_of(person: Person, post: dict[str, Any]) -> dict[str, Any]:
    """The picture of a post's card as soon as there is one."""
    image: dict[str, Any] = (await shown(person, post, has_image))["image"]
    return image


async def forget_hour(database: Database) -> None:
    """As if the hour after which pictures are looked after, and that of their files, had passed."""
    async with database.connection() as connection:
        await connection.execute("UPDATE media.card_images SET check_at = now() WHERE check_at IS NOT NULL")
        await connection.execute("UPDATE media.doomed SET due_at = now() - interval '1 second'")


async def is_stored(media: Media, url: str) -> bool:
    try:
        await media.store.read(object_path(url.rpartition("/")[2]), 0, 1)
    except FileNotFoundError:
        return False
    return True


async def test_a_card_gets_its_picture(
    ana: Person, server: Site, cards: Cards, client: httpx.AsyncClient, handled: Handled
) -> None:
    server.page("/nest.jpg", files.jpeg(1600, 840), content_type="image/jpeg")
    post = await ana.post(pictured(server, "/nest", "/nest.jpg"))
    await handled()
    image = await picture_of(ana, post)

    assert (image["width"], image["height"]) == (1200, 630)
    assert [(size["width"], size["height"], size["type"]) for size in image["sizes"]] == [
        (400, 210, "image/webp"),
        (1200, 630, "image/webp"),
    ]
    assert image["url"] == image["sizes"][-1]["url"]
    assert image["placeholder"] and image["color"].startswith("#")
    for size in image["sizes"]:
        answer = await client.get(size["url"])  # by anybody
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"] == "image/webp"
        picture = Image.open(io.BytesIO(answer.content))
        assert (picture.format, picture.size) == ("WEBP", (size["width"], size["height"]))
    assert server.asked == {"/nest": 1, "/nest.jpg": 1}
    [item] = [item for item in await ana.home() if item["id"] == post["id"]]
    assert item["card"]["image"] == image


async def test_readers_never_learn_where_it_came_from(
    ana: Person, server: Site, cards: Cards, handled: Handled
) -> None:
    server.page("/origin.png", files.png())
    link = pictured(server, "/told", "/origin.png")
    post = await ana.post(link)
    await handled()
    await picture_of(ana, post)
    assert (await row_of(cards, link))["image_url"] == at(server, "/origin.png")
    assert "origin.png" not in (await ana.request("GET", f"/v1/posts/{post['id']}")).text


async def test_what_the_camera_wrote_is_gone(
    ana: Person, server: Site, client: httpx.AsyncClient, handled: Handled
) -> None:
    server.page("/photo.jpg", files.photo(orientation=6))
    post = await ana.post(pictured(server, "/photo", "/photo.jpg"))
    await handled()
    image = await picture_of(ana, post)
    assert (image["width"], image["height"]) == (240, 320)  # upright, and not enlarged
    content = (await client.get(image["url"])).content
    assert files.MARK.encode() not in content and b"EXIF" not in content
    assert not Image.open(io.BytesIO(content)).getexif()


@pytest.mark.parametrize(
    "make", [files.png, files.webp, files.avif, files.heic, files.jpeg, lambda: files.gif(12, 320, 240)]
)
async def test_the_content_decides(ana: Person, server: Site, handled: Handled, make: Callable[[], bytes]) -> None:
    """Whatever the host calls it. Of what moves, the first frame."""
    server.page("/called-so.html", make(), content_type="text/html")
    post = await ana.post(pictured(server, "/decided", "/called-so.html"))
    await handled()
    image = await picture_of(ana, post)
    assert (image["width"], image["height"]) == (320, 240)
    assert [size["type"] for size in image["sizes"]] == ["image/webp"]


SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='640' height='480'><rect width='640' height='480'/></svg>"
HOSTILE = {
    "html": b"<!doctype html><title>no picture</title>" + bytes(200),
    "html behind a jpeg's head": b"\xff\xd8\xff" + files.SCRIPT,
    "svg": SVG,
    "nothing": b"",
    "three bytes": b"\xff\xd8\xff",
    "a video's head": files.noise(b"\0\0\0\x18ftypisom\0\0\0\0isommp42"),
    "truncated jpeg": files.jpeg()[:-3000],
    "truncated png": files.png(900, 700)[:4000],
    "random behind png": files.noise(b"\x89PNG\r\n\x1a\n"),
    "random behind gif": files.noise(b"GIF89a"),
    "bomb of 400 megapixels": files.png_bomb(20_000, 20_000),
    "bomb of 36 megapixels": files.png_bomb(6_000, 6_000),
    "gif of 65,535 pixels square": b"GIF89a\xff\xff\xff\xff" + files.gif(2)[10:],
    "too small": files.png(63, 200),
    "a pixel that counts": files.gif(1, 1, 1),
    "a strip": files.png(1200, 20),
    "too large": files.png() + bytes(PICTURE.bytes_max),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_no_picture_leaves_the_card_alone(
    ana: Person, server: Site, cards: Cards, handled: Handled, name: str
) -> None:
    server.page("/hostile.png", HOSTILE[name], content_type="image/png")
    link = pictured(server, "/hostile", "/hostile.png")
    post = await ana.post(link)
    await handled()
    row = await fetched_picture(cards, link)
    assert (row["image_id"], row["image_attempts"]) == (None, 0)
    card = await shown(ana, post)
    assert (card["title"], card["image"]) == ("A nest", None)
    assert server.asked == {"/hostile": 1, "/hostile.png": 1}


@pytest.mark.parametrize("make", [files.avif, files.heic, files.png])
async def test_the_largest_that_may_come_fits(tmp_path: Path, make: Callable[[int, int], bytes]) -> None:
    """Of 25 megapixels: within the memory of a worker's container."""
    content = make(5_000, 5_000)
    assert len(content) < PICTURE.bytes_max
    (tmp_path / "source").write_bytes(content)
    format_ = format_of(content[:64])
    assert format_ is not None
    outcome = await run_child(card_job_for(format_, tmp_path / "source", tmp_path, Settings()))
    assert isinstance(outcome.answer, Done), outcome
    assert [result.width for result in outcome.answer.results] == [400, 1200]
    assert outcome.peak_bytes < 500 * MIB


@pytest.mark.parametrize("head", [b"", files.jpeg()[:2000]])
async def test_an_endless_picture(ana: Person, server: Site, cards: Cards, handled: Handled, head: bytes) -> None:
    """Refused by its first bytes, or where the limit is; neither is asked for again."""
    sent = 0

    async def for_ever(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n" + head)
        while True:
            writer.write(bytes(65536))
            sent += 65536
            await writer.drain()

    server.answers["/endless.jpg"] = for_ever
    link = pictured(server, "/endless", "/endless.jpg")
    await ana.post(link)
    await handled()
    assert (await fetched_picture(cards, link))["image_id"] is None
    assert server.asked["/endless.jpg"] == 1
    assert sent < 4 * PICTURE.bytes_max  # what the sockets hold


async def test_a_picture_inside_is_never_asked_for(ana: Person, server: Site, cards: Cards, handled: Handled) -> None:
    async with site("127.0.0.2", server.port) as inside:
        inside.page("/secret.png", files.png())
        secret = at(server, "/secret.png", "inside.example.org")
        server.redirect("/in.png", secret)
        server.redirect("/loop.png", "/loop.png")
        for path, image in (("/named", secret), ("/led", "/in.png"), ("/looped", "/loop.png")):
            link = pictured(server, path, image)
            await ana.post(link)
            await handled()
            row = await fetched_picture(cards, link)
            assert (row["title"], row["image_id"]) == ("A nest", None)
        assert inside.connections == 0


async def test_the_card_does_not_wait_for_its_picture(ana: Person, server: Site, handled: Handled) -> None:
    asked, may_answer = asyncio.Event(), asyncio.Event()
    body = files.png()

    async def slowly(writer: asyncio.StreamWriter) -> None:
        asked.set()
        await may_answer.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    server.answers["/slow.png"] = slowly
    link = pictured(server, "/slow", "/slow.png")
    first = await ana.post(link)
    await handled()
    await asked.wait()
    assert (await shown(ana, first))["image"] is None
    later = await ana.post(f"me too: {link}")
    await handled()
    assert (await shown(ana, later))["image"] is None
    may_answer.set()
    for post in (first, later):  # both are in memory, and told
        await picture_of(ana, post)
    assert server.asked == {"/slow": 1, "/slow.png": 1}


async def test_many_posts_one_picture(ana: Person, server: Site, handled: Handled) -> None:
    server.page("/viral.png", files.png())
    link = pictured(server, "/viral", "/viral.png")
    posts = [await ana.post(f"{number} {link}") for number in range(30)]
    await handled()
    for post in (posts[0], posts[-1]):
        await picture_of(ana, post)
    assert server.asked == {"/viral": 1, "/viral.png": 1}


async def test_pages_with_the_same_picture_share_it(
    ana: Person, server: Site, cards: Cards, media: Media, database: Database, handled: Handled
) -> None:
    body = files.png(500, 300)
    server.page("/logo.png", body)
    server.page("/logo-again.png", body)
    one, other = pictured(server, "/one", "/logo.png"), pictured(server, "/other", "/logo-again.png")
    posts = [await ana.post(one), await ana.post(other)]
    await handled()
    urls = {(await picture_of(ana, post))["url"] for post in posts}
    assert len(urls) == 1
    [url] = urls

    server.page("/one", "<title>Without</title>")
    await change(cards, one, "due_at = now()")
    await shown(ana, await ana.post(one), lambda card: card is not None and card["title"] == "Without")
    await forget_hour(database)
    await cards.pictures.collect(100)
    await delete_doomed(media.repository, media.store)
    assert (await ana.client.get(url)).status_code == 200
    assert await is_stored(media, url)

    await change(cards, other, "image_id = NULL")
    await cards.pictures.collect(100)
    assert await is_stored(media, url)  # not before an hour has passed
    await forget_hour(database)
    await cards.pictures.collect(100)
    assert (await ana.client.get(url)).status_code == 404
    await delete_doomed(media.repository, media.store)
    assert not await is_stored(media, url)


async def test_a_card_fetched_anew_gets_the_new_picture(
    ana: Person, server: Site, cards: Cards, media: Media, database: Database, handled: Handled
) -> None:
    server.page("/news.png", files.png(400, 300))
    link = pictured(server, "/news", "/news.png")
    post = await ana.post(link)
    await handled()
    before = await picture_of(ana, post)

    server.page("/news.png", files.png(410, 300))
    await change(cards, link, "expires_at = now()")
    again = await ana.post(f"again {link}")
    await handled()
    card = await shown(ana, again, lambda card: has_image(card) and card["image"]["width"] == 410)
    after = card["image"]
    assert after["url"] != before["url"]

    await forget_hour(database)
    await cards.pictures.collect(100)
    await delete_doomed(media.repository, media.store)
    assert not any([await is_stored(media, size["url"]) for size in before["sizes"]])
    assert all([await is_stored(media, size["url"]) for size in after["sizes"]])
    assert (await ana.client.get(before["url"])).status_code == 404
    assert (await ana.client.get(after["url"])).status_code == 200


async def test_another_picture_that_fails_leaves_none(
    ana: Person, server: Site, cards: Cards, handled: Handled
) -> None:
    server.page("/good.png", files.png())
    link = pictured(server, "/changed", "/good.png")
    post = await ana.post(link)
    await handled()
    await picture_of(ana, post)
    pictured(server, "/changed", "/nowhere.png", title="Changed")
    await change(cards, link, "due_at = now()")
    async with asyncio.timeout(WAIT_S):
        while (row := await fetched_picture(cards, link))["title"] != "Changed":
            await asyncio.sleep(0.02)
    assert row["image_id"] is None


async def test_trouble_is_tried_again_and_takes_no_picture_away(
    ana: Person, server: Site, cards: Cards, handled: Handled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picturing, "RETRY_S", (0.1, 0.1))
    server.page("/troubled.png", "", status="503 Away")
    link = pictured(server, "/troubled", "/troubled.png")
    post = await ana.post(link)
    await handled()
    row = await fetched_picture(cards, link)
    assert (row["image_id"], row["image_attempts"], server.asked["/troubled.png"]) == (None, 0, 3)

    server.page("/troubled.png", files.png())
    await change(cards, link, "due_at = now()")
    image = await picture_of(ana, await ana.post(f"again {link}"))
    server.page("/troubled.png", "", status="503 Away")
    await change(cards, link, "due_at = now()")
    async with asyncio.timeout(WAIT_S):
        while server.asked["/troubled.png"] < 7:
            await asyncio.sleep(0.02)
    await fetched_picture(cards, link)
    assert (await shown(ana, post, has_image))["image"] == image

    server.page("/troubled.png", "", status="410 Gone")
    await change(cards, link, "due_at = now()")
    async with asyncio.timeout(WAIT_S):
        while (await fetched_picture(cards, link))["image_id"] is not None:
            await asyncio.sleep(0.02)


async def test_what_its_fetcher_died_of_is_given_up(ana: Person, server: Site, cards: Cards, handled: Handled) -> None:
    server.page("/deadly.png", files.png())
    link = at(server, "/deadly")
    server.page("/deadly", "<title>Deadly</title>")
    await ana.post(link)
    await handled()
    await fetched_picture(cards, link)
    image_url = at(server, "/deadly.png")
    await change(cards, link, f"image_url = '{image_url}', image_host = 'h', image_attempts = 3, image_due_at = now()")
    assert (await fetched_picture(cards, link))["image_id"] is None
    assert "/deadly.png" not in server.asked


async def test_a_late_fetcher_shows_nothing(cards: Cards, database: Database) -> None:
    """Its lease has gone to another."""
    link = read_link("http://late-picture.example.org/")
    assert link is not None
    async with database.connection() as connection:
        row = await connection.fetchrow(
            "INSERT INTO media.cards (key, url, host, due_at, title, image_url, image_host, image_due_at) VALUES"
            " ($1, $2, $3, NULL, 't', $2, $3, now() + interval '1 hour')"
            " RETURNING key, url, host, 1, now() - interval '1 minute'",
            link.key,
            link.url,
            link.host,
        )
        await connection.execute("INSERT INTO media.card_posts (key, post_id) VALUES ($1, 7)", link.key)
    late = Claim(*row)
    assert await cards.repository.show_image(late, None) == []
    await cards.repository.keep_image(late)
    await cards.repository.retry_image(late, 0)
    assert (await row_of(cards, link.url))["image_due_at"] is not None
    await change(cards, link.url, "image_due_at = NULL")


async def test_of_two_who_make_the_same_one_stays(
    cards: Cards, card_services: Services, media: Media, database: Database, tmp_path: Path
) -> None:
    """The files of the one that was later are deleted, as those of a worker that died before it could say what it had
    made."""
    made = Processed(
        kind="image", size_bytes=1, files=[], width=99, height=99, duration_ms=None, placeholder="x", color="#000000"
    )
    digest = b"d" * 32
    ids = [card_services.resources.ids.next() for _ in range(3)]
    (tmp_path / "file").write_bytes(b"picture")
    for image_id in ids:
        await cards.repository.announce_image(image_id)
        await media.store.put_file(f"files/{image_id}/x.webp", tmp_path / "file")
    assert [await cards.repository.create_image(image_id, digest, made) for image_id in ids[:2]] == [ids[0]] * 2
    assert await cards.repository.known_image(digest) == ids[0]
    await delete_doomed(media.repository, media.store)
    for image_id in ids:  # within the hour nothing goes
        assert await media.store.read(f"files/{image_id}/x.webp", 0, 7) == b"picture"
    async with database.connection() as connection:
        await connection.execute("UPDATE media.doomed SET due_at = now() - interval '1 second'")
    await delete_doomed(media.repository, media.store)
    assert await media.store.read(f"files/{ids[0]}/x.webp", 0, 7) == b"picture"
    for image_id in ids[1:]:
        with pytest.raises(FileNotFoundError):
            await media.store.read(f"files/{image_id}/x.webp", 0, 7)


async def test_an_upload_of_the_same_bytes_is_another_file(
    ana: Person, server: Site, cards: Cards, media: Media, database: Database, handled: Handled
) -> None:
    body = files.png(333, 222)
    answer = await ana.request("POST", "/v1/media", files={"file": ("a.png", body, "image/png")})
    upload = answer.json()
    shows = await ana.post("mine", media_ids=[upload["id"]])
    server.page("/mine.png", body)
    link = pictured(server, "/mine", "/mine.png")
    post = await ana.post(link)
    await handled()
    image = await picture_of(ana, post)
    async with asyncio.timeout(WAIT_S):
        while (own := (await ana.get(f"/v1/media/{upload['id']}")))["state"] != "ready":
            await asyncio.sleep(0.05)

    await change(cards, link, "image_id = NULL")
    await forget_hour(database)
    await cards.pictures.collect(100)
    await delete_doomed(media.repository, media.store)
    assert not await is_stored(media, image["url"])
    assert (await ana.client.get(own["url"])).status_code == 200
    assert (await ana.get(f"/v1/posts/{shows['id']}"))["media"][0]["state"] == "ready"


async def test_a_picture_that_was_read_once_asks_postgresql_nothing(
    ana: Person, server: Site, database: Database, handled: Handled
) -> None:
    server.page("/warm.png", files.png())
    post = await ana.post(pictured(server, "/warm", "/warm.png"))
    await handled()
    url = (await picture_of(ana, post))["url"]
    with recorded_queries(database) as queries:
        await ana.client.get(url)
    assert len([query for query in queries if "media." in query]) == 2
    with recorded_queries(database) as queries:
        assert (await ana.client.get(url)).status_code == 200
    assert not queries
    name = url.rpartition("/")[2]
    for wrong in (name.replace("webp", "avif"), f"1{name}", name[:-8] + "aaa.webp"):
        assert (await ana.client.get(f"/media/{wrong}")).status_code == 404


async def test_use_counts_for_nobody(ana: Person, server: Site, media: Media, handled: Handled) -> None:
    before = await media.repository.usage_in_total()
    server.page("/counted.png", files.png(444, 333))
    post = await ana.post(pictured(server, "/counted", "/counted.png"))
    await handled()
    await picture_of(ana, post)
    after = await media.repository.usage_in_total()
    assert (after.count, after.bytes) == (before.count, before.bytes)
    assert after.card_count == before.card_count + 1 and after.card_bytes > before.card_bytes
    assert (await ana.get("/v1/users/me/media/usage"))["used_bytes"] == 0


async def test_the_services_own_role_may_do_all_of_it(card_services: Services, database: Database) -> None:
    async with database.connection() as connection, connection.transaction():
        await connection.execute("SET LOCAL ROLE rookery_media")
        await connection.execute(
            "INSERT INTO media.card_images (id, digest, files, width, height, placeholder, color, bytes)"
            " VALUES (1, sha256('r'), '[]', 1, 1, 'x', '#000000', 1)"
        )
        await connection.execute(
            "INSERT INTO media.cards (key, url, host, due_at, title, image_id)"
            " VALUES (sha256('r'), 'r', 'r', NULL, 't', 1)"
        )
        await connection.execute("UPDATE media.cards SET image_id = NULL WHERE image_id = 1")
        await connection.execute("DELETE FROM media.card_images WHERE id = 1")
        assert await connection.fetchval("DELETE FROM media.doomed WHERE media_id = 1 RETURNING true")
