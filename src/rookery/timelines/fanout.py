"""Fan-out: new entries to the timelines of all active followers, and one line for each act to the live log.

A batch of entries takes one query for who follows their authors, one write to Valkey, and one for the live log. Of
authors with more than FIRST followers the rest comes in keyset batches of BATCH, packed; who of them is not active is
left out (`rookery.timelines.active`). So memory does not grow with the
number of followers, and no task exists per follower. An entry may be pushed again after a crash: a sorted set takes it
once. An edit or a deletion is a line in the live log and nothing else: cached timelines hold ids.
"""

import asyncio
from collections.abc import Sequence

import msgspec
import numpy as np

from rookery.contracts.posts import HomeNews, TimelineEntry
from rookery.contracts.users import Followers, UsersApi
from rookery.kit import live
from rookery.kit.live import LiveEvent
from rookery.kit.resources import Resources
from rookery.timelines.active import ActiveReaders
from rookery.timelines.store import PUSHED_AT_ONCE, Push, TimelineStore

FIRST = 1_000
BATCH = 10_000


class FanOut:
    def __init__(self, resources: Resources, users: UsersApi, store: TimelineStore) -> None:
        self._resources = resources
        self._users = users
        self._store = store
        self._active = ActiveReaders(resources.cache, store)

    async def carry(self, news: Sequence[HomeNews]) -> None:
        """Push what of at most 100 acts are new entries, then tell the live log of all of them, in their order.

        Raises CacheUnavailable while Valkey is away.
        """
        await self.push([each.entry for each in news if each.is_entry])
        await live.publish(self._resources.cache, [live_event(each) for each in news])

    async def push(self, entries: Sequence[TimelineEntry]) -> int:
        """Carry at most 100 entries to their readers; returns how many places in timelines they took.

        Raises CacheUnavailable while Valkey is away. Entries of accounts that are gone are dropped.
        """
        authors = await self._users.authors(list({entry.user_id for entry in entries}))
        by_author: dict[int, list[TimelineEntry]] = {}
        for entry in entries:
            if entry.user_id in authors:
                by_author.setdefault(entry.user_id, []).append(entry)
        if not by_author:
            return 0
        pulled = [author_id for author_id in by_author if authors[author_id].pulled]
        pushed = await self._push(by_author, [author_id for author_id in by_author if not authors[author_id].pulled])
        if pulled:
            await self._resources.invalidations.publish(*(f"entries:{author_id}" for author_id in pulled))
        return pushed

    async def _push(self, by_author: dict[int, list[TimelineEntry]], pushed_to: list[int]) -> int:
        """All entries to their authors, and those of the authors `pushed_to` to their followers."""
        own = [(entry, [entry.user_id]) for some in by_author.values() for entry in some]
        if not pushed_to:
            return await self._store.push(own)
        first, _ = await asyncio.gather(self._users.first_followers(pushed_to, FIRST), self._active.catch_up())
        pushed = await self._store.push(
            [
                *own,
                *(piece for author_id, some in first.items() for piece in self._pieces(by_author[author_id], some)),
            ]
        )
        for author_id, some in first.items():
            if len(some) == FIRST:
                pushed += await self._push_further(author_id, by_author[author_id], some.last)
        return pushed

    async def _push_further(self, author_id: int, entries: list[TimelineEntry], after: int) -> int:
        """To those whose follows are younger than the follow `after`. While one batch is written, the next is read."""
        pushed = 0
        batch = await self._users.followers_after(author_id, after, BATCH)
        while batch.last:
            following = self._users.followers_after(author_id, batch.last, BATCH)
            places, batch = await asyncio.gather(self._push_batch(entries, batch), following)
            pushed += places
        return pushed

    async def _push_batch(self, entries: list[TimelineEntry], followers: Followers) -> int:
        pieces = self._pieces(entries, followers)
        pushed = await self._store.push(pieces)
        self._active.tried_in_vain(sum(len(reader_ids) for _, reader_ids in pieces) - pushed)
        return pushed

    def _pieces(self, entries: list[TimelineEntry], followers: Followers) -> list[Push]:
        """What the store takes, to bring entries to those of the followers that are active."""
        ids = np.frombuffer(followers.ids, dtype=">i8").astype(np.int64)
        active = self._active.among(ids).tolist()
        pieces = [active[start : start + PUSHED_AT_ONCE] for start in range(0, len(active), PUSHED_AT_ONCE)]
        return [(entry, piece) for entry in entries for piece in pieces]


def live_event(news: HomeNews) -> LiveEvent:
    return LiveEvent(live.HOME, news.user_id, msgspec.json.encode(news))
