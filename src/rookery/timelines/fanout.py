"""Fan-out: new entries to the timelines of all active followers, and one line each to the live log.

A batch of entries takes one query for who follows their authors, one write to Valkey, and one for the live log. Of
authors with more than BATCH followers the rest comes in keyset batches, each in one script call, so memory does not
grow with the number of followers and no task exists per follower. An entry may be pushed again after a crash: a sorted
set takes it once.
"""

from collections.abc import Sequence

import msgspec

from rookery.contracts.posts import TimelineEntry
from rookery.contracts.users import UsersApi
from rookery.kit import live
from rookery.kit.live import LiveEvent
from rookery.kit.resources import Resources
from rookery.timelines.store import TimelineStore

BATCH = 1_000


class FanOut:
    def __init__(self, resources: Resources, users: UsersApi, store: TimelineStore) -> None:
        self._resources = resources
        self._users = users
        self._store = store

    async def push(self, entries: Sequence[TimelineEntry]) -> int:
        """Carry at most 100 entries to their readers; returns how many places in timelines they took.

        Raises CacheUnavailable while Valkey is away. Entries of accounts that are gone are dropped.
        """
        authors = await self._users.authors(list({entry.user_id for entry in entries}))
        entries = [entry for entry in entries if entry.user_id in authors]
        if not entries:
            return 0
        pulled = {author.id for author in authors.values() if author.pulled}
        pushed_to = [author_id for author_id in authors if author_id not in pulled]
        followers = await self._users.first_followers(pushed_to, BATCH) if pushed_to else {}
        pushes = [(entry, [entry.user_id]) for entry in entries]
        for entry in entries:
            if first := followers.get(entry.user_id):
                pushes.append((entry, [follower_id for _, follower_id in first]))
        pushed = await self._store.push(pushes)
        for entry in entries:
            if len(first := followers.get(entry.user_id, [])) == BATCH:
                pushed += await self._push_further(entry, first[-1][0])
        if pulled:
            await self._resources.invalidations.publish(*(f"entries:{author_id}" for author_id in pulled))
        await live.publish(self._resources.cache, [live_event(entry) for entry in entries])
        return pushed

    async def _push_further(self, entry: TimelineEntry, after: int) -> int:
        """To those whose follows are younger than the follow `after`."""
        pushed = 0
        while batch := await self._users.followers_after(entry.user_id, after, BATCH):
            pushed += await self._store.push([(entry, [follower_id for _, follower_id in batch])])
            after = batch[-1][0]
            if len(batch) < BATCH:
                break
        return pushed


def live_event(entry: TimelineEntry) -> LiveEvent:
    return LiveEvent(live.HOME, entry.user_id, msgspec.json.encode(entry))
