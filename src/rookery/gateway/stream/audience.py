"""Who is connected to this process, and whose home timelines an author's posts are in.

`watchers` is the inverse of what connected people follow, so that an event finds its readers without asking each. It is
old as soon as somebody follows or unfollows: `reader:<id>` invalidations mark them, and `refresh` is called before
events are given out.
"""

import asyncio
from collections.abc import Iterable

import structlog

from rookery.contracts.users import UsersApi
from rookery.gateway.stream.connection import Connection, Subscription
from rookery.gateway.stream.ids import Ids, add, discard, ids_of
from rookery.gateway.stream.limits import StreamLimits
from rookery.gateway.stream.protocol import Channel, Close, Closed
from rookery.kit.problems import Unavailable

REFRESHED_AT_ONCE = 8

log = structlog.get_logger(__name__)


class Member:
    """A user with connections here. `following` (with themselves) is what the index holds of them; None: not in it."""

    __slots__ = ("connections", "following", "user_id")

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        self.connections: list[Connection] = []
        self.following: Ids | None = None

    def live_subscriptions(self, channel: Channel) -> list[Subscription]:
        found = (connection.subscriptions.get(channel) for connection in self.connections)
        return [subscription for subscription in found if subscription is not None and subscription.live]


class Audience:
    def __init__(self, users: UsersApi, limits: StreamLimits) -> None:
        self._users = users
        self._limits = limits
        self._watchers: dict[int, Ids] = {}  # of members, by author
        self._stale: set[int] = set()
        self.members: dict[int, Member] = {}
        self.by_session: dict[int, list[Connection]] = {}

    @property
    def connections(self) -> Iterable[Connection]:
        return [connection for member in self.members.values() for connection in member.connections]

    def join(self, connection: Connection, user_id: int, session_id: int) -> None:
        """Raises Closed when the user has too many connections."""
        member = self.members.get(user_id)
        if member is None:
            member = self.members[user_id] = Member(user_id)
        if connection not in member.connections:
            if len(member.connections) >= self._limits.connections_per_user:
                raise Closed(Close.TOO_MANY, "too many connections of this account")
            member.connections.append(connection)
        of_session = self.by_session.setdefault(session_id, [])
        if connection not in of_session:
            of_session.append(connection)

    def leave(self, connection: Connection) -> None:
        if connection.claims is None:
            return
        self.leave_session(connection, connection.claims.session_id)
        member = self.members.get(connection.claims.user_id)
        if member is None or connection not in member.connections:
            return
        member.connections.remove(connection)
        if not member.connections:
            del self.members[member.user_id]
            self._stale.discard(member.user_id)
            self._index(member, None)

    def leave_session(self, connection: Connection, session_id: int) -> None:
        others = self.by_session.get(session_id, [])
        if connection in others:
            others.remove(connection)
            if not others:
                del self.by_session[session_id]

    async def watch_home(self, user_id: int) -> None:
        """Put a member into the index, before their home subscription begins. Raises Unavailable."""
        member = self.members.get(user_id)
        if member is not None and (member.following is None or user_id in self._stale):
            await self._load(member)

    def watchers(self, author_id: int) -> Iterable[Member]:
        return [self.members[user_id] for user_id in self._watchers.get(author_id, ())]

    def mark_stale(self, user_id: int) -> None:
        """They follow, unfollowed, blocked or were blocked."""
        if user_id in self.members:
            self._stale.add(user_id)

    def mark_all_stale(self) -> None:
        """Invalidations may have been missed."""
        self._stale.update(self.members)

    async def refresh(self) -> None:
        """Make the index agree with what its members follow now. Raises Unavailable; what is not done stays marked."""
        while self._stale:
            some = [self.members[user_id] for user_id in list(self._stale)[:REFRESHED_AT_ONCE]]
            await asyncio.gather(*map(self._load, some))

    async def _load(self, member: Member) -> None:
        self._stale.discard(member.user_id)
        try:
            reader = await self._users.reader(member.user_id)
        except (Unavailable, asyncio.CancelledError):
            self.mark_stale(member.user_id)
            raise
        if self.members.get(member.user_id) is member:
            self._index(member, ids_of(reader.following | {member.user_id}))

    def _index(self, member: Member, following: "Ids | None") -> None:
        old, new = set(member.following or ()), set(following or ())
        for author_id in old - new:
            watchers = self._watchers[author_id]
            discard(watchers, member.user_id)
            if not watchers:
                del self._watchers[author_id]
        for author_id in new - old:
            watchers = self._watchers.get(author_id) or self._watchers.setdefault(author_id, ids_of(()))
            add(watchers, member.user_id)
        member.following = following
