"""What a client sends to change a profile."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from rookery.kit.patterns import whole

# Everything but control characters; a bio may have line breaks.
LINE = whole(r"[^\x00-\x1f\x7f-\x9f]*", "a single line without control characters")
LINES = whole(r"[^\x00-\x09\x0b-\x1f\x7f-\x9f]*", "without control characters")
# A web address as people give one: http or https, a host name (also an international one), no user name before it.
HOST = r"[0-9A-Za-z\u00a1-\uffff]([0-9A-Za-z.\-\u00a1-\uffff]*[0-9A-Za-z\u00a1-\uffff])?"
WEBSITE = whole(
    rf'https?://{HOST}(:[0-9]{{1,5}})?([/?#][^\s\x00-\x20\x7f-\x9f"<>\\^`{{|}}]*)?',
    "an address that begins with https:// or http://",
)

DisplayName = Annotated[str, Meta(max_length=50, pattern=LINE)]
Bio = Annotated[str, Meta(max_length=160, pattern=LINES)]
Location = Annotated[str, Meta(max_length=30, pattern=LINE)]
Website = Annotated[str, Meta(max_length=100, pattern=WEBSITE)]


class ProfileUpdate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is absent stays as it is; null clears the website. Lengths count code points; ends are trimmed."""

    display_name: DisplayName | UnsetType = UNSET
    bio: Bio | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    website: Website | UnsetType | None = UNSET
    protected: bool | UnsetType = UNSET
    alt_reminder: bool | UnsetType = UNSET
