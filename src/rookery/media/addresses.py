"""Names of stored files, and the addresses by which they are got.

A name is `<media id>-<digest>.<suffix>`. The digest is BLAKE2b of the content, keyed with a secret and the media id: it
never names other bytes, and nobody can compute it, not even who has the file. The same picture posted twice is stored
twice; in return no file is shared between a public and a protected account, and none outlives its post for another's
sake.

An address of a protected account's file carries the time at which it ends and a signature. Times are rounded, so that
within an hour the address stays the same and browsers keep the file.
"""

import hashlib
import hmac
import re
import time
from base64 import b32encode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from rookery.contracts.cards import CardImage
from rookery.contracts.media import (
    CAPTIONS_TYPE,
    MediaAttachment,
    MediaCaptions,
    StoredCaptions,
    StoredFile,
    StoredMedia,
)
from rookery.contracts.pictures import MediaSize
from rookery.kit.sealing import derive_key
from rookery.kit.settings import Settings

PATH: Final = "/media/"
ROUND_S: Final = 3600
DIGEST_BYTES: Final = 20
NAME: Final = re.compile(r"(?P<id>[1-9][0-9]{0,18})-(?P<digest>[a-z2-7]{32})\.(?P<suffix>webp|avif|mp4|vtt)")
SUFFIXES: Final = {"image/webp": "webp", "image/avif": "avif", "video/mp4": "mp4", CAPTIONS_TYPE: "vtt"}
READ_BYTES: Final = 1024 * 1024


class Addresses:
    def __init__(self, settings: Settings) -> None:
        self._names = derive_key(settings.secret_key, "media names")
        self._signatures = derive_key(settings.secret_key, "media addresses")
        self._base = (settings.media_public_url.rstrip("/") if settings.media_public_url else "") + PATH
        self._ttl_s = settings.media_signed_url_ttl_s

    def name_of(self, media_id: int, file: Path, type_: str) -> str:
        """Reads the file."""
        digest = self._digest(media_id)
        with file.open("rb") as content:
            while block := content.read(READ_BYTES):
                digest.update(block)
        return _name(media_id, digest, type_)

    def captions_name(self, media_id: int, put_id: int, content: bytes) -> str:
        """Of the content and of the request that brings it: that the same text is removed and comes again at once must
        not delete what has just come."""
        digest = self._digest(media_id)
        digest.update(put_id.to_bytes(8, "big") + content)
        return _name(media_id, digest, CAPTIONS_TYPE)

    def _digest(self, media_id: int) -> "hashlib.blake2b":
        return hashlib.blake2b(key=self._names, digest_size=DIGEST_BYTES, salt=media_id.to_bytes(16, "big"))

    def public(self, name: str) -> str:
        return self._base + name

    def signed(self, name: str) -> str:
        """Holds for `media_signed_url_ttl_s` to an hour longer. Never a CDN's, which would have to check it."""
        ends_at = (int(time.time()) // ROUND_S + 1) * ROUND_S + self._ttl_s
        return f"{PATH}{name}?e={ends_at}&s={self._signature(name, ends_at)}"

    def seconds_left(self, name: str, ends_at: str, signature: str) -> int:
        """For how long an address still holds; 0 when it does not, or we did not sign it."""
        if not (ends_at.isascii() and ends_at.isdigit() and len(ends_at) <= 12):
            return 0
        if not hmac.compare_digest(self._signature(name, int(ends_at)).encode(), signature.encode()):
            return 0
        return max(0, int(ends_at) - int(time.time()))

    def attachment(self, media: StoredMedia, *, protected: bool) -> MediaAttachment:
        address = self.signed if protected else self.public
        sizes = _sizes(media.files, address)
        picture = next((size.url for size in reversed(sizes) if size.type == "image/webp"), None)
        video = next((address(file.name) for file in media.files if file.role == "video"), None)
        return MediaAttachment(
            id=str(media.id),
            kind=media.kind,
            state=media.state,
            url=video or picture,
            width=media.width,
            height=media.height,
            sizes=sizes,
            poster_url=picture if video else None,
            duration_ms=media.duration_ms,
            captions=[MediaCaptions(language=each.language, url=address(each.name)) for each in media.captions],
            alt=media.alt,
            focus=media.focus,
            sensitive=media.sensitive,
            placeholder=media.placeholder,
            color=media.color,
        )

    def card_image(self, files: Sequence[StoredFile], placeholder: str, color: str) -> CardImage:
        """The picture of a link card, of its files, smallest first."""
        sizes = _sizes(files, self.public)
        largest = sizes[-1]
        return CardImage(
            url=largest.url,
            width=largest.width,
            height=largest.height,
            sizes=sizes,
            placeholder=placeholder,
            color=color,
        )

    def _signature(self, name: str, ends_at: int) -> str:
        digest = hmac.digest(self._signatures, f"{name} {ends_at}".encode(), "sha256")
        return urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def _sizes(files: Sequence[StoredFile], address: Callable[[str], str]) -> list[MediaSize]:
    return [
        MediaSize(url=address(file.name), width=file.width, height=file.height, type=file.type)
        for file in files
        if file.role == "size"
    ]


def _name(media_id: int, digest: "hashlib.blake2b", type_: str) -> str:
    return f"{media_id}-{b32encode(digest.digest()).decode().lower()}.{SUFFIXES[type_]}"


def object_path(name: str) -> str:
    """Where a file stands in the store: `files/<media id>/<digest>.<suffix>`."""
    media_id, _, rest = name.partition("-")
    return f"files/{media_id}/{rest}"


def find_file(media: StoredMedia, name: str) -> StoredFile | StoredCaptions | None:
    files: Sequence[StoredFile | StoredCaptions] = [*media.files, *media.captions]
    return next((file for file in files if file.name == name), None)
