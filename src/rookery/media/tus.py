"""Resumable uploads by tus 1.0.0 (tus.io/protocols/resumable-upload) with creation, expiration, checksum, termination.

Each PATCH becomes one object in the store, and one conditional update of the upload's row; a broken one keeps what had
arrived. So any server takes any part of an upload, and of two that write at the same offset one is told 409.
No library: those for ASGI bring their own storage on local disk, or a framework (FastAPI) of their own.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from litestar import Request
from msgspec import Struct

from rookery.kit.bodies import UnsupportedMediaType
from rookery.kit.problems import invalid_field
from rookery.kit.resources import Resources
from rookery.media.errors import (
    ChecksumMismatch,
    TooLarge,
    TooManyChunks,
    TooSlow,
    UploadNotFound,
    WrongOffset,
    WrongVersion,
)
from rookery.media.formats import HEAD_BYTES, KIND_OF, any_size_max
from rookery.media.incoming import ClientLeft, Spool, pieces, spooled
from rookery.media.quota import Quota
from rookery.media.repository import MediaRepository, UploadRow
from rookery.media.store import MediaStore
from rookery.media.uploads import check_format, chunk_path, described

VERSION: Final = "1.0.0"
CHUNKS_MAX: Final = 2_000  # 512 MiB in pieces of 256 KiB
TTL_S: Final = 24 * 3600.0  # since the last piece
METADATA_MAX: Final = 64 * 1024
CHUNK_TYPE: Final = "application/offset+octet-stream"
ALGORITHMS: Final = ("sha1", "sha256")
CAPABILITIES: Final = {
    "Tus-Resumable": VERSION,
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,expiration,checksum,termination",
    "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
}

AnyRequest = Request[Any, Any, Any]


class Checksum(Struct, frozen=True):
    """What a piece must hash to."""

    algorithm: str
    digest: bytes


class UploadState(Struct, frozen=True, kw_only=True):
    """`expires_at` is None for an upload that has become media of the same id."""

    id: int
    length: int
    received: int
    expires_at: datetime | None

    @property
    def headers(self) -> dict[str, str]:
        headers = {
            "Tus-Resumable": VERSION,
            "Upload-Offset": str(self.received),
            "Upload-Length": str(self.length),
            "Cache-Control": "no-store",
        }
        if self.expires_at is not None:
            headers["Upload-Expires"] = format_datetime(self.expires_at, usegmt=True)
        return headers


class ResumableUploads:
    def __init__(self, resources: Resources, repository: MediaRepository, store: MediaStore, quota: Quota) -> None:
        self._ids = resources.ids
        self._settings = resources.settings
        self._repository = repository
        self._store = store
        self._quota = quota

    async def create(self, user_id: int, headers: Mapping[str, str]) -> UploadState:
        """Upload-Metadata may hold `alt`, `focus` and `sensitive` as in a form; the rest (filename, filetype) is left.

        Raises Invalid, TooLarge, QuotaExceeded, TooManyWaiting.
        """
        check_version(headers)
        length = number_in(headers, "Upload-Length")
        if not length:
            raise invalid_field("Upload-Length", "out_of_range", "must be at least 1")
        if length > (most := any_size_max(self._settings)):
            raise TooLarge(most)
        new = described(metadata_of(headers.get("upload-metadata", "")))
        await self._quota.check(user_id, length)
        return state_of(await self._repository.create_upload(self._ids.next(), user_id, length, new, TTL_S))

    async def state(self, user_id: int, upload_id: int) -> UploadState:
        """Raises UploadNotFound."""
        upload = await self._repository.load_upload(upload_id, user_id)
        if upload is not None:
            return state_of(upload)
        length = await self._repository.completed_length(upload_id, user_id)
        if length is None:
            raise UploadNotFound
        return UploadState(id=upload_id, length=length, received=length, expires_at=None)

    async def append(self, request: AnyRequest, user_id: int, upload_id: int) -> UploadState:
        """Take a piece; the last one makes it media. What arrived of a broken piece without a checksum is kept.

        Raises WrongOffset, TooManyChunks, TooLarge, ChecksumMismatch, UnsupportedMedia.
        """
        check_version(request.headers)
        if request.headers.get("content-type", "") != CHUNK_TYPE:
            raise UnsupportedMediaType(f"The body must be {CHUNK_TYPE}.")
        checksum = checksum_of(request.headers.get("upload-checksum"))
        offset = number_in(request.headers, "Upload-Offset")
        upload = await self._repository.load_upload(upload_id, user_id)
        if upload is None:
            raise UploadNotFound
        if offset != upload.received:
            raise WrongOffset(upload.received)
        if upload.chunk_count >= CHUNKS_MAX:
            raise TooManyChunks(CHUNKS_MAX)
        async with spooled(upload.length - upload.received, self._settings) as spool:
            left = await _spool(request, spool, broken_is_kept=checksum is None)
            if checksum is not None and not await asyncio.to_thread(_matches, spool, checksum):
                raise ChecksumMismatch
            upload = await self._keep(upload, spool)
        if left is not None:
            raise left
        return state_of(upload)

    async def end(self, user_id: int, upload_id: int) -> None:
        """Raises UploadNotFound."""
        if not await self._repository.delete_upload(upload_id, user_id):
            raise UploadNotFound

    async def _keep(self, upload: UploadRow, spool: Spool) -> UploadRow:
        if spool.size:
            head = (upload.head + spool.head)[:HEAD_BYTES]
            if len(head) >= HEAD_BYTES:
                await self._check_begun(upload, head)
            upload = await self._append(upload, spool, head)
        if upload.received == upload.length:
            format_ = await self._check_begun(upload, upload.head)
            await self._repository.complete_upload(upload, KIND_OF[format_], format_)
        return upload

    async def _append(self, upload: UploadRow, spool: Spool, head: bytes) -> UploadRow:
        chunk = chunk_path(upload.id, upload.received)
        await self._store.put_file(chunk, spool.path)
        moved = await self._repository.append_chunk(upload, spool.size, head, chunk, TTL_S)
        if moved is None:
            await self._store.delete([chunk])
            now = await self._repository.load_upload(upload.id, upload.user_id)
            if now is None:
                raise UploadNotFound
            raise WrongOffset(now.received)
        return moved

    async def _check_begun(self, upload: UploadRow, head: bytes) -> str:
        """As soon as the type is known: what we do not take is not taken to its end."""
        try:
            return check_format(head, upload.length, self._settings)
        except Exception:
            await self._repository.delete_upload(upload.id, upload.user_id)
            raise


async def _spool(request: AnyRequest, spool: Spool, *, broken_is_kept: bool) -> ClientLeft | TooSlow | None:
    """The body on disk; the reason why it broke off, where what is there is kept."""
    try:
        async for piece in pieces(request):
            await spool.write(piece)
    except (ClientLeft, TooSlow) as reason:
        if not broken_is_kept:
            raise
        await spool.flush()
        return reason
    await spool.flush()
    return None


def _matches(spool: Spool, checksum: Checksum) -> bool:
    with spool.path.open("rb") as file:
        return hmac.compare_digest(hashlib.file_digest(file, checksum.algorithm).digest(), checksum.digest)


def state_of(upload: UploadRow) -> UploadState:
    whole = upload.received == upload.length
    return UploadState(
        id=upload.id,
        length=upload.length,
        received=upload.received,
        expires_at=None if whole else upload.expires_at,
    )


def check_version(headers: Mapping[str, str]) -> None:
    if headers.get("tus-resumable") != VERSION:
        raise WrongVersion


def number_in(headers: Mapping[str, str], name: str) -> int:
    """A header that must be a whole number."""
    given = headers.get(name.lower(), "")
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise invalid_field(name, "malformed", "must be a number of bytes")
    return int(given)


def metadata_of(header: str) -> dict[str, str]:
    """Pairs of a key and a Base64 value, separated by commas. Raises Invalid."""
    if len(header) > METADATA_MAX:
        raise invalid_field("Upload-Metadata", "too_long", f"must have at most {METADATA_MAX} bytes")
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        if key in found:
            raise invalid_field("Upload-Metadata", "duplicate", f"has {key} twice")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise invalid_field("Upload-Metadata", "malformed", f"has no Base64 of UTF-8 behind {key}") from error
    return found


def checksum_of(header: str | None) -> Checksum | None:
    if header is None:
        return None
    algorithm, _, digest = header.partition(" ")
    if algorithm not in ALGORITHMS:
        raise invalid_field("Upload-Checksum", "unsupported", f"must be one of {', '.join(ALGORITHMS)}")
    try:
        return Checksum(algorithm, base64.b64decode(digest, validate=True))
    except binascii.Error as error:
        raise invalid_field("Upload-Checksum", "malformed", "has no Base64") from error
