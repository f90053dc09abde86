"""Uploads in one request: multipart/form-data with a `file`, and perhaps `alt`, `focus` and `sensitive`."""

import secrets
from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec
from litestar import Request
from msgspec import Struct
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from rookery.contracts.media import Focus
from rookery.kit.bodies import UnsupportedMediaType
from rookery.kit.problems import invalid_field
from rookery.kit.resources import Resources
from rookery.kit.settings import Settings
from rookery.media.errors import TooLarge, UnsupportedMedia
from rookery.media.formats import HEAD_BYTES, KIND_OF, any_size_max, format_of, size_max
from rookery.media.incoming import Spool, pieces, spooled
from rookery.media.quota import Quota
from rookery.media.repository import MediaRepository, NewMedia
from rookery.media.schemas import ALT_MAX
from rookery.media.store import MediaStore

OVERHEAD_BYTES: Final = 64 * 1024  # of a form beside its file: boundaries, headers, the alt text
FIELD_BYTES_MAX: Final = 4 * ALT_MAX
SEGMENTS_MAX: Final = 8

AnyRequest = Request[Any, Any, Any]


class Sent(Struct):
    """What a form held."""

    fields: dict[str, str]
    has_file: bool = False


class Uploads:
    def __init__(self, resources: Resources, repository: MediaRepository, store: MediaStore, quota: Quota) -> None:
        self._resources = resources
        self._settings = resources.settings
        self._repository = repository
        self._store = store
        self._quota = quota

    async def receive(self, request: AnyRequest, user_id: int) -> int:
        """Take a form in; returns the id of the new media once everything is in the store and the row is committed.

        Raises TooLarge, UnsupportedMedia and QuotaExceeded as early as that can be known: by Content-Length before a
        byte is read, by the first bytes of the file before the rest is.
        """
        boundary = boundary_of(request)
        declared = int(request.headers.get("content-length") or 0)
        await self._quota.check(user_id, max(0, declared - OVERHEAD_BYTES))
        most = any_size_max(self._settings)
        if declared > most + OVERHEAD_BYTES:
            raise TooLarge(most)
        async with spooled(most, self._settings) as spool:
            sent = await read_form(pieces(request), boundary, spool, self._settings)
            new = described(sent.fields)
            await spool.flush()
            if not sent.has_file or not spool.size:
                raise invalid_field("file", "required", "is missing or empty")
            format_ = check_format(spool.head, spool.size, self._settings)
            if not declared:
                await self._quota.check(user_id, spool.size)
            return await self._keep(user_id, format_, spool, new)

    async def _keep(self, user_id: int, format_: str, spool: Spool, new: NewMedia) -> int:
        media_id = self._resources.ids.next()
        chunk = chunk_path(media_id, 0)
        try:
            await self._store.put_file(chunk, spool.path)
            await self._repository.create(media_id, user_id, KIND_OF[format_], format_, spool.size, [chunk], new)
        except BaseException:
            await self._repository.doom(media_id)
            raise
        return media_id


def chunk_path(media_id: int, start: int) -> str:
    """The object for bytes from `start` on. Two requests for the same bytes never write the same one."""
    return f"uploads/{media_id}/{start:016d}-{secrets.token_hex(4)}"


def check_format(head: bytes, size: int, settings: Settings) -> str:
    """What the bytes are; raises UnsupportedMedia, or TooLarge where `size` is more than that kind may have."""
    format_ = format_of(head)
    if format_ is None:
        raise UnsupportedMedia
    if size > (most := size_max(KIND_OF[format_], settings)):
        raise TooLarge(most)
    return format_


def boundary_of(request: AnyRequest) -> str:
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    boundary: str = options.get("boundary", "")
    if media_type != "multipart/form-data" or not boundary:
        raise UnsupportedMediaType("The body must be multipart/form-data.")
    return boundary


async def read_form(body: AsyncIterator[bytes], boundary: str, spool: Spool, settings: Settings) -> Sent:
    """The file goes into `spool`. Raises Invalid, TooLarge, UnsupportedMedia."""
    sent = Sent({})
    segment: MultipartSegment | None = None
    field = bytearray()
    try:
        parser = PushMultipartParser(boundary, max_segment_count=SEGMENTS_MAX, strict=True)
        async for piece in body:
            for event in parser.parse(piece):
                if isinstance(event, MultipartSegment):
                    segment, field = event, bytearray()
                    _check_segment(segment, sent)
                elif event is None:
                    _end_segment(segment, field, sent)
                elif segment is not None and segment.name == "file":
                    await spool.write(event)
                    _check_begun(spool, settings)
                else:
                    field += event
                    if len(field) > FIELD_BYTES_MAX:
                        raise invalid_field(_name(segment), "too_long", f"has more than {FIELD_BYTES_MAX} bytes")
        parser.close()
    except (MultipartError, ValueError) as error:
        raise invalid_field("body", "malformed", f"is no form as multipart/form-data has it: {error}") from error
    return sent


def _check_segment(segment: MultipartSegment, sent: Sent) -> None:
    name = _name(segment)
    if name not in ("file", "alt", "focus", "sensitive"):
        raise invalid_field(name, "unknown_field", "is not a field that is known here")
    if name in sent.fields or (name == "file" and sent.has_file):
        raise invalid_field(name, "duplicate", "is given more than once")


def _end_segment(segment: MultipartSegment | None, field: bytearray, sent: Sent) -> None:
    name = _name(segment)
    if name == "file":
        sent.has_file = True
        return
    try:
        sent.fields[name] = field.decode()
    except UnicodeDecodeError as error:
        raise invalid_field(name, "malformed", "must be UTF-8") from error


def _check_begun(spool: Spool, settings: Settings) -> None:
    """As soon as the first bytes are there, the bound is that of their kind."""
    if len(spool.head) >= HEAD_BYTES:
        format_ = check_format(spool.head, spool.size, settings)
        spool.size_max = size_max(KIND_OF[format_], settings)


def _name(segment: MultipartSegment | None) -> str:
    return (segment.name if segment else None) or "body"


def described(fields: dict[str, str]) -> NewMedia:
    """From texts: `focus` is two numbers, "x,y"; `sensitive` "true" or "false". Raises Invalid naming the field."""
    return NewMedia(
        alt=check_alt(fields.get("alt", "")),
        focus=_focus(fields["focus"]) if fields.get("focus") else None,
        sensitive=_flag(fields.get("sensitive", "false")),
    )


def check_alt(given: str) -> str:
    alt = given.strip()
    if len(alt) > ALT_MAX:
        raise invalid_field("alt", "too_long", f"must have at most {ALT_MAX} characters")
    if "\0" in alt:
        raise invalid_field("alt", "malformed", "must not contain U+0000")
    return alt


def _focus(given: str) -> Focus:
    try:
        focus: Focus = msgspec.convert([float(part) for part in given.split(",")], Focus)
    except (ValueError, msgspec.ValidationError) as error:
        raise invalid_field("focus", "malformed", "must be two numbers from -1 to 1, as 0.5,-0.25") from error
    return focus


def _flag(given: str) -> bool:
    if given not in ("true", "false"):
        raise invalid_field("sensitive", "malformed", "must be true or false")
    return given == "true"
