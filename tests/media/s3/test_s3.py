"""The media store on S3 by Ceph: bytes as they were, in parts, in lists, and nothing without the right secret."""

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from rookery.gateway.app import wrap
from rookery.gateway.wiring import Services
from rookery.gateway.worker import Worker
from rookery.kit.migrate import migrate
from rookery.kit.problems import Unavailable
from rookery.kit.settings import Settings
from rookery.media.store import MediaStore
from tests.media import files
from tests.media.conftest import upload
from tests.media.s3.ceph import Ceph, missing_programs
from tests.people import Person, sign_up

KEY, SECRET = "ROOKERY", "secret-of-the-tests"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def ceph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ceph]:
    assert not missing_programs(), f"make test-s3 installs them: {missing_programs()}"
    ceph = Ceph(tmp_path_factory.mktemp("ceph"))
    try:
        ceph.start()
        ceph.create_user(KEY, SECRET)
        ceph.create_bucket("media", KEY, SECRET)
        yield ceph
    finally:
        ceph.stop()


@pytest.fixture
def s3(ceph: Ceph, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """As an operator sets it."""
    monkeypatch.setenv("AWS_ENDPOINT", ceph.url)
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_REGION", "default")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    return Settings(media_url="s3://media/here", secret_key=secrets.token_hex(32))


async def test_bytes_come_back_as_they_went(s3: Settings, tmp_path: Path) -> None:
    store = MediaStore(s3)
    content = secrets.token_bytes(12 * MIB + 7)  # so large that it goes in parts
    (tmp_path / "sent").write_bytes(content)

    await store.put_file("files/1/whole", tmp_path / "sent")

    assert await store.read("files/1/whole", 5 * MIB - 3, 10) == content[5 * MIB - 3 : 5 * MIB + 7]
    assert b"".join([block async for block in store.blocks("files/1/whole", 3, 3 * MIB)]) == content[3 : 3 * MIB + 3]
    await store.fetch(["files/1/whole", "files/1/whole"], tmp_path / "got")
    assert (tmp_path / "got").read_bytes() == content * 2


async def test_a_folder_goes_and_its_neighbours_stay(s3: Settings, tmp_path: Path) -> None:
    store = MediaStore(s3)
    (tmp_path / "sent").write_bytes(b"a few bytes")
    for path in ("files/2/a", "files/2/b", "files/22/a", "uploads/2/a"):
        await store.put_file(path, tmp_path / "sent")

    assert await store.delete_under("files/2/") == 2

    with pytest.raises(FileNotFoundError):
        await store.read("files/2/a", 0, 1)
    assert await store.read("files/22/a", 0, 5) == b"a few"
    await store.delete(["files/2/a"])


@pytest.mark.parametrize(("key", "secret"), [(KEY, "not the secret"), ("NOBODY", SECRET)])
async def test_the_server_checks_signatures(
    s3: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, secret: str
) -> None:
    (tmp_path / "sent").write_bytes(b"a few bytes")
    await MediaStore(s3).put_file("files/3/a", tmp_path / "sent")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    stranger = MediaStore(s3)

    with pytest.raises(Unavailable):
        await stranger.put_file("files/3/b", tmp_path / "sent")
    with pytest.raises(Unavailable):
        await stranger.read("files/3/a", 0, 1)
    with pytest.raises(Unavailable):
        await stranger.delete_under("files/3/")
    monkeypatch.undo()


@pytest.fixture
async def person(settings: Settings, s3: Settings) -> AsyncIterator[tuple[httpx.AsyncClient, Person]]:
    """Somebody on a Rookery of its own whose media are on S3, with its worker."""
    import msgspec

    await migrate(settings.database_url)
    services = Services(msgspec.structs.replace(settings, media_url=s3.media_url))
    await services.open()
    worker = Worker(services, paced=False)
    await worker.start()
    transport = httpx.ASGITransport(app=wrap(services, lifespan=False))
    async with httpx.AsyncClient(transport=transport, base_url="http://rookery.test") as client:
        yield client, await sign_up(client, "ana")
    await worker.stop()
    await services.close()


async def test_a_picture_is_uploaded_processed_and_delivered(person: tuple[httpx.AsyncClient, Person]) -> None:
    import asyncio

    client, ana = person
    waiting = await upload(ana, files.photo())
    async with asyncio.timeout(60):
        while (done := await ana.get(f"/v1/media/{waiting['id']}"))["state"] != "ready":
            assert done["state"] != "failed", done
            await asyncio.sleep(0.1)

    whole = await client.get(done["url"])
    part = await client.get(done["url"], headers={"Range": "bytes=100-199"})

    assert whole.status_code == 200 and files.MARK.encode() not in whole.content
    assert (part.status_code, part.content) == (206, whole.content[100:200])
