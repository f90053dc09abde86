"""Pictures and videos as the public API shows them, and what the media service tells the others."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal, Protocol

from msgspec import Meta, Struct

from rookery.contracts.cards import LinkCard
from rookery.contracts.pictures import MediaSize
from rookery.contracts.users import Id
from rookery.kit.patterns import COLOR, whole
from rookery.kit.rpc.contract import read

MediaKind = Literal["image", "gif", "video"]
CAPTIONS_TYPE: Final = "text/vtt"
MediaState = Literal["uploaded", "processing", "ready", "failed"]

Focus = tuple[Annotated[float, Meta(ge=-1, le=1)], Annotated[float, Meta(ge=-1, le=1)]]


# BCP 47, in its own spelling: a language, perhaps a script, perhaps a region.
LANGUAGE_TAG: Final = whole(
    "[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", "a language tag of BCP 47 such as en, pt-BR or zh-Hant"
)


class MediaCaptions(Struct, frozen=True, kw_only=True):
    """The captions of a video in one language, as WebVTT. `language` is a BCP 47 tag such as en, pt-BR or zh-Hant."""

    language: Annotated[str, Meta(pattern=LANGUAGE_TAG)]
    url: str


class MediaAttachment(Struct, frozen=True, kw_only=True):
    """A picture or video of a post.

    While `state` is not `ready` (still worked on, or failed for good) there is nothing to show: `url`, `width`,
    `height`, `placeholder` and `color` are null and `sizes` is empty. `kind` is known from the beginning.

    `url` is the largest WebP of an image, the MP4 of a gif (without sound, to be looped) or video. `sizes` are the
    renditions of an image, or of the poster of a gif or video, smallest first. `captions` of a video stand in the order
    of their languages. `focus` is the point that a crop keeps, (x, y) from -1 (left, bottom) to 1 (right, top).
    `placeholder` is a BlurHash, `color` the dominant colour.
    URLs of protected accounts are signed and end after some hours: load the post again for new ones.
    """

    id: Id
    kind: MediaKind
    state: MediaState
    url: str | None
    width: int | None
    height: int | None
    sizes: list[MediaSize]
    poster_url: str | None
    duration_ms: int | None
    captions: list[MediaCaptions]
    alt: str
    focus: Focus | None
    sensitive: bool
    placeholder: str | None
    color: Annotated[str, Meta(pattern=COLOR)] | None


class StoredFile(Struct, frozen=True, kw_only=True):
    """A file as the media service keeps it: a size of the picture (or of the poster), or the video."""

    role: Literal["size", "video"]
    name: str
    type: str
    width: int
    height: int
    size_bytes: int


class StoredCaptions(Struct, frozen=True, kw_only=True):
    """A file of captions as the media service keeps it."""

    language: str
    name: str
    size_bytes: int

    @property
    def type(self) -> str:
        return CAPTIONS_TYPE


class StoredMedia(Struct, frozen=True, kw_only=True):
    """What there is to know about a piece of media, the same for every reader: addresses are made from it.

    `user_id` is None for the picture of a link card: it is nobody's, and public. `on_profile`: it is an avatar or
    header, and public however protected the account is.
    """

    id: int
    user_id: int | None
    kind: MediaKind
    state: MediaState
    on_profile: bool = False
    files: list[StoredFile] = []
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    captions: list[StoredCaptions] = []
    alt: str = ""
    focus: Focus | None = None
    sensitive: bool = False
    placeholder: str | None = None
    color: str | None = None


class MediaApi(Protocol):
    """The media service as the others call it, in one process or over REST."""

    async def claim(self, user_id: int, post_id: int, media_ids: Sequence[int]) -> list[StoredMedia]:
        """Give media to a post that is about to be stored; returns them in the given order.

        Raises Invalid naming `media_ids` unless they exist, are the user's, are attached nowhere else, have not failed
        and are at most 4 images, or 1 gif, or 1 video. The claim holds for a minute; the event `post.created` makes it
        final. Media that nobody claims are deleted after a day.
        """
        ...

    @read
    async def stored(self, media_ids: Sequence[int]) -> dict[int, StoredMedia]:
        """The media that exist, at most 1,000."""
        ...

    def attachments(self, media: Sequence[StoredMedia], *, protected: bool) -> list[MediaAttachment]:
        """As the public API shows them; `protected`: by addresses that are signed and expire. No I/O."""
        ...

    @read
    async def cards(self, links: list[str]) -> dict[str, LinkCard]:
        """The cards that are there, by link as it stands in a post; at most 200 links. Asks nothing of other hosts."""
        ...
