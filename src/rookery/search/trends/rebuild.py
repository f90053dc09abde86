"""Notes anew what recent posts speak of, and computes trends: for seeded networks, and when rules of noting changed."""

from collections.abc import Callable

from rookery.contracts.posts import PostsApi
from rookery.kit.ids import first_id_at
from rookery.search.trends.burst import PERIODS
from rookery.search.trends.computing import compute
from rookery.search.trends.noting import POSTS_AT_ONCE, Noting
from rookery.search.trends.repository import KEPT_MS, TrendRepository


async def rebuild(
    repository: TrendRepository, noting: Noting, posts: PostsApi, now_ms: int, progress: Callable[[int], None]
) -> int:
    """Workers may run meanwhile. `progress` hears how many posts were read so far; returns how many in all."""
    await repository.forget_uses()
    oldest_ms = now_ms - KEPT_MS
    read = 0
    after = first_id_at(oldest_ms)
    while page := await posts.posts_after(after, POSTS_AT_ONCE):
        await noting.write([post.id for post in page], await noting.public.among(page))
        read += len(page)
        after = page[-1].id
        progress(read)
    for period in PERIODS:
        await repository.restart_clock(period, period.number(oldest_ms) + 1)
        await compute(repository, period, now_ms)
    return read
