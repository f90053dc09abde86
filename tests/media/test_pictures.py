"""Avatars and headers."""

import io

import httpx
from PIL import Image

from rookery.media.service import Media
from tests.media import files
from tests.media.test_uploads import Ready, fetched, objects_of
from tests.people import Person


async def shown(client: httpx.AsyncClient, url: str) -> Image.Image:
    return Image.open(io.BytesIO((await fetched(client, url)).content)).convert("RGB")


async def test_an_avatar_is_the_part_that_was_chosen(
    client: httpx.AsyncClient, ana: Person, ben: Person, ready: Ready
) -> None:
    done = await ready(ana, files.png(800, 400))
    post = await ana.post("before")

    crop = {"x": 0.5, "y": 0.0, "width": 0.5, "height": 1.0}
    answer = await ana.request("PUT", "/v1/users/me/avatar", json={"media_id": done["id"], "crop": crop})

    assert answer.status_code == 200, answer.text
    url = answer.json()["url"]
    picture = await shown(client, url)
    assert picture.size == (400, 400)
    red, _, _ = picture.getpixel((200, 200))  # type: ignore[misc]
    assert 40 < red < 90  # the middle of the right half of a gradient from 255 to 0
    assert (await ana.get("/v1/users/me"))["avatar_url"] == url
    assert (await ben.get(f"/v1/posts/{post['id']}"))["author"]["avatar_url"] == url


async def test_a_header_is_cut_from_the_middle_unless_told(
    client: httpx.AsyncClient, ana: Person, ready: Ready
) -> None:
    done = await ready(ana, files.png(800, 800))

    answer = await ana.request("PUT", "/v1/users/me/header", json={"media_id": done["id"]})

    assert (await shown(client, answer.json()["url"])).size == (1500, 500)
    assert (await ana.get("/v1/users/me"))["header_url"] == answer.json()["url"]


async def test_a_new_one_replaces_the_old_and_both_can_go(
    client: httpx.AsyncClient, ana: Person, ready: Ready, media: Media
) -> None:
    done = await ready(ana, files.png())
    urls = [
        (await ana.request("PUT", "/v1/users/me/avatar", json={"media_id": done["id"]})).json()["url"] for _ in range(2)
    ]
    assert [(await client.get(url)).status_code for url in urls] == [404, 200]

    await ana.delete("/v1/users/me/avatar")

    assert (await client.get(urls[1])).status_code == 404
    assert (await ana.get("/v1/users/me"))["avatar_url"] is None
    assert (await ana.get("/v1/users/me/media/usage"))["image"]["count"] == 1
    await ana.delete("/v1/users/me/avatar")


async def test_pictures_of_a_protected_account_are_public(client: httpx.AsyncClient, ana: Person, ready: Ready) -> None:
    done = await ready(ana, files.png())
    await ana.protect()

    url = (await ana.request("PUT", "/v1/users/me/avatar", json={"media_id": done["id"]})).json()["url"]

    assert "?" not in url
    assert (await fetched(client, url)).headers["cache-control"].startswith("public")


async def test_choices_that_are_refused(client: httpx.AsyncClient, ana: Person, ben: Person, ready: Ready) -> None:
    mine, other, moving = await ready(ana, files.png()), await ready(ben, files.png()), await ready(ana, files.gif())
    beyond = {"x": 0.6, "y": 0.0, "width": 0.5, "height": 1.0}
    nothing = {"x": 0.6, "y": 0.0, "width": 0, "height": 1.0}

    for body, field in (
        ({"media_id": other["id"]}, "media_id"),
        ({"media_id": moving["id"]}, "media_id"),
        ({"media_id": "1"}, "media_id"),
        ({"media_id": mine["id"], "crop": beyond}, "crop"),
        ({"media_id": mine["id"], "crop": nothing}, "crop.width"),
    ):
        answer = await ana.request("PUT", "/v1/users/me/avatar", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert (await ana.get("/v1/users/me"))["avatar_url"] is None
    assert (await client.put("/v1/users/me/avatar", json={"media_id": mine["id"]})).status_code == 401
    assert (await client.delete("/v1/users/me/avatar")).status_code == 401


async def test_a_picture_cannot_be_posted(ana: Person, ready: Ready, media: Media) -> None:
    done = await ready(ana, files.png())
    url = (await ana.request("PUT", "/v1/users/me/avatar", json={"media_id": done["id"]})).json()["url"]
    picture_id = url.rpartition("/")[2].partition("-")[0]
    assert await objects_of(media, f"files/{picture_id}/")

    assert (await ana.request("GET", f"/v1/media/{picture_id}")).status_code == 404
    refused = await ana.request("POST", "/v1/posts", json={"content": "me", "media_ids": [picture_id]})
    assert refused.status_code == 400


async def test_a_choice_may_lie_in_a_large_picture(ana: Person, ready: Ready) -> None:
    done = await ready(ana, files.jpeg(4000, 3000))

    answer = await ana.request("PUT", "/v1/users/me/header", json={"media_id": done["id"]})

    assert answer.status_code == 200
