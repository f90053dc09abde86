"""What the public API says about an account: as others see it, as its owner sees it, and how a viewer relates to it."""

from msgspec import Struct

from rookery.contracts.users import UserBrief


class Relationship(Struct, frozen=True, kw_only=True):
    """How the viewer stands to an account: `blocking` and `muting` are the viewer's, `blocked_by` is theirs."""

    following: bool = False
    followed_by: bool = False
    requested: bool = False
    blocking: bool = False
    blocked_by: bool = False
    muting: bool = False


class User(UserBrief, frozen=True, kw_only=True):
    """An account as others see it. `viewer` is null when signed out, and on one's own account."""

    bio: str
    location: str
    website: str | None
    header_url: str | None
    created_at: str
    followers_count: int
    following_count: int
    posts_count: int
    viewer: Relationship | None = None


class Me(User, frozen=True, kw_only=True):
    """An account as its owner sees it. `alt_reminder`: remind me before I post media without an alt text."""

    email: str
    email_verified: bool
    alt_reminder: bool
