"""The only SQL of the media service. Each method is one round trip, unless it says otherwise."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from rookery.contracts.media import Focus, MediaKind, MediaState, StoredCaptions, StoredFile, StoredMedia
from rookery.kit.database import Database, load_queries
from rookery.media.schemas import MediaUpdate

queries = load_queries(__file__)

_encode = msgspec.json.Encoder().encode
_decode_captions = msgspec.json.Decoder(dict[str, StoredCaptions]).decode
_decode_files = msgspec.json.Decoder(list[StoredFile]).decode


class MediaRow(Struct, frozen=True, kw_only=True):
    """A piece of media with all that its owner may know. `claimed`: a post is about to show it."""

    media: StoredMedia
    purpose: str
    progress: float
    failure_code: str | None
    failure_detail: str | None
    size_bytes: int
    post_id: int | None
    claimed: bool
    kept: bool


class NewMedia(Struct, frozen=True, kw_only=True):
    """What comes with an upload."""

    alt: str = ""
    focus: Focus | None = None
    sensitive: bool = False


class UploadRow(Struct, frozen=True, kw_only=True):
    """A resumable upload on its way. `head` are its first bytes."""

    id: int
    user_id: int
    length: int
    received: int
    head: bytes
    chunk_count: int
    expires_at: datetime


class Lease(Struct, frozen=True, kw_only=True):
    """Media to process. `worn_out`: it was tried too often."""

    id: int
    user_id: int
    kind: MediaKind
    format: str
    chunks: list[str]
    attempts: int
    worn_out: bool


class Processed(Struct, frozen=True, kw_only=True):
    """What became of an upload. `size_bytes` of all files together."""

    kind: MediaKind
    size_bytes: int
    files: list[StoredFile]
    width: int
    height: int
    duration_ms: int | None
    placeholder: str
    color: str


class UsageRow(Struct, frozen=True, kw_only=True):
    """`kind` is image, gif, video, or upload: what is announced by resumable uploads."""

    kind: str
    count: int
    bytes: int


class AccountUsage(Struct, frozen=True, kw_only=True):
    user_id: int
    username: str
    count: int
    bytes: int
    video_bytes: int


class TotalUsage(Struct, frozen=True, kw_only=True):
    """Of all accounts, and of the pictures of link cards, which are nobody's."""

    count: int
    bytes: int
    users: int
    card_count: int
    card_bytes: int


class Doomed(Struct, frozen=True, kw_only=True):
    """Whose objects are to be deleted: all, or only what was sent; `rounds` tells how often that was done."""

    media_id: int
    only_sent: bool
    rounds: int


