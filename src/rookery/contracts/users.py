"""What the users service tells the others: who an account is, and what a reader follows, blocks and mutes."""

from typing import Annotated, Protocol

from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from rookery.kit.rpc.contract import read

Id = Annotated[str, Meta(description="A 64-bit id as a decimal string.", pattern="^[1-9][0-9]{0,18}$")]


class UserBrief(Struct, frozen=True):
    """An account as it stands beside a post."""

    id: Id
    username: str
    display_name: str
    avatar_url: str | None
    protected: bool


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


class UsersApi(Protocol):
    """The users service as the others call it, in one process or over HTTP. Everything here only reads."""

    @read
    async def reader(self, user_id: int) -> Reader:
        """The reader as of now: a change of theirs that was acknowledged is in it. 0 gives SIGNED_OUT."""
        ...

    @read
    async def authors(self, user_ids: list[int]) -> dict[int, Author]:
        """The accounts that exist (and are not deleted) among `user_ids`, at most 1,000."""
        ...

    @read
    async def pulled_authors(self) -> frozenset[int]:
        """Ids of the accounts whose posts are merged at read instead of pushed (see Author.pulled)."""
        ...

    @read
    async def ids_by_username(self, usernames: list[str]) -> dict[str, int]:
        """Ids of the accounts that exist, by lower-case username; at most 100."""
        ...

    @read
    async def first_followers(self, user_ids: list[int], limit: int) -> dict[int, list[tuple[int, int]]]:
        """Of each account the (follow id, follower id) of its first follows, ascending, at most `limit` of each."""
        ...

    @read
    async def followers_after(self, user_id: int, after: int, limit: int) -> list[tuple[int, int]]:
        """(follow id, follower id) of the follows with an id above `after`, ascending, at most 10,000: for fan-out."""
        ...

    @read
    async def verifying_keys(self) -> dict[str, bytes]:
        """The raw Ed25519 public keys that verify access tokens, by key id; those that will sign soon included."""
        ...
