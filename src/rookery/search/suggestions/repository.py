"""The only SQL of suggestions."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from rookery.kit.database import Connection, Database, load_queries
from rookery.search.trends.words import StopWords

queries: Any = load_queries(__file__)

POSTS_MAX: Final = 100  # newest ones that an account's vector is made of
LIKES_MAX: Final = 100
LIKES_KEPT: Final = 200  # of each account, since posts that were liked may go
LIKE_WEIGHT: Final = 0.5  # of what one writes oneself
TERMS_MAX: Final = 32  # of an account
STRONGEST: Final = 8  # terms of an account that candidates are found by
STRONGEST_OF_POST: Final = 4  # with 8, common words match so many posts that it takes 35 to 76 ms instead of 1 to 10
CANDIDATES_MAX: Final = 1_000
COSINE_MIN: Final = 0.1
SHARED_MAX: Final = 3
COUNTED_AUTHORS_MIN: Final = 2
COUNTED_POSTS_MAX: Final = 100_000
DISMISSED_MAX: Final = 500


class PostTerms(Struct, frozen=True):
    """A post and its terms, each once, at least one."""

    post_id: int
    author_id: int
    terms: list[str]


class Like(Struct, frozen=True):
    """`id` orders likes of one pair of user and post: of the event, or of the like itself, which is older."""

    id: int
    user_id: int
    post_id: int


class SimilarAccount(Struct, frozen=True):
    """`cosine` of its vector and another's, 0..1; `shared`: at most SHARED_MAX terms, those that make most of it."""

    user_id: int
    cosine: float
    shared: list[str]


class SimilarPost(Struct, frozen=True):
    post_id: int
    author_id: int
    cosine: float


async def fetch(query: Any, connection: Connection, **parameters: Any) -> list[Any]:
    """All rows of a named statement: aiosql hands them out one by one."""
    return [row async for row in query(connection, **parameters)]


