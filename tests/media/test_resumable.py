"""tus 1.0.0: uploads that go on where they stopped."""

import base64
import hashlib
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from rookery.media.service import Media
from tests.media import files
from tests.media.conftest import Processed
from tests.media.test_uploads import objects_of
from tests.people import Person

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}


async def begin(person: Person, length: int, **headers: str) -> str:
    answer = await person.request("POST", "/v1/media/uploads", headers={**TUS, "Upload-Length": str(length), **headers})
    assert answer.status_code == 201, answer.text
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert parsedate_to_datetime(answer.headers["upload-expires"])
    return str(answer.headers["location"])


async def send(person: Person, path: str, offset: int, content: Any, **headers: str) -> httpx.Response:
    return await person.request(
        "PATCH", path, content=content, headers={**PIECE, "Upload-Offset": str(offset), **headers}
    )


async def offset_of(person: Person, path: str) -> tuple[int, int]:
    answer = await person.request("HEAD", path, headers=TUS)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    return int(answer.headers["upload-offset"]), int(answer.headers["upload-length"])


def metadata(**values: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


async def test_pieces_become_media(ana: Person, processed: Processed) -> None:
    content = files.png(640, 480)
    path = await begin(ana, len(content), **{"Upload-Metadata": metadata(filename="cat.gif", alt="Ä cat")})
    assert await offset_of(ana, path) == (0, len(content))

    for start in range(0, len(content), 1000):
        answer = await send(ana, path, start, content[start : start + 1000])
        assert answer.status_code == 204, answer.text
        assert int(answer.headers["upload-offset"]) == min(start + 1000, len(content))

    assert await offset_of(ana, path) == (len(content), len(content))
    done = await processed(ana, {"id": path.rpartition("/")[2]})
    assert (done["state"], done["width"], done["alt"]) == ("ready", 640, "Ä cat")
    assert await offset_of(ana, path) == (len(content), len(content))  # for who did not hear the last answer


async def test_options_tell_what_the_server_can(client: httpx.AsyncClient) -> None:
    answer = await client.request("OPTIONS", "/v1/media/uploads")

    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,expiration,checksum,termination"
    assert answer.headers["tus-checksum-algorithm"] == "sha1,sha256"


async def test_a_broken_piece_is_kept_as_far_as_it_came(app: Any, ana: Person, processed: Processed) -> None:
    content = files.png(640, 480)
    path = await begin(ana, len(content))

    await broken_off(app, ana, path, content[:1500])

    assert await offset_of(ana, path) == (1500, len(content))
    assert (await send(ana, path, 1500, content[1500:])).status_code == 204
    assert (await processed(ana, {"id": path.rpartition("/")[2]}))["state"] == "ready"


async def test_a_broken_piece_with_a_checksum_is_not_kept(app: Any, ana: Person) -> None:
    content = files.png(640, 480)
    path = await begin(ana, len(content))
    digest = base64.b64encode(hashlib.sha1(content).digest())

    await broken_off(app, ana, path, content[:1500], (b"upload-checksum", b"sha1 " + digest))

    assert await offset_of(ana, path) == (0, len(content))


async def broken_off(app: Any, person: Person, path: str, content: bytes, *headers: tuple[bytes, bytes]) -> None:
    """A PATCH whose connection ends behind `content`, as a server tells an application."""
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": content, "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def ignore(_: Any) -> None:
        return None

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PATCH",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"authorization", f"Bearer {person.token}".encode()),
            (b"tus-resumable", b"1.0.0"),
            (b"content-type", b"application/offset+octet-stream"),
            (b"upload-offset", b"0"),
            *headers,
        ],
        "client": ("127.0.0.1", 1),
        "server": ("rookery.test", 80),
    }
    await app(scope, receive, ignore)


async def test_a_wrong_offset_is_told(ana: Person) -> None:
    content = files.png()
    path = await begin(ana, len(content))
    await send(ana, path, 0, content[:200])

    again = await send(ana, path, 0, content[:200])

    assert (again.status_code, again.json()["code"]) == (409, "wrong_offset")
    assert await offset_of(ana, path) == (200, len(content))


