"""What the users service tells the others: who an account is, and what a reader follows, blocks and mutes."""

from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from rookery.kit.patterns import ID
from rookery.kit.rpc.contract import read

Id = Annotated[str, Meta(description="A 64-bit id as a decimal string.", pattern=ID)]

PictureSlot = Literal["avatar", "header"]


class UserBrief(Struct, frozen=True):
    """An account as it stands beside a post."""

    id: Id
    username: str
    display_name: str
    avatar_url: str | None
    protected: bool


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


class Profile(Struct, frozen=True, kw_only=True):
    """An account as read models of other services keep it. `followers_count` may lag by a second."""

    id: int
    username: str
    display_name: str
    bio: str
    protected: bool
    followers_count: int


class Author(Struct, frozen=True):
    """An account as other services cache it: identity by number, the public brief, and how its posts travel.

    `pulled`: the account has so many followers that its posts are merged at read instead of pushed to each timeline.
    """

    id: int
    brief: UserBrief
    protected: bool
    pulled: bool = False


class Reader(Struct, frozen=True):
    """Who reads, and all that decides what they may and will see. `id` is 0 for a signed-out reader.

    The sets hold user ids. `following` has at most `Settings.following_max` entries. `follows_version` is derived
    from `following` and the newest follow's id: as long as it is the same as before, everybody in `following` has been
    followed all the time since. `shown` is derived from the other sets: whom of `following` nothing hides. Whatever
    these accounts write, the reader may and will see (`rookery.access.will_see_content`), as long as they exist.
    """

    id: int
    follows_version: int = 0
    following: frozenset[int] = frozenset()
    blocking: frozenset[int] = frozenset()
    blocked_by: frozenset[int] = frozenset()
    muting: frozenset[int] = frozenset()
    shown: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        hidden = self.following & (self.muting | self.blocking | self.blocked_by)
        force_setattr(self, "shown", self.following - hidden if hidden else self.following)


SIGNED_OUT = Reader(id=0)


class Followers(Struct, frozen=True):
    """Some followers of an account, by ascending id of the follow. Packed, since there may be millions.

    `ids` holds 8 bytes of each, big-endian; `last` is the id of the last follow among them, 0 where there is none.
    """

    ids: bytes = b""
    last: int = 0

    def __len__(self) -> int:
        return len(self.ids) // 8


class Acquaintance(Struct, frozen=True):
    """An account that people whom a reader follows follow, and the reader does not.

    `via`: who of them, at most 3, those first who follow the fewest; `via_count`: how many in all, of those looked at.
    `closeness` compares within one answer.
    """

    id: int
    via: list[int]
    via_count: int
    closeness: float


class UsersApi(Protocol):
    """The users service as the others call it, in one process or over HTTP."""

    @read
    async def reader(self, user_id: int) -> Reader:
        """The reader as of now: a change of theirs that was acknowledged is in it. 0 gives SIGNED_OUT."""
        ...

    @read
    async def authors(self, user_ids: list[int]) -> dict[int, Author]:
        """The accounts that exist (and are not deleted) among `user_ids`, at most 1,000."""
        ...

    @read
    async def acquaintances(self, user_id: int, leave_out: list[int], limit: int) -> list[Acquaintance]:
        """Whom the followees of a user follow, closest first, as of now; at most 200.

        Looked at are the 200 accounts that the user followed last and has not muted, and the 200 that each of them
        followed last. Left out: `leave_out`, the user, whom they follow or asked to, and whom a block or mute separates
        from them.
        """
        ...

    @read
    async def requested(self, user_id: int) -> frozenset[int]:
        """The accounts that a user asked to follow, and that have not answered; at most `Settings.following_max`."""
        ...

    @read
    async def most_followed(self, limit: int) -> list[tuple[int, int]]:
        """(user id, number of followers) of the public accounts with the most followers, most first, at most 1,000.

        Reads all counters: for jobs, not for requests.
        """
        ...

    @read
    async def pulled_authors(self) -> frozenset[int]:
        """Ids of the accounts whose posts are merged at read instead of pushed (see Author.pulled)."""
        ...

    @read
    async def ids_by_username(self, usernames: list[str]) -> dict[str, int]:
        """Ids of the accounts that exist, by lower-case username; at most 100."""
        ...

    async def set_picture(self, user_id: int, slot: PictureSlot, url: str | None) -> None:
        """Show another avatar or header from now on, none for None. An account that is gone is left alone."""
        ...

    @read
    async def first_followers(self, user_ids: list[int], limit: int) -> dict[int, Followers]:
        """Of each account the followers by its first follows, at most `limit` of each."""
        ...

    @read
    async def followers_after(self, user_id: int, after: int, limit: int) -> Followers:
        """The followers by the follows with an id above `after`, at most 10,000: for fan-out."""
        ...

    @read
    async def users(self, viewer_id: int, user_ids: list[int]) -> list[User]:
        """The accounts that exist, in the order of `user_ids` (at most 500), as `viewer_id` (0: nobody) sees them."""
        ...

    @read
    async def profiles_of(self, user_ids: list[int]) -> list[Profile]:
        """Those of at most 1,000 accounts that exist, in no order; what is committed is in it."""
        ...

    @read
    async def profiles_after(self, after: int, limit: int) -> list[Profile]:
        """The accounts with an id above `after`, ascending, at most `limit` (1,000): all there are, page by page."""
        ...

    @read
    async def verifying_keys(self) -> dict[str, bytes]:
        """The raw Ed25519 public keys that verify access tokens, by key id; those that will sign soon included."""
        ...
