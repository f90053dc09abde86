"""Popular posts, for everybody: what is hot on the instance among what a stranger may see."""

from collections.abc import Iterator
from typing import Final

from rookery.contracts.posts import Post, PostsApi, TimelineEntry
from rookery.contracts.users import UsersApi
from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.kit.local_cache import LocalCache
from rookery.timelines.ranking.decay import DAY_MS
from rookery.timelines.ranking.repository import RankingRepository

POPULAR_MAX: Final = 50
SPARE: Final = 100  # beyond the page, since a reader may hide some
KEPT: Final = POPULAR_MAX + SPARE
HOTTEST: Final = 600  # looked at, for that many authors
AT_ONCE: Final = 200  # as many as PostsApi.posts takes
POPULAR_DAYS: Final = 7
MAX_AGE_S: Final = 30.0
SIGNED_OUT_ID: Final = 0


class Popular:
    """One list for all readers, kept for MAX_AGE_S; each sees of it what `rookery.access` leaves at the moment."""

    def __init__(self, repository: RankingRepository, users: UsersApi, posts: PostsApi) -> None:
        self._repository = repository
        self._users = users
        self._posts = posts
        # Nobody publishes what is hot, so it is kept also while Valkey is away.
        self._found: LocalCache[str, list[TimelineEntry]] = LocalCache(self._load, size=1, max_age_s=MAX_AGE_S)
        self._found.enabled = True

    def forget(self) -> None:
        self._found.clear()

    async def items(self, reader_id: int, limit: int) -> list[bytes]:
        """The JSON of at most `limit` TimelineItems, hottest first. No SQL with warm caches. Reader 0 is signed out."""
        entries = (await self._found.get("") or [])[: limit + SPARE]
        reader = await self._users.reader(reader_id)
        return [item for _, item in await self._posts.items_json(reader, entries)][:limit]

    async def _load(self, keys: list[str]) -> dict[str, list[TimelineEntry]]:
        """At most KEPT: of the last POPULAR_DAYS, one of each author, seen and liked or reposted by strangers."""
        above = first_id_at(wall_clock_ms() - POPULAR_DAYS * DAY_MS)
        post_ids = [post_id for post_id in await self._repository.hottest(HOTTEST) if post_id >= above]
        stranger = await self._users.reader(SIGNED_OUT_ID)
        found: dict[int, TimelineEntry] = {}
        for start in range(0, len(post_ids), AT_ONCE):
            asked = post_ids[start : start + AT_ONCE]
            for entry in _entries(asked, await self._posts.posts(stranger, asked)):
                found.setdefault(entry.user_id, entry)
        return dict.fromkeys(keys, list(found.values())[:KEPT])


def _entries(post_ids: list[int], posts: dict[int, Post]) -> Iterator[TimelineEntry]:
    for post_id in post_ids:
        if (post := posts.get(post_id)) is not None and _may_be_popular(post):
            yield TimelineEntry(post_id, int(post.author.id), post_id)


def _may_be_popular(post: Post) -> bool:
    """Answers need what they answer, and what is sensitive is nobody's first sight of a place."""
    liked = post.likes_count + post.reposts_count > 0
    return liked and post.reply_to_id is None and not any(each.sensitive for each in post.media)
