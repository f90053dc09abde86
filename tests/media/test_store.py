"""The store when it is a folder, and when it is away."""

from pathlib import Path

import httpx
import msgspec
import pytest

from rookery.kit.problems import Unavailable
from rookery.kit.settings import Settings
from rookery.media.service import Media
from rookery.media.store import MediaStore
from tests.media import files
from tests.people import Person


async def test_a_folder_holds_what_is_put_there(tmp_path: Path) -> None:
    store = MediaStore(Settings(media_dir=str(tmp_path / "media")))
    (tmp_path / "sent").write_bytes(b"0123456789")

    await store.put_file("files/1/a", tmp_path / "sent")
    await store.put_file("files/12/a", tmp_path / "sent")

    assert await store.read("files/1/a", 2, 3) == b"234"
    assert [block async for block in store.blocks("files/1/a", 8, 2)] == [b"89"]
    assert await store.delete_under("files/1/") == 1
    assert await store.delete_under("files/1/") == 0
    assert await store.read("files/12/a", 0, 1) == b"0"
    with pytest.raises(FileNotFoundError):
        await store.fetch(["files/1/a"], tmp_path / "got")


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> MediaStore:
    """An S3 at an address where nothing listens."""
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "default")
    return MediaStore(Settings(media_url="s3://media/here"))


async def test_a_store_that_is_away_is_unavailable(away: MediaStore, tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await away.read("files/1/a", 0, 1)
    with pytest.raises(Unavailable):
        await away.delete_under("files/1/")


async def test_without_the_store_uploads_are_refused_and_posts_are_not(
    ana: Person, away: MediaStore, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media.uploads, "_store", away)

    refused: httpx.Response = await ana.request("POST", "/v1/media", files={"file": files.png()})

    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert (await ana.get("/v1/users/me/media/usage"))["used_bytes"] == 0
    assert (await ana.post("words need no store"))["media"] == []


def test_settings_have_bounds() -> None:
    from rookery.kit.settings import SettingsError, check_settings

    for name, value in (("media_image_max_pixels", 0), ("media_processes", 0), ("media_public_url", "cdn.example")):
        with pytest.raises(SettingsError, match=name.upper()):
            check_settings(msgspec.structs.replace(Settings(), **{name: value}))
