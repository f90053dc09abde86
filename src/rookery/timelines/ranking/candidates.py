"""Where candidates come from, and which of them a reader may not or will not be shown.

    following   posts of followed authors: the home timeline, its cached part
    network     posts that followees liked or reposted in the last VOUCHED_DAYS
    trending    hot posts in the hashtags that the reader engages with most; for who has few candidates, of the instance

Each post is a candidate once, whoever reposted it: reposts are vouches, and `via` tells of them. Left out here: the
reader's own posts, replies to people whom the reader does not follow, and authors whom the reader mutes or blocks, or
who block the reader. What `rookery.access` hides beyond that falls out when a page is hydrated.
"""

from collections.abc import Iterable
from heapq import nsmallest
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from rookery.contracts.users import Reader, UsersApi
from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.kit.local_cache import LocalCache
from rookery.kit.resources import Resources
from rookery.timelines.ranking.decay import DAY_MS
from rookery.timelines.ranking.taste import Taste
from rookery.timelines.ranking.tastes import Tastes
from rookery.timelines.sources import EntrySource

FOLLOWING, NETWORK, TRENDING = 0, 1, 2
SOURCES: Final = ("following", "network", "trending")

CANDIDATES_MAX: Final = 1_500
HOME_ENTRIES: Final = 800  # all that the cache has
VOUCHED_POSTS: Final = 400
VOUCHED_PER_USER: Final = 20
VOUCHED_DAYS: Final = 3
VOUCHERS_ASKED: Final = 1_000
TAGS_ASKED: Final = 8
TAG_NEWEST: Final = 500
TAG_POSTS: Final = 25
FEW: Final = 60  # with fewer candidates, the instance's hottest posts fill up
HOT_POSTS: Final = 300
INSTANCE: Final = ""

READERS_KEPT: Final = 5_000
VOUCHES_KEPT: Final = 2_000_000
TAGS_KEPT: Final = 5_000

Ints = NDArray[np.int64]
Vouches = dict[int, list[int]]  # by post id: who vouches, newest first


class Pool(Struct, frozen=True):
    """Candidates by post id before their facts are known; `tags`: what brought a post, None for the instance."""

    reader: Reader
    taste: Taste
    post_ids: list[int]
    followed: frozenset[int]
    vouches: Vouches
    tags: dict[int, str | None]


class CandidateSource:
    """Warm, a pool takes one round trip to Valkey and no SQL; vouches and trends are up to a minute old."""

    def __init__(self, resources: Resources, entries: EntrySource, tastes: Tastes, users: UsersApi) -> None:
        self._entries = entries
        self._repository = tastes.repository
        self._tastes = tastes
        self._users = users
        self._vouches: LocalCache[int, Vouches] = LocalCache(
            self._load_vouches, size=READERS_KEPT, weigh=len, max_weight=VOUCHES_KEPT
        )
        resources.invalidations.attach("reader", self._vouches)
        # By hashtag; INSTANCE is all of them. Nobody publishes what is hot, so it is kept also while Valkey is away.
        self._trends: LocalCache[str, list[int]] = LocalCache(self._load_trends, size=TAGS_KEPT)
        self._trends.enabled = True

    def forget(self) -> None:
        """Look at vouches and trends anew."""
        self._vouches.clear()
        self._trends.clear()

    async def pool(self, reader_id: int, before: int) -> Pool:
        """At most CANDIDATES_MAX posts with an id below `before`."""
        reader, home = await self._home(reader_id)
        taste = await self._tastes.of(reader_id)
        vouches = await self._vouches.get(reader_id) or {}
        tags = await self._trending(taste)
        found = dict.fromkeys((*home, *vouches, *tags))
        if len(found) < FEW:
            hottest = await self._trends.get(INSTANCE) or []
            tags |= dict.fromkeys(post_id for post_id in hottest if post_id not in found)
            found |= dict.fromkeys(hottest)
        post_ids = [post_id for post_id in found if post_id < before and post_id not in taste.less]
        return Pool(reader, taste, post_ids[:CANDIDATES_MAX], frozenset(home), vouches, tags)

    async def _home(self, reader_id: int) -> tuple[Reader, list[int]]:
        """The posts (not reposts) of followed authors that the cached timeline holds, newest first."""
        reader, posts = await self._entries.posts(reader_id, HOME_ENTRIES)
        following = reader.following
        return reader, [post_id for post_id, user_id in posts if user_id in following]

    async def _trending(self, taste: Taste) -> dict[int, str | None]:
        """Hot posts in the strongest of the reader's hashtags; a post goes by the strongest that brings it."""
        found: dict[int, str | None] = {}
        asked = list(taste.hashtags)[:TAGS_ASKED]
        trends = await self._trends.get_many(asked)
        for tag in asked:
            for post_id in trends.get(tag, ()):
                found.setdefault(post_id, tag)
        return found

    async def _load_vouches(self, reader_ids: list[int]) -> dict[int, Vouches]:
        return {reader_id: await self._vouches_for(reader_id) for reader_id in reader_ids}

    async def _vouches_for(self, reader_id: int) -> Vouches:
        reader, taste = await self._users.reader(reader_id), await self._tastes.of(reader_id)
        asked = _strongest(reader.following - reader.muting, taste)
        if not asked:
            return {}
        above = first_id_at(wall_clock_ms() - VOUCHED_DAYS * DAY_MS)
        return dict(await self._repository.vouched(asked, above, VOUCHED_PER_USER, VOUCHED_POSTS))

    async def _load_trends(self, tags: list[str]) -> dict[str, list[int]]:
        found = {}
        for tag in tags:
            if tag == INSTANCE:
                found[tag] = await self._repository.hottest(HOT_POSTS)
            else:
                found[tag] = await self._repository.tagged(tag, TAG_NEWEST, TAG_POSTS)
        return found


def _strongest(user_ids: Iterable[int], taste: Taste) -> list[int]:
    """At most VOUCHERS_ASKED of them, those whom the reader has most to do with first, ascending by id."""
    affinity = taste.affinities.get
    return sorted(nsmallest(VOUCHERS_ASKED, user_ids, key=lambda user_id: (-affinity(user_id, 0.0), user_id)))


def sources_of(pool: Pool, post_ids: list[int], author_ids: list[int]) -> NDArray[np.uint8]:
    """Which source each candidate is shown under."""
    followed, following, vouched = pool.followed, pool.reader.following, pool.vouches
    sources = [
        FOLLOWING if post_id in followed or author_id in following else NETWORK if post_id in vouched else TRENDING
        for post_id, author_id in zip(post_ids, author_ids, strict=True)
    ]
    return np.array(sources, dtype=np.uint8)


def shown_of(pool: Pool, author_ids: Ints, reply_to_author_ids: Ints) -> NDArray[np.bool_]:
    """Which candidates may stay; `reply_to_author_ids` are 0 for what answers nobody."""
    reader = pool.reader
    shown: NDArray[np.bool_] = author_ids != reader.id
    for hidden in (reader.muting, reader.blocking, reader.blocked_by):
        if hidden:
            shown &= np.array([author_id not in hidden for author_id in author_ids.tolist()], dtype=np.bool_)
    replies = np.flatnonzero(reply_to_author_ids)
    answered = reply_to_author_ids[replies].tolist()
    shown[replies] &= np.array([each in reader.following or each == reader.id for each in answered], dtype=np.bool_)
    return shown
