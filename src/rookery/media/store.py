"""Bytes of media in an object store: a local folder, or S3, GCS, Azure through obstore.

What was sent stands under `uploads/<media id>/`, what is served under `files/<media id>/`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from rookery.kit.problems import Unavailable
from rookery.kit.settings import Settings

BLOCK_BYTES: Final = 1024 * 1024
LISTED_AT_ONCE: Final = 500
PARTS_AT_ONCE: Final = 4

LOCAL_SCHEMES: Final = ("file:", "memory:")
RETRIES: Final[Any] = {"max_retries": 3, "retry_timeout": timedelta(seconds=10)}

T = TypeVar("T")


class MediaStore:
    """Opened at first use. Every method raises Unavailable when the store does not answer, after some retries."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened: Any = None

    @property
    def _store(self) -> Any:
        if self._opened is None:
            self._opened = open_store(self._settings)
        return self._opened

    async def put_file(self, path: str, file: Path) -> None:
        """Streamed, in parts of 5 MiB where it is large."""
        await _answered(obstore.put_async(self._store, path, file, max_concurrency=PARTS_AT_ONCE))

    async def put(self, path: str, content: bytes) -> None:
        await _answered(obstore.put_async(self._store, path, content))

    async def read(self, path: str, start: int, length: int) -> bytes:
        """Raises FileNotFoundError."""
        return bytes(await _answered(obstore.get_range_async(self._store, path, start=start, length=length)))

    async def blocks(self, path: str, start: int, length: int) -> AsyncIterator[bytes]:
        """A part of a file in blocks of BLOCK_BYTES: a slow reader holds no request to the store open."""
        end = start + length
        while start < end:
            size = min(BLOCK_BYTES, end - start)
            yield await self.read(path, start, size)
            start += size

    async def fetch(self, paths: Iterable[str], target: Path) -> None:
        """Write objects one after the other into a local file. Raises FileNotFoundError."""
        with target.open("wb") as file:
            for path in paths:
                meta = await _answered(obstore.head_async(self._store, path))
                async for block in self.blocks(path, 0, meta["size"]):
                    await asyncio.to_thread(file.write, block)

    async def delete(self, paths: list[str]) -> None:
        """What is gone already is no error."""
        for path in paths:
            try:
                await _answered(obstore.delete_async(self._store, path))
            except FileNotFoundError:
                continue

    async def delete_under(self, folder: str) -> int:
        """Delete all objects of a folder; returns how many."""
        deleted = 0
        try:
            async for listed in obstore.list(self._store, folder, chunk_size=LISTED_AT_ONCE):
                await self.delete([each["path"] for each in listed])
                deleted += len(listed)
        except FileNotFoundError:
            return deleted
        except BaseError as error:
            raise Unavailable("The media store does not answer.") from error
        return deleted


def open_store(settings: Settings) -> Any:
    """`media_url` as obstore reads it; credentials, region and endpoint come from AWS_*, GOOGLE_* or AZURE_*."""
    if settings.media_url:
        if settings.media_url.startswith(LOCAL_SCHEMES):
            return from_url(settings.media_url)
        return from_url(settings.media_url, retry_config=RETRIES)
    return LocalStore(Path(settings.media_dir).absolute(), mkdir=True)


async def _answered(answer: Awaitable[T]) -> T:
    try:
        return await answer
    except BaseError as error:
        raise Unavailable("The media store does not answer; try again in a moment.") from error
