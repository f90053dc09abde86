"""Fan-out: one new entry to the timelines of all active followers, and one line to the live log.

Followers come in keyset batches and go out in one script call each, so memory does not grow with the number of
followers and no task exists per follower. An entry may be pushed again after a crash: a sorted set takes it once.
"""

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

    async def push(self, entry: TimelineEntry) -> int:
        """Carry an entry to its readers; returns how many timelines took it. Raises while Valkey is away."""
        author = (await self._users.authors([entry.user_id])).get(entry.user_id)
        if author is None:
            return 0
        pushed = await self._store.push([entry.user_id], entry)
        if author.pulled:
            await self._resources.invalidations.publish(f"entries:{entry.user_id}")
        else:
            pushed += await self._push_to_followers(entry)
        await live.publish(self._resources.cache, [live_event(entry)])
        return pushed

    async def _push_to_followers(self, entry: TimelineEntry) -> int:
        pushed = after = 0
        while True:
            batch = await self._users.followers_after(entry.user_id, after, BATCH)
            if batch:
                pushed += await self._store.push([follower_id for _, follower_id in batch], entry)
                after = batch[-1][0]
            if len(batch) < BATCH:
                return pushed


def live_event(entry: TimelineEntry) -> LiveEvent:
    return LiveEvent(live.HOME, entry.user_id, msgspec.json.encode(entry))
