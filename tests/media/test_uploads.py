"""POST /v1/media: what is taken, what is refused and when, and who may see what became of it."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import msgspec
import pytest
from PIL import Image

from rookery.contracts.media import MediaAttachment
from rookery.media.service import Media
from rookery.media.upkeep import delete_doomed
from tests.media import files
from tests.media.conftest import Processed, upload
from tests.people import Person

Ready = Callable[..., Awaitable[dict[str, Any]]]

IMAGES = {"jpeg": files.jpeg, "png": files.png, "webp": files.webp, "avif": files.avif, "heic": files.heic}


async def fetched(client: httpx.AsyncClient, url: str) -> httpx.Response:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    return answer


def picture_of(answer: httpx.Response) -> Image.Image:
    return Image.open(io.BytesIO(answer.content))


@pytest.mark.parametrize("format_", IMAGES)
async def test_an_image_becomes_webp_in_sizes(
    client: httpx.AsyncClient, ana: Person, ready: Ready, format_: str
) -> None:
    done = await ready(ana, IMAGES[format_](1400, 700))

    assert (done["kind"], done["width"], done["height"], done["progress"]) == ("image", 1400, 700, 1.0)
    assert [(size["width"], size["height"], size["type"]) for size in done["sizes"]] == [
        (480, 240, "image/webp"),
        (1080, 540, "image/webp"),
        (1400, 700, "image/webp"),
    ]
    assert done["url"] == done["sizes"][-1]["url"]
    assert len(done["placeholder"]) == 4 + 2 * 4 * 3  # BlurHash of 4 by 3
    assert done["failure"] is None
    for size in done["sizes"]:
        picture = picture_of(await fetched(client, size["url"]))
        assert (picture.format, picture.size) == ("WEBP", (size["width"], size["height"]))
    red, _, blue = picture.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert red > 230 and blue < 30


async def test_avif_comes_where_it_is_asked_for(
    client: httpx.AsyncClient, ana: Person, ready: Ready, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = msgspec.structs.replace(media.resources.settings, media_avif=True)
    monkeypatch.setattr(media.processing, "_settings", settings)

    done = await ready(ana, files.jpeg(600, 300))

    kinds = [(size["width"], size["type"]) for size in done["sizes"]]
    assert kinds == [(480, "image/webp"), (480, "image/avif"), (600, "image/webp"), (600, "image/avif")]
    assert done["url"].endswith(".webp")
    answer = await fetched(client, done["sizes"][1]["url"])
    assert answer.headers["content-type"] == "image/avif"
    assert picture_of(answer).size == (480, 240)


async def test_nothing_is_made_larger_than_it_was(ana: Person, ready: Ready) -> None:
    done = await ready(ana, files.png(20, 10))

    assert [(size["width"], size["height"]) for size in done["sizes"]] == [(20, 10)]


async def test_a_photo_stands_upright_and_tells_nothing_of_where_it_was_taken(
    client: httpx.AsyncClient, ana: Person, ready: Ready
) -> None:
    sent = files.photo(orientation=6)  # to be turned clockwise by a quarter
    assert files.MARK.encode() in sent and Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)

    done = await ready(ana, sent)

    assert (done["width"], done["height"]) == (240, 320)
    for size in done["sizes"]:
        answer = await fetched(client, size["url"])
        picture = picture_of(answer)
        assert files.MARK.encode() not in answer.content
        assert not picture.getexif() and not picture.info.get("xmp") and not picture.info.get("icc_profile")
    red, _, _ = picture.convert("RGB").getpixel((picture.width - 5, 5))  # type: ignore[misc]
    assert red > 230  # what was left above is right above


async def test_colours_of_another_profile_are_told_in_srgb(
    client: httpx.AsyncClient, ana: Person, ready: Ready
) -> None:
    sent = files.wide_gamut()
    there = Image.open(io.BytesIO(sent)).getpixel((30, 30))
    assert there[1] > 40  # type: ignore[index]  # the profile tells red in other numbers

    done = await ready(ana, sent)

    red, green, blue = picture_of(await fetched(client, done["url"])).convert("RGB").getpixel((30, 30))  # type: ignore[misc]
    assert red > 245 and green < 15 and blue < 15
    assert done["color"].startswith("#f")


async def test_words_come_with_the_file_and_can_be_changed(ana: Person, ready: Ready) -> None:
    done = await ready(ana, files.png(), alt=" A gradient ", focus="0.5,-0.25", sensitive="true")
    assert (done["alt"], done["focus"], done["sensitive"]) == ("A gradient", [0.5, -0.25], True)

    changed = await ana.request("PATCH", f"/v1/media/{done['id']}", json={"alt": "Ä" * 10_000, "focus": None})
    assert changed.status_code == 200
    assert (len(changed.json()["alt"]), changed.json()["focus"], changed.json()["sensitive"]) == (10_000, None, True)

    refused = await ana.request("PATCH", f"/v1/media/{done['id']}", json={"alt": "Ä" * 10_001})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "alt")
    refused = await ana.request("PATCH", f"/v1/media/{done['id']}", json={"focus": [2, 0]})
    assert refused.status_code == 400


async def test_changes_of_different_words_at_once_all_hold(ana: Person, ready: Ready) -> None:
    done = await ready(ana, files.png())
    path = f"/v1/media/{done['id']}"
    for turn in range(1, 6):
        changes: list[dict[str, Any]] = [
            {"alt": f"words {turn}"},
            {"focus": [turn / 8, 0]},
            {"sensitive": turn % 2 == 1},
        ]

        await asyncio.gather(*(ana.request("PATCH", path, json=change) for change in changes))

        shown = await ana.get(path)
        assert [{name: shown[name]} for change in changes for name in change] == changes


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"focus": "0.5"}, "focus"),
        ({"focus": "2,0"}, "focus"),
        ({"focus": "nan,0"}, "focus"),
        ({"sensitive": "perhaps"}, "sensitive"),
        ({"alt": "x" * 10_001}, "alt"),
        ({"caption": "unknown"}, "caption"),
    ],
)
async def test_wrong_fields_are_named(ana: Person, fields: dict[str, str], field: str) -> None:
    refused = await ana.request("POST", "/v1/media", files={"file": files.png()}, data=fields)

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)
    assert (await ana.get("/v1/users/me/media/usage"))["used_bytes"] == 0


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415),
        (files.SCRIPT, 415),
        (b"PK\x03\x04" + bytes(100), 415),
        (b"%PDF-1.7" + bytes(100), 415),
        (b"MZ" + bytes(100), 415),
        (b"\xff", 415),
    ],
    ids=["empty", "svg", "html", "zip", "pdf", "exe", "one byte"],
)
async def test_what_is_no_picture_is_refused_whatever_it_is_called(ana: Person, content: bytes, status: int) -> None:
    refused = await ana.request("POST", "/v1/media", files={"file": ("cat.png", content, "image/png")})

    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"


async def test_another_body_is_refused(ana: Person) -> None:
    json = await ana.request("POST", "/v1/media", json={"file": "x"})
    assert (json.status_code, json.json()["code"]) == (415, "unsupported_media_type")
    broken = await ana.request(
        "POST", "/v1/media", content=b"no form", headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert (broken.status_code, broken.json()["code"]) == (400, "invalid")


async def test_too_large_is_refused_before_it_is_sent(ana: Person) -> None:
    """By its Content-Length: not a byte of the body is asked for."""
    asked = False

    async def never() -> AsyncIterator[bytes]:
        nonlocal asked
        asked = True
        yield b""

    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(2**40)}
    refused = await ana.request("POST", "/v1/media", content=never(), headers=headers)

    assert (refused.status_code, refused.json()["code"], asked) == (413, "too_large", False)


async def test_an_image_is_refused_at_the_bound_of_images(ana: Person, media: Media) -> None:
    """Known by its first bytes: what follows is read no further than the bound, and kept nowhere."""
    most = media.resources.settings.media_image_max_bytes
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n' + files.png()
        while sent < 4 * most:
            sent += 2**18
            yield bytes(2**18)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    refused = await ana.request("POST", "/v1/media", content=endless(), headers=headers)

    assert refused.status_code == 413, refused.text
    assert sent <= most + 2**19


async def test_who_sends_nothing_is_sent_away(ana: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rookery.media.incoming.IDLE_S", 0.1)

    async def stalling() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + files.png()[:500]
        await asyncio.sleep(5)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    refused = await ana.request("POST", "/v1/media", content=stalling(), headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (408, "too_slow")


async def test_strangers_and_the_signed_out_are_told_nothing(
    client: httpx.AsyncClient, ana: Person, ben: Person, ready: Ready
) -> None:
    done = await ready(ana, files.png())
    path = f"/v1/media/{done['id']}"

    for person, status in ((ben, 404), (None, 401)):
        ask = client.request if person is None else person.request
        assert (await ask("GET", path)).status_code == status
        assert (await ask("PATCH", path, json={"alt": "mine"})).status_code == status
        assert (await ask("DELETE", path)).status_code == status
    assert (await client.post("/v1/media", files={"file": files.png()})).status_code == 401
    assert (await ana.get(path))["alt"] == ""


async def test_an_upload_that_no_post_shows_can_be_deleted(ana: Person, ready: Ready) -> None:
    done = await ready(ana, files.png())
    assert (await ana.get("/v1/users/me/media/usage"))["image"]["count"] == 1

    await ana.delete(f"/v1/media/{done['id']}")

    assert (await ana.request("GET", f"/v1/media/{done['id']}")).status_code == 404
    assert (await ana.get("/v1/users/me/media/usage"))["used_bytes"] == 0


async def test_use_is_what_is_served(client: httpx.AsyncClient, ana: Person, ready: Ready) -> None:
    done = await ready(ana, files.png(1400, 700))

    sizes = [len((await fetched(client, size["url"])).content) for size in done["sizes"]]
    usage = await ana.get("/v1/users/me/media/usage")
    assert (usage["used_bytes"], usage["image"]) == (sum(sizes), {"count": 1, "bytes": sum(sizes)})
    assert done["size_bytes"] == sum(sizes)


async def test_a_quota_ends_uploads(ana: Person, ready: Ready, media: Media, monkeypatch: pytest.MonkeyPatch) -> None:
    done = await ready(ana, files.png())
    monkeypatch.setattr(media.quota, "_quota_bytes", done["size_bytes"])

    refused = await ana.request("POST", "/v1/media", files={"file": files.png(640, 480) + bytes(100_000)})

    assert (refused.status_code, refused.json()["code"]) == (403, "quota_exceeded")


async def test_who_is_waiting_for_much_waits(ana: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rookery.media.quota.WAITING_MAX", 0)

    refused = await ana.request("POST", "/v1/media", files={"file": files.png()})

    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_waiting")


async def test_what_was_sent_is_not_kept(ana: Person, ready: Ready, media: Media) -> None:
    """The object with the original goes as soon as the sizes are there."""
    done = await ready(ana, files.photo())

    await delete_doomed(media.repository, media.store)
    assert not await objects_of(media, f"uploads/{done['id']}/")
    assert len(await objects_of(media, f"files/{done['id']}/")) == len(done["sizes"])


async def objects_of(media: Media, folder: str) -> list[str]:
    import obstore

    return [each["path"] async for some in obstore.list(media.store._store, folder) for each in some]


async def test_the_answer_is_what_is_described(ana: Person, processed: Processed) -> None:
    waiting = await upload(ana, files.png())
    assert (waiting["state"], waiting["url"], waiting["sizes"], waiting["placeholder"]) == ("uploaded", None, [], None)

    msgspec.convert(await processed(ana, waiting), MediaAttachment)
