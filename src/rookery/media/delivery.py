"""Files as browsers and CDNs get them: for ever where they are public, for a while where an address was signed."""

import re
from collections.abc import AsyncIterator
from typing import Final

from msgspec import Struct

from rookery.contracts.media import StoredCaptions, StoredFile, StoredMedia
from rookery.contracts.users import UsersApi
from rookery.kit.etag import matches
from rookery.kit.local_cache import LocalCache
from rookery.media.addresses import NAME, ROUND_S, Addresses, find_file, object_path
from rookery.media.errors import FileNotFound, RangeNotSatisfiable
from rookery.media.store import BLOCK_BYTES, MediaStore

IMMUTABLE: Final = "public, max-age=31536000, immutable"
ONE_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Asked(Struct, frozen=True, kw_only=True):
    """A request for a file: its address, and the headers that matter."""

    name: str
    ends_at: str = ""
    signature: str = ""
    range: str | None = None
    if_range: str | None = None
    if_none_match: str | None = None
    head: bool = False


class Delivered(Struct, frozen=True):
    """`blocks` are the bytes, None where there are none to send."""

    status: int
    headers: dict[str, str]
    blocks: AsyncIterator[bytes] | None


class Delivery:
    """With warm caches no SQL: who owns a file, and whether they are protected, is in the memory of the process."""

    def __init__(
        self, users: UsersApi, store: MediaStore, addresses: Addresses, stored: LocalCache[int, StoredMedia]
    ) -> None:
        self._users = users
        self._store = store
        self._addresses = addresses
        self._stored = stored

    async def answer(self, asked: Asked) -> Delivered:
        """Raises FileNotFound, also for who may not know that there is one, and RangeNotSatisfiable."""
        media, file = await self._find(asked.name)
        cached = await self._cache_control(media, asked)
        etag = f'"{asked.name.partition("-")[2].partition(".")[0]}"'
        headers = {"ETag": etag, "Cache-Control": cached, "Accept-Ranges": "bytes", "Content-Type": file.type}
        if matches(asked.if_none_match, etag):
            return Delivered(304, {name: headers[name] for name in ("ETag", "Cache-Control")}, None)
        part = None if asked.if_range not in (None, etag) else range_of(asked.range, file.size_bytes)
        start, length = part or (0, file.size_bytes)
        headers["Content-Length"] = str(length)
        if part is not None:
            headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{file.size_bytes}"
        blocks = None if asked.head else await self._begun(object_path(file.name), start, length)
        return Delivered(206 if part else 200, headers, blocks)

    async def _begun(self, path: str, start: int, length: int) -> AsyncIterator[bytes]:
        """The blocks of a part, the first of them read already: what is not there is told before an answer begins."""
        try:
            first = await self._store.read(path, start, min(BLOCK_BYTES, length))
        except FileNotFoundError as error:
            raise FileNotFound from error
        rest = self._store.blocks(path, start + len(first), length - len(first))

        async def blocks() -> AsyncIterator[bytes]:
            yield first
            async for block in rest:
                yield block

        return blocks()

    async def _find(self, name: str) -> tuple[StoredMedia, StoredFile | StoredCaptions]:
        match = NAME.fullmatch(name)
        media = await self._stored.get(int(match["id"])) if match and int(match["id"]) < 2**63 else None
        file = find_file(media, name) if media else None
        if media is None or file is None:
            raise FileNotFound
        return media, file

    async def _cache_control(self, media: StoredMedia, asked: Asked) -> str:
        """How long it may be kept by whom. Raises FileNotFound where a protected account's file is asked for openly."""
        if media.user_id is None:
            return IMMUTABLE
        owner = (await self._users.authors([media.user_id])).get(media.user_id)
        if owner is None:
            raise FileNotFound
        if media.on_profile or not owner.protected:
            return IMMUTABLE
        left_s = self._addresses.seconds_left(asked.name, asked.ends_at, asked.signature)
        if not left_s:
            raise FileNotFound
        return f"private, max-age={min(left_s, ROUND_S)}"


def range_of(header: str | None, size_bytes: int) -> tuple[int, int] | None:
    """(start, length) of a Range (RFC 9110, section 14); None, which sends everything, for several and for nonsense.

    Raises RangeNotSatisfiable for one that lies behind the end.
    """
    match = ONE_RANGE.fullmatch(header or "")
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        length = min(int(match[2]), size_bytes)
        if not length:
            raise RangeNotSatisfiable(size_bytes)
        return size_bytes - length, length
    start = int(match[1])
    end = min(int(match[2]), size_bytes - 1) if match[2] else size_bytes - 1
    if start >= size_bytes:
        raise RangeNotSatisfiable(size_bytes)
    return None if end < start else (start, end - start + 1)