class SuggestionRepository:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.stop_words = StopWords()

    async def learn_words(self, words: set[str]) -> None:
        async with self._database.connection() as connection:
            await self.stop_words.learn(connection, words)

    async def replace(self, post_ids: Sequence[int], vectors: Sequence[PostTerms]) -> list[int]:
        """The terms of these posts instead of those before; returns the authors of either. Harmless when repeated."""
        async with self._database.transaction() as connection:
            before = await fetch(queries.authors_of, connection, post_ids=post_ids)
            await queries.forget_posts(connection, post_ids=post_ids)
            if vectors:
                flat = [(vector, term) for vector in vectors for term in vector.terms]
                await queries.add_terms(
                    connection,
                    post_ids=[vector.post_id for vector, _ in flat],
                    author_ids=[vector.author_id for vector, _ in flat],
                    terms=[term for _, term in flat],
                )
        return sorted({row["author_id"] for row in before} | {vector.author_id for vector in vectors})

    async def forget_authors(self, author_ids: Sequence[int]) -> None:
        async with self._database.connection() as connection:
            await queries.forget_authors(connection, author_ids=author_ids)

    async def change_likes(self, added: Sequence[Like], removed: Sequence[Like]) -> None:
        """Likes come before what took them back: the ids tell which of the two was later. Harmless when repeated."""
        async with self._database.transaction() as connection:
            if added:
                await queries.add_likes(connection, **_columns(added))
            if removed:
                await queries.remove_likes(connection, **_columns(removed))

    async def weigh(self, user_ids: Sequence[int]) -> None:
        """Make the vectors of these accounts anew."""
        async with self._database.connection() as connection:
            await queries.weigh_accounts(
                connection,
                user_ids=user_ids,
                posts_max=POSTS_MAX,
                likes_max=LIKES_MAX,
                like_weight=LIKE_WEIGHT,
                terms_max=TERMS_MAX,
            )

    async def similar_accounts(self, user_id: int, limit: int) -> list[SimilarAccount]:
        """Most similar first."""
        async with self._database.connection() as connection:
            rows = await fetch(
                queries.similar_accounts,
                connection,
                user_id=user_id,
                strongest=STRONGEST,
                candidates_max=CANDIDATES_MAX,
                cosine_min=COSINE_MIN,
                shared_max=SHARED_MAX,
                row_limit=limit,
            )
        return [SimilarAccount(row["user_id"], row["cosine"], row["shared"]) for row in rows]

    async def similar_posts(self, post_id: int, terms: Sequence[str], limit: int) -> list[SimilarPost]:
        """Most similar first, then newest; without the post itself."""
        async with self._database.connection() as connection:
            rows = await fetch(
                queries.similar_posts,
                connection,
                post_id=post_id,
                terms=terms,
                strongest=STRONGEST_OF_POST,
                candidates_max=CANDIDATES_MAX,
                cosine_min=COSINE_MIN,
                row_limit=limit,
            )
        return [SimilarPost(row["post_id"], row["author_id"], row["cosine"]) for row in rows]

    async def count_terms(self) -> None:
        async with self._database.connection() as connection:
            await queries.count_terms(connection, authors_min=COUNTED_AUTHORS_MIN, posts_max=COUNTED_POSTS_MAX)

    async def active_among(self, user_ids: Sequence[int], above: int) -> set[int]:
        """Those who have a public post with an id of at least `above`."""
        async with self._database.connection() as connection:
            rows = await fetch(queries.active_among, connection, user_ids=user_ids, above=above)
        return {row["user_id"] for row in rows}

    async def replace_popular(self, accounts: Sequence[tuple[int, int]]) -> None:
        """(user id, followers)."""
        async with self._database.transaction() as connection:
            await queries.forget_popular(connection)
            await queries.add_popular(
                connection,
                user_ids=[user_id for user_id, _ in accounts],
                followers=[followers for _, followers in accounts],
            )

    async def popular(self) -> list[tuple[int, int]]:
        """(user id, followers), most first."""
        async with self._database.connection() as connection:
            return [(row["user_id"], row["followers"]) for row in await fetch(queries.popular, connection)]

    async def dismissed(self, user_id: int) -> frozenset[int]:
        """At most DISMISSED_MAX."""
        async with self._database.connection() as connection:
            rows = await fetch(queries.dismissed, connection, user_id=user_id)
        return frozenset(row["dismissed_id"] for row in rows)

    async def dismiss(self, user_id: int, dismissed_id: int, at_ms: int) -> None:
        """Beyond DISMISSED_MAX the oldest are suggested again."""
        async with self._database.connection() as connection:
            await queries.dismiss(
                connection, user_id=user_id, dismissed_id=dismissed_id, at_ms=at_ms, kept=DISMISSED_MAX
            )

    async def accounts_after(self, after: int, limit: int) -> list[int]:
        """Ids, ascending, of accounts that have terms or likes."""
        async with self._database.connection() as connection:
            return [
                row["user_id"] for row in await fetch(queries.accounts_after, connection, after=after, row_limit=limit)
            ]

    async def forget_learnt(self) -> None:
        async with self._database.connection() as connection:
            await queries.forget_learnt(connection)

    async def prune(self, query: Any, **bounds: Any) -> int:
        """How many rows went."""
        async with self._database.connection() as connection:
            return len(await fetch(query, connection, **bounds))

    async def crowded(self, after: int, limit: int) -> list[int]:
        """Accounts above `after` with more than LIKES_KEPT likes."""
        async with self._database.connection() as connection:
            rows = await fetch(queries.crowded_accounts, connection, after=after, kept=LIKES_KEPT, max_users=limit)
        return [row["user_id"] for row in rows]

    async def prune_likes(self, user_id: int) -> None:
        async with self._database.connection() as connection:
            await queries.prune_likes(connection, user_id=user_id, kept=LIKES_KEPT)


def _columns(likes: Sequence[Like]) -> dict[str, list[int]]:
    return {
        "ids": [like.id for like in likes],
        "user_ids": [like.user_id for like in likes],
        "post_ids": [like.post_id for like in likes],
    }