class MediaRepository:
    """Reads and writes rows of the schema `media`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def _rows(self, name: str, **parameters: Any) -> list[Any]:
        async with self._database.connection() as connection:
            return [row async for row in getattr(queries, name)(connection, **parameters)]

    async def _one(self, name: str, **parameters: Any) -> Any:
        async with self._database.connection() as connection:
            return await getattr(queries, name)(connection, **parameters)

    async def create(
        self, media_id: int, user_id: int, kind: MediaKind, format_: str, size: int, chunks: list[str], new: NewMedia
    ) -> None:
        await self._one(
            "create_media",
            media_id=media_id,
            user_id=user_id,
            kind=kind,
            format=format_,
            size_bytes=size,
            chunks=chunks,
            **_described(new),
        )

    async def load(self, media_ids: Sequence[int]) -> dict[int, MediaRow]:
        return {row["id"]: _media_row(row) for row in await self._rows("load_media", media_ids=list(media_ids))}

    async def update(self, media_id: int, user_id: int, update: MediaUpdate) -> bool:
        """False when there is none of this user for a post."""
        x, y = update.focus or (None, None)
        return bool(
            await self._one(
                "update_media",
                media_id=media_id,
                user_id=user_id,
                alt=None if update.alt is UNSET else update.alt.strip(),
                keeps_focus=update.focus is UNSET,
                focus_x=x,
                focus_y=y,
                sensitive=None if update.sensitive is UNSET else update.sensitive,
            )
        )

    async def put_captions(self, media: StoredMedia, language: str, name: str, size: int, languages_max: int) -> bool:
        """False when the video is gone, or has captions in too many languages."""
        return bool(
            await self._one(
                "put_captions",
                media_id=media.id,
                user_id=media.user_id,
                language=language,
                file_name=name,
                size_bytes=size,
                languages_max=languages_max,
            )
        )

    async def remove_captions(self, media: StoredMedia, language: str) -> bool:
        """False when there are none."""
        return bool(await self._one("remove_captions", media_id=media.id, user_id=media.user_id, language=language))

    async def doom_file(self, name: str, seconds: float) -> None:
        """It is deleted then, unless it has become part of media."""
        await self._one("doom_file", file_name=name, seconds=seconds)

    async def due_files(self, limit: int) -> list[str]:
        return [row["name"] for row in await self._rows("due_files", row_limit=limit)]

    async def forget_files(self, names: list[str]) -> None:
        await self._one("forget_files", names=names)

    async def claim(self, user_id: int, post_id: int, media_ids: Sequence[int], claim_s: int) -> set[int]:
        """The ids that the post has got."""
        rows = await self._rows(
            "claim_media", user_id=user_id, post_id=post_id, media_ids=list(media_ids), claim_s=claim_s
        )
        return {row["id"] for row in rows}

    async def keep(self, attached: Sequence[tuple[int, int, int]]) -> None:
        """Of (post id, its author, media id) each."""
        posts, users, media = zip(*attached, strict=True)
        await self._rows("keep_media", post_ids=list(posts), user_ids=list(users), media_ids=list(media))

    async def delete_of_posts(self, posts: Sequence[tuple[int, int]]) -> list[int]:
        """The media of posts, given as (post id, its author), that are gone now."""
        post_ids, user_ids = zip(*posts, strict=True)
        return _ids(await self._rows("delete_of_posts", post_ids=list(post_ids), user_ids=list(user_ids)))

    async def delete_unused(self, media_id: int, user_id: int) -> bool:
        return bool(await self._one("delete_unused_media", media_id=media_id, user_id=user_id))

    async def collect_unused(self, before_id: int, limit: int) -> list[int]:
        return _ids(await self._rows("collect_unused", before_id=before_id, row_limit=limit))

    async def collect_expired_uploads(self, limit: int) -> list[int]:
        return _ids(await self._rows("collect_expired_uploads", row_limit=limit))

    async def usage(self, user_id: int) -> list[UsageRow]:
        return [UsageRow(**row) for row in await self._rows("usage", user_id=user_id)]

    async def count_waiting(self, user_id: int) -> int:
        return int(await self._one("count_waiting", user_id=user_id))

    async def usage_of_all(self, limit: int) -> list[AccountUsage]:
        """Who uses most, first."""
        return [AccountUsage(**row) for row in await self._rows("usage_of_all", row_limit=limit)]

    async def usage_in_total(self) -> TotalUsage:
        return TotalUsage(**await self._one("usage_in_total"))

    async def lease(self, lease_s: float, attempts_max: int) -> Lease | None:
        row = await self._one("lease_media", lease_s=lease_s, attempts_max=attempts_max)
        return None if row is None else Lease(**row)

    async def renew(self, lease: Lease, lease_s: float, progress: float) -> int | None:
        """The post that shows it, or 0; None when it is not ours any more."""
        found: int | None = await self._one(
            "renew_lease", media_id=lease.id, attempt=lease.attempts, lease_s=lease_s, progress=progress
        )
        return found

    async def give_back(self, lease: Lease) -> None:
        await self._one("give_back", media_id=lease.id, attempt=lease.attempts)

    async def finish(self, lease: Lease, processed: Processed) -> int | None:
        """As `renew`."""
        values = msgspec.structs.asdict(processed) | {"files": _encode(processed.files).decode()}
        found: int | None = await self._one("finish_media", media_id=lease.id, attempt=lease.attempts, **values)
        return found

    async def fail(self, lease: Lease, code: str, detail: str) -> int | None:
        """As `renew`."""
        found: int | None = await self._one(
            "fail_media", media_id=lease.id, attempt=lease.attempts, code=code, detail=detail
        )
        return found

    async def due_doomed(self, limit: int) -> list[Doomed]:
        return [Doomed(**row) for row in await self._rows("due_doomed", row_limit=limit)]

    async def doom_again(self, doomed: Doomed, seconds: float) -> None:
        await self._one("doom_again", media_id=doomed.media_id, only_sent=doomed.only_sent, seconds=seconds)

    async def forget_doomed(self, doomed: Doomed) -> None:
        await self._one("forget_doomed", media_id=doomed.media_id, only_sent=doomed.only_sent)

    async def doom(self, media_id: int) -> None:
        await self._one("doom", media_id=media_id)

    async def create_picture(self, media_id: int, user_id: int, purpose: str, processed: Processed) -> None:
        await self._one(
            "create_picture",
            media_id=media_id,
            user_id=user_id,
            purpose=purpose,
            size_bytes=processed.size_bytes,
            files=_encode(processed.files).decode(),
            width=processed.width,
            height=processed.height,
            placeholder=processed.placeholder,
            color=processed.color,
        )

    async def delete_pictures(self, user_id: int, purpose: str, but_id: int) -> list[int]:
        return _ids(await self._rows("delete_pictures", user_id=user_id, purpose=purpose, but_id=but_id))

    async def create_upload(self, upload_id: int, user_id: int, length: int, new: NewMedia, ttl_s: float) -> UploadRow:
        row = await self._one(
            "create_upload", upload_id=upload_id, user_id=user_id, length=length, ttl_s=ttl_s, **_described(new)
        )
        return UploadRow(**row)

    async def load_upload(self, upload_id: int, user_id: int) -> UploadRow | None:
        row = await self._one("load_upload", upload_id=upload_id, user_id=user_id)
        return None if row is None else UploadRow(**row)

    async def append_chunk(
        self, upload: UploadRow, size: int, head: bytes, chunk: str, ttl_s: float
    ) -> UploadRow | None:
        """None when the upload is not as `upload` says any more."""
        row = await self._one(
            "append_chunk",
            upload_id=upload.id,
            user_id=upload.user_id,
            start=upload.received,
            size=size,
            head=head,
            chunk=chunk,
            ttl_s=ttl_s,
        )
        return None if row is None else UploadRow(**row)

    async def complete_upload(self, upload: UploadRow, kind: MediaKind, format_: str) -> bool:
        return bool(
            await self._one("complete_upload", upload_id=upload.id, user_id=upload.user_id, kind=kind, format=format_)
        )

    async def completed_length(self, upload_id: int, user_id: int) -> int | None:
        """The length of an upload that has become media; None when there is none."""
        found: int | None = await self._one("completed_length", upload_id=upload_id, user_id=user_id)
        return found

    async def delete_upload(self, upload_id: int, user_id: int) -> bool:
        return bool(await self._one("delete_upload", upload_id=upload_id, user_id=user_id))


def _ids(rows: Sequence[Any]) -> list[int]:
    return [row["id"] for row in rows]


def _described(new: NewMedia) -> dict[str, Any]:
    x, y = new.focus or (None, None)
    return {"alt": new.alt, "focus_x": x, "focus_y": y, "sensitive": new.sensitive}


def _media_row(row: Any) -> MediaRow:
    return MediaRow(
        media=StoredMedia(
            id=row["id"],
            user_id=row["user_id"],
            kind=row["kind"],
            state=_state(row["state"]),
            on_profile=row["purpose"] != "post",
            files=_decode_files(row["files"]),
            width=row["width"],
            height=row["height"],
            duration_ms=row["duration_ms"],
            captions=_captions(row["captions"]),
            alt=row["alt"],
            focus=None if row["focus_x"] is None else (round(row["focus_x"], 4), round(row["focus_y"], 4)),
            sensitive=row["sensitive"],
            placeholder=row["placeholder"],
            color=row["color"],
        ),
        purpose=row["purpose"],
        progress=round(row["progress"], 3),
        failure_code=row["failure_code"],
        failure_detail=row["failure_detail"],
        size_bytes=row["bytes"],
        post_id=row["post_id"],
        claimed=row["claimed"],
        kept=row["kept"],
    )


def _captions(text: str) -> list[StoredCaptions]:
    """In the order of their languages."""
    if text == "{}":
        return []
    return sorted(_decode_captions(text).values(), key=lambda each: each.language)


def _state(text: Any) -> MediaState:
    state: MediaState = text
    return state