async def test_checksums_are_checked(ana: Person) -> None:
    content = files.png()
    path = await begin(ana, len(content))

    def told(algorithm: str, data: bytes) -> str:
        return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"

    wrong = await send(ana, path, 0, content[:200], **{"Upload-Checksum": told("sha1", b"other bytes")})
    assert (wrong.status_code, wrong.json()["code"]) == (460, "checksum_mismatch")
    assert await offset_of(ana, path) == (0, len(content))
    unknown = await send(ana, path, 0, content[:200], **{"Upload-Checksum": told("md5", content[:200])})
    assert unknown.status_code == 400
    for algorithm, start in (("sha1", 0), ("sha256", 200)):
        part = content[start : start + 200]
        assert (await send(ana, path, start, part, **{"Upload-Checksum": told(algorithm, part)})).status_code == 204


async def test_more_than_was_announced_is_refused(ana: Person) -> None:
    path = await begin(ana, 100)

    assert (await send(ana, path, 0, files.png())).status_code == 413
    assert await offset_of(ana, path) == (0, 100)


async def test_what_we_do_not_take_is_not_taken_to_its_end(ana: Person) -> None:
    path = await begin(ana, 10_000_000)

    refused = await send(ana, path, 0, files.SCRIPT + bytes(500))

    assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_media")
    assert (await ana.request("HEAD", path, headers=TUS)).status_code == 404


async def test_an_image_may_not_be_as_large_as_a_video(ana: Person, media: Media) -> None:
    path = await begin(ana, media.resources.settings.media_image_max_bytes + 1)

    assert (await send(ana, path, 0, files.png())).status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": "100", "Tus-Resumable": "0.2.2"}, 412),
        ({"Upload-Length": "0"}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Defer-Length": "1"}, 400),
        ({"Upload-Length": str(2**41)}, 413),
        ({"Upload-Length": "100", "Upload-Metadata": "alt no-base64!"}, 400),
        ({"Upload-Length": "100", "Upload-Metadata": metadata(focus="9,9")}, 400),
    ],
)
async def test_beginnings_that_are_refused(ana: Person, headers: dict[str, str], status: int) -> None:
    answer = await ana.request("POST", "/v1/media/uploads", headers={**TUS, **headers})

    assert answer.status_code == status
    if status == 412:
        assert answer.headers["tus-version"] == "1.0.0"


async def test_what_is_announced_counts_against_the_quota(
    ana: Person, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media.quota, "_quota_bytes", 1500)
    await begin(ana, 1000)

    refused = await ana.request("POST", "/v1/media/uploads", headers={**TUS, "Upload-Length": "1000"})

    assert (refused.status_code, refused.json()["code"]) == (403, "quota_exceeded")


async def test_an_upload_is_its_owners_alone(client: httpx.AsyncClient, ana: Person, ben: Person) -> None:
    content = files.png()
    path = await begin(ana, len(content))

    assert (await ben.request("HEAD", path, headers=TUS)).status_code == 404
    assert (await send(ben, path, 0, content)).status_code == 404
    assert (await ben.request("DELETE", path, headers=TUS)).status_code == 404
    assert (await client.head(path, headers=TUS)).status_code == 401
    assert (await client.post("/v1/media/uploads", headers={**TUS, "Upload-Length": "9"})).status_code == 401


async def test_an_upload_can_be_ended(ana: Person, media: Media) -> None:
    content = files.png()
    path = await begin(ana, len(content))
    await send(ana, path, 0, content[:200])
    folder = f"uploads/{path.rpartition('/')[2]}/"
    assert len(await objects_of(media, folder)) == 1

    ended = await ana.request("DELETE", path, headers=TUS)

    assert ended.status_code == 204
    assert (await send(ana, path, 200, content[200:])).status_code == 404
    assert (await ana.get("/v1/users/me/media/usage"))["used_bytes"] == 0
