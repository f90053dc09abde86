"""The jobs of suggestions: count terms, look up who is popular, keep what is remembered bounded."""

from typing import Any, Final

from rookery.contracts.users import UsersApi
from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.kit.jobs import Job
from rookery.search.suggestions.repository import SuggestionRepository, queries

DAY_MS: Final = 24 * 3600 * 1000
KEPT_MS: Final = 90 * DAY_MS  # of posts and likes of them
ACTIVE_MS: Final = 30 * DAY_MS  # who has not posted for longer is not suggested for being popular
POPULAR_LOOKED_AT: Final = 1_000
POPULAR_KEPT: Final = 300
COUNT_EVERY_S: Final = 3600
POPULAR_EVERY_S: Final = 120  # nobody is known to a newcomer otherwise
ROWS_AT_ONCE: Final = 5_000
USERS_AT_ONCE: Final = 500


def jobs(repository: SuggestionRepository, users: UsersApi) -> list[Job]:
    return [
        Job("search.terms", COUNT_EVERY_S, repository.count_terms),
        Job("search.popular", POPULAR_EVERY_S, lambda: look_up_popular(repository, users, wall_clock_ms())),
        Job("search.suggestions.prune", COUNT_EVERY_S, lambda: prune(repository, wall_clock_ms())),
    ]


async def look_up_popular(repository: SuggestionRepository, users: UsersApi, now_ms: int) -> None:
    """The most followed public accounts that have posted lately, at most POPULAR_KEPT."""
    followed = await users.most_followed(POPULAR_LOOKED_AT)
    active = await repository.active_among([user_id for user_id, _ in followed], first_id_at(now_ms - ACTIVE_MS))
    await repository.replace_popular([each for each in followed if each[0] in active][:POPULAR_KEPT])


async def prune(repository: SuggestionRepository, now_ms: int) -> None:
    """Take away old posts, likes of them, and likes beyond the newest of each account."""
    below = first_id_at(now_ms - KEPT_MS)
    for query in (queries.prune_posts, queries.prune_old_likes):
        await _all(repository, query, below=below)
    after = 0
    while user_ids := await repository.crowded(after, USERS_AT_ONCE):
        for user_id in user_ids:
            await repository.prune_likes(user_id)
        after = user_ids[-1]


async def _all(repository: SuggestionRepository, query: Any, **bounds: Any) -> None:
    while await repository.prune(query, max_rows=ROWS_AT_ONCE, **bounds) == ROWS_AT_ONCE:
        pass
