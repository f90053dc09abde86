"""Learns terms and likes anew from all that stands: for seeded networks, and for posts older than the event log."""

from collections.abc import Callable

from rookery.contracts.posts import PostsApi
from rookery.contracts.users import UsersApi
from rookery.kit.ids import first_id_at
from rookery.search.public_posts import PublicPosts
from rookery.search.suggestions.indexing import POSTS_AT_ONCE, Indexing
from rookery.search.suggestions.repository import Like, SuggestionRepository
from rookery.search.suggestions.upkeep import KEPT_MS, look_up_popular, prune

LIKES_AT_ONCE = 5_000
ACCOUNTS_AT_ONCE = 200

Progress = Callable[[str, int], None]


async def rebuild(
    repository: SuggestionRepository, users: UsersApi, posts: PostsApi, now_ms: int, progress: Progress
) -> None:
    """Workers may run meanwhile; suggestions are poorer until it is done. `progress` hears what was read, and how much.

    Posts come before likes, since only likes of known posts count, and accounts last; dismissals stay.
    """
    indexing = Indexing(repository, PublicPosts(users, posts))
    await repository.forget_learnt()
    below = first_id_at(now_ms - KEPT_MS)
    await _index_posts(indexing, posts, below, progress)
    await _index_likes(indexing, posts, below, progress)
    await prune(repository, now_ms)
    await repository.count_terms()
    await _weigh_accounts(repository, indexing, progress)
    await look_up_popular(repository, users, now_ms)


async def _index_posts(indexing: Indexing, posts: PostsApi, after: int, progress: Progress) -> None:
    read = 0
    while page := await posts.posts_after(after, POSTS_AT_ONCE):
        await indexing.write([post.id for post in page], await indexing.public.among(page))
        read += len(page)
        after = page[-1].id
        progress("posts", read)


async def _index_likes(indexing: Indexing, posts: PostsApi, below: int, progress: Progress) -> None:
    read = 0
    after = (0, 0)
    while likes := await posts.likes_after(after, LIKES_AT_ONCE):
        await indexing.change_likes([Like(*like) for like in likes if like[2] >= below], [])
        read += len(likes)
        after = likes[-1][1:]
        progress("likes", read)


async def _weigh_accounts(repository: SuggestionRepository, indexing: Indexing, progress: Progress) -> None:
    """With weights that know how many use a term."""
    weighed = 0
    after = 0
    while user_ids := await repository.accounts_after(after, ACCOUNTS_AT_ONCE):
        await indexing.weigh(user_ids)
        weighed += len(user_ids)
        after = user_ids[-1]
        progress("accounts", weighed)
