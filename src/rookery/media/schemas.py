"""What the public API of media takes and gives beyond `rookery.contracts.media`."""

from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from rookery.contracts.media import Focus, MediaAttachment
from rookery.contracts.users import Id

ALT_MAX: Final = 10_000

Alt = Annotated[str, Meta(max_length=ALT_MAX, description="What can be seen, for who cannot see it.")]


class MediaFailure(Struct, frozen=True):
    """Why there will be nothing to show: a stable code, and a sentence for people."""

    code: str
    detail: str


class OwnMedia(MediaAttachment, frozen=True, kw_only=True):
    """An upload as its owner sees it. `progress` runs from 0 to 1; `post_id` is the post that shows it.

    `size_bytes` is what it counts against the quota. An upload in no post by `expires_at` is deleted.
    """

    progress: float
    failure: MediaFailure | None
    post_id: Id | None
    size_bytes: int
    created_at: str
    expires_at: str | None


class MediaUpdate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is absent stays as it is; null clears the focus."""

    alt: Alt | UnsetType = UNSET
    focus: Focus | UnsetType | None = UNSET
    sensitive: bool | UnsetType = UNSET


class KindUsage(Struct, frozen=True, kw_only=True):
    count: int
    bytes: int


class MediaUsage(Struct, frozen=True, kw_only=True):
    """What an account's media take, in bytes. `quota_bytes` is null where there is no quota.

    Avatars and headers count as images.
    """

    used_bytes: int
    quota_bytes: int | None
    image: KindUsage
    gif: KindUsage
    video: KindUsage


class Crop(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rectangle of a picture as it is shown upright, as fractions of its width and height."""

    x: Annotated[float, Meta(ge=0, lt=1)]
    y: Annotated[float, Meta(ge=0, lt=1)]
    width: Annotated[float, Meta(gt=0, le=1)]
    height: Annotated[float, Meta(gt=0, le=1)]


class PictureChoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An uploaded image (ready, mine) and what of it to show; without a crop, its middle. It stays usable in a post."""

    media_id: Id
    crop: Crop | None = None


class PictureShown(Struct, frozen=True):
    """The address of the new avatar or header, as profiles have it from now on."""

    url: str
