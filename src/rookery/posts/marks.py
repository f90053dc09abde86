"""A reader's own marks (likes, reposts, bookmarks) on the posts of a page.

Of each reader the marks on the newest posts are kept in memory, so that a page of recent posts asks nothing; older
posts are looked up. A change publishes `marks:<user_id>`.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from rookery.kit.local_cache import LocalCache, Stamp
from rookery.kit.resources import Resources
from rookery.posts.rendering import BOOKMARKED, LIKED, REPOSTED
from rookery.posts.repository import MarkedPosts, PostRepository

MARKS_PER_KIND: Final = 500
READERS_KEPT: Final = 50_000
MARKS_KEPT: Final = 1_000_000  # of all readers together; 100 bytes each

Bits = dict[int, int]


class NewestMarks(Struct, frozen=True):
    """Everything that a reader has marked among the posts with an id from `horizon` on."""

    horizon: int
    bits: Bits


class Marks:
    """The marks of readers, as bits (LIKED | REPOSTED | BOOKMARKED) by post id; unmarked posts are absent."""

    def __init__(self, resources: Resources, repository: PostRepository) -> None:
        self._repository = repository
        self._newest: LocalCache[int, NewestMarks] = LocalCache(
            self._load, size=READERS_KEPT, weigh=lambda newest: len(newest.bits), max_weight=MARKS_KEPT
        )
        resources.invalidations.attach("marks", self._newest)

    async def on(self, user_id: int, post_ids: Iterable[int]) -> Bits:
        """The marks of a signed-in user on these posts (and perhaps on others). No SQL for recent posts once loaded."""
        newest = await self._newest.get(user_id)
        if newest is None:
            return {}
        older = [post_id for post_id in post_ids if post_id < newest.horizon]
        if not older:
            return newest.bits
        return newest.bits | bits_of(await self._repository.marks_on(user_id, older))

    def stamp(self, user_id: int) -> Stamp[NewestMarks]:
        """As LocalCache has it; it moves with every change of this user's marks, on older posts too."""
        return self._newest.stamps((user_id,))[0]

    async def _load(self, user_ids: list[int]) -> dict[int, NewestMarks]:
        return {user_id: await self._load_one(user_id) for user_id in user_ids}

    async def _load_one(self, user_id: int) -> NewestMarks:
        marked = await self._repository.newest_marks(user_id, MARKS_PER_KIND)
        full = [kind for kind in (marked.liked, marked.reposted, marked.bookmarked) if len(kind) == MARKS_PER_KIND]
        return NewestMarks(max((kind[-1] for kind in full), default=0), bits_of(marked))


def bits_of(marked: MarkedPosts) -> Bits:
    bits: Bits = dict.fromkeys(marked.liked, LIKED)
    for post_id in marked.reposted:
        bits[post_id] = bits.get(post_id, 0) | REPOSTED
    for post_id in marked.bookmarked:
        bits[post_id] = bits.get(post_id, 0) | BOOKMARKED
    return bits
