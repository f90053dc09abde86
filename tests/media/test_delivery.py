"""GET /media/{name}: for ever where it is public, by a signed address where its account is protected."""

import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from rookery.media.delivery import range_of
from rookery.media.errors import RangeNotSatisfiable
from rookery.media.service import Media
from tests.media import files
from tests.media.test_uploads import Ready, fetched
from tests.people import Person


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, None),
        ("bytes=0-", (0, 100)),
        ("bytes=0-9", (0, 10)),
        ("bytes=90-200", (90, 10)),
        ("bytes=-10", (90, 10)),
        ("bytes=-1000", (0, 100)),
        ("bytes=0-4,10-14", None),
        ("bytes=9-0", None),
        ("bytes=-", None),
        ("lines=0-4", None),
        ("bytes=a-b", None),
    ],
)
def test_ranges(header: str | None, part: tuple[int, int] | None) -> None:
    assert range_of(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=-0"])
def test_ranges_beyond_the_end(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        range_of(header, 100)


async def test_a_file_is_kept_for_ever_and_runs_nothing(client: httpx.AsyncClient, ana: Person, ready: Ready) -> None:
    url = (await ready(ana, files.png()))["url"]

    answer = await fetched(client, url)

    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert int(answer.headers["content-length"]) == len(answer.content)


async def test_head_range_and_etag(client: httpx.AsyncClient, ana: Person, ready: Ready) -> None:
    url = (await ready(ana, files.png(1000, 800)))["url"]
    whole = await fetched(client, url)
    etag = whole.headers["etag"]

    head = await client.head(url)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", etag)
    assert head.headers["content-length"] == whole.headers["content-length"]

    part = await client.get(url, headers={"Range": "bytes=10-29"})
    assert (part.status_code, part.content) == (206, whole.content[10:30])
    assert part.headers["content-range"] == f"bytes 10-29/{len(whole.content)}"
    assert (await client.get(url, headers={"Range": "bytes=-5", "If-Range": etag})).content == whole.content[-5:]
    assert (await client.get(url, headers={"Range": "bytes=0-5", "If-Range": '"old"'})).content == whole.content

    beyond = await client.get(url, headers={"Range": "bytes=99999999-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(whole.content)}")

    known = await client.get(url, headers={"If-None-Match": etag})
    assert (known.status_code, known.content) == (304, b"")


async def test_a_file_that_the_store_has_lost_is_a_404(
    client: httpx.AsyncClient, ana: Person, ready: Ready, media: Media
) -> None:
    done = await ready(ana, files.png())
    await media.store.delete_under(f"files/{done['id']}/")

    assert (await client.get(done["url"])).status_code == 404


async def test_a_large_file_comes_in_blocks(
    client: httpx.AsyncClient, ana: Person, ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = await ready(ana, files.png(1000, 800))
    whole = (await fetched(client, done["url"])).content
    monkeypatch.setattr("rookery.media.store.BLOCK_BYTES", 1000)
    monkeypatch.setattr("rookery.media.delivery.BLOCK_BYTES", 700)

    assert len(whole) > 3000
    assert (await fetched(client, done["url"])).content == whole
    assert (await client.get(done["url"], headers={"Range": "bytes=600-2800"})).content == whole[600:2801]


@pytest.mark.parametrize(
    "name", ["x", "1-" + "a" * 32 + ".webp", "9" * 19 + "-" + "a" * 32 + ".mp4", "..%2f..%2fsecret", "%00"]
)
async def test_names_that_are_none(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/media/{name}")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_the_same_picture_has_another_name_for_each_upload(ana: Person, ben: Person, ready: Ready) -> None:
    """Nobody can tell from a name, or from bytes that they have, where else they are."""
    first, second = await ready(ana, files.png()), await ready(ben, files.png())

    assert first["url"].partition("-")[2] != second["url"].partition("-")[2]


async def test_files_of_a_protected_account_need_a_signed_address(
    client: httpx.AsyncClient, ana: Person, ben: Person, cem: Person, ready: Ready, media: Media
) -> None:
    done = await ready(ana, files.png())
    post = await ana.post("for friends", media_ids=[done["id"]])
    await ben.follow(ana)
    open_url = (await ben.get(f"/v1/posts/{post['id']}"))["media"][0]["url"]
    assert (await client.get(open_url)).status_code == 200

    await ana.protect()

    assert (await client.get(open_url)).status_code == 404
    [shown] = (await ben.get(f"/v1/posts/{post['id']}"))["media"]
    assert (await cem.request("GET", f"/v1/posts/{post['id']}")).status_code == 404
    signed = await fetched(client, shown["url"])
    assert signed.headers["cache-control"].startswith("private, max-age=")
    for size in [*shown["sizes"], *(await ana.get(f"/v1/media/{done['id']}"))["sizes"]]:
        await fetched(client, size["url"])

    parts = urlsplit(shown["url"])
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert int(query["e"]) - time.time() >= media.resources.settings.media_signed_url_ttl_s
    for wrong in (
        {"e": str(int(query["e"]) + 1), "s": query["s"]},
        {"e": query["e"], "s": "A" * 22},
        {"e": query["e"], "s": "ä"},
        {"e": query["e"]},
        {"e": "soon", "s": query["s"]},
    ):
        assert (await client.get(parts.path, params=wrong)).status_code == 404
    other = shown["sizes"][0]["url"].split("?")[0].replace("/media/1", "/media/2")
    assert (await client.get(f"{other}?{parts.query}")).status_code == 404

    await ana.protect(False)
    assert (await client.get(open_url)).status_code == 200


async def test_a_signed_address_ends(
    client: httpx.AsyncClient, ana: Person, ready: Ready, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ana.protect()
    done = await ready(ana, files.png())
    assert "?e=" in done["url"]
    await fetched(client, done["url"])

    ends_at = int(parse_qs(urlsplit(done["url"]).query)["e"][0])
    monkeypatch.setattr("rookery.media.addresses.time.time", lambda: ends_at + 1.0)

    assert (await client.get(done["url"])).status_code == 404
