"""The read model made anew while everything runs: what is there is written over, what should not be there is buried.

Pages through accounts and posts by the contracts of their services. Whatever events bring meanwhile stands: an indexed
post is written over only by the same or a newer revision, and a tombstone by nothing. Posts of the last PRUNED_AFTER_MS
are never taken away: one of them may have been committed behind the page that it belongs to.

Counts of likes and reposts are those of the posts service, which counts by events as well. A like of the very second
in which its post is indexed may count twice or not at all until the next time.
"""

from collections.abc import Callable
from typing import Final

from rookery.contracts.posts import PostsApi
from rookery.contracts.users import UsersApi
from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.search.indexing import Indexer

AT_ONCE: Final = 1_000
TAGS_AT_ONCE: Final = 100
PRUNED_AFTER_MS: Final = 600_000

Progress = Callable[[str, int], None]


async def reindex(indexer: Indexer, posts: PostsApi, users: UsersApi, progress: Progress) -> int:
    """Index everything; `progress(what, done)` follows each page. Returns how many accounts and posts there were."""
    return await _accounts(indexer, users, progress) + await _posts(indexer, posts, progress)


async def _accounts(indexer: Indexer, users: UsersApi, progress: Progress) -> int:
    after = done = 0
    while page := await users.profiles_after(after, AT_ONCE):
        await indexer.store_authors(page)
        after, done = page[-1].id, done + len(page)
        progress("accounts", done)
    return done


async def _posts(indexer: Indexer, posts: PostsApi, progress: Progress) -> int:
    pruned_until = first_id_at(wall_clock_ms() - PRUNED_AFTER_MS)
    tags: set[str] = set()
    after = done = 0
    while page := await posts.posts_after(after, AT_ONCE):
        tags |= await indexer.store_posts(page)
        await indexer.repository.set_engagement(
            [(post.id, post.likes_count, post.reposts_count) for post in page if post.likes_count or post.reposts_count]
        )
        tags |= await _prune(indexer, posts, after, min(page[-1].id, pruned_until))
        after, done = page[-1].id, done + len(page)
        progress("posts", done)
    tags |= await _prune(indexer, posts, after, pruned_until)
    ordered = sorted(tags)
    for start in range(0, len(ordered), TAGS_AT_ONCE):
        await indexer.count_tags(ordered[start : start + TAGS_AT_ONCE])
    return done


async def _prune(indexer: Indexer, posts: PostsApi, after: int, until: int) -> set[str]:
    """Bury what is indexed between these ids and is no post any more; returns its hashtags."""
    tags: set[str] = set()
    while after < until and (indexed := await indexer.repository.posts_between(after, until, AT_ONCE)):
        there = {post.id for post in await posts.stored_posts([post_id for post_id, _ in indexed])}
        if gone := [(post_id, author_id) for post_id, author_id in indexed if post_id not in there]:
            tags |= await indexer.repository.bury_posts(gone)
        after = indexed[-1][0]
    return tags
