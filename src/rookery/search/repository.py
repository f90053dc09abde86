"""The only SQL of search. Each method is one round trip, unless it says otherwise."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from msgspec import Struct

from rookery.contracts.users import Reader
from rookery.kit.database import Database, load_queries

queries: Any = load_queries(__file__)

TOMBSTONE_REVISION: Final = 2**31 - 1


class Match(NamedTuple):
    """A post that the index says matches. `revision` is the one that was indexed."""

    id: int
    author_id: int
    revision: int


class Matches(Struct, frozen=True):
    """Newest first. `examined` counts what matched before the reader's sets and bounds on counts took some away."""

    posts: list[Match]
    examined: int


class Bounds(Struct, frozen=True):
    """What narrows a search beside its terms."""

    min_likes: int = 0
    min_reposts: int = 0
    follows_only: bool = False


class PostDocument(Struct, frozen=True):
    """A row of search.posts; `terms` is the text form of a tsvector."""

    id: int
    author_id: int
    revision: int
    lang: str | None
    terms: str


class AuthorDocument(Struct, frozen=True):
    """A row of search.authors; `words` is the text form of a tsvector."""

    id: int
    username: str
    names: str
    words: str
    protected: bool
    followers: int


class TagUse(NamedTuple):
    tag: str
    post_id: int
    author_id: int


class TagCount(NamedTuple):
    tag: str
    posts: int
    authors: int


class EngagementChange(NamedTuple):
    """What an event adds to the counts of a post."""

    event_id: int
    post_id: int
    likes: int = 0
    reposts: int = 0


def hidden_from(reader: Reader) -> list[int]:
    """Whose posts no search shows this reader."""
    return list(reader.blocking | reader.blocked_by | reader.muting)


def apart_from(reader: Reader) -> list[int]:
    """Accounts that no search for accounts shows this reader: muted ones are found by who asks for them."""
    return list(reader.blocking | reader.blocked_by)


class SearchRepository:
    """Reads and writes the schema `search`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def _all(self, query: Any, **parameters: Any) -> list[Any]:
        async with self._database.connection() as connection:
            return [row async for row in query(connection, **parameters)]

    async def _do(self, query: Any, **parameters: Any) -> None:
        async with self._database.connection() as connection:
            await query(connection, **parameters)

    async def find_posts(
        self, condition: str, reader: Reader, bounds: Bounds, *, since: int, before: int, limit: int
    ) -> Matches:
        """The newest matches with ids from `since` to below `before`."""
        rows = await self._all(
            queries.find_posts,
            condition=condition,
            since=since,
            before=before,
            reader_id=reader.id,
            following=list(reader.following),
            hidden=hidden_from(reader),
            follows_only=bounds.follows_only,
            min_likes=bounds.min_likes,
            min_reposts=bounds.min_reposts,
            row_limit=limit,
        )
        posts = [Match(row["id"], row["author_id"], row["revision"]) for row in rows if row["id"] is not None]
        return Matches(sorted(posts, reverse=True), rows[0]["examined"])

    async def score_posts(self, ids: list[int], words: str, half_life_ms: int) -> dict[int, int]:
        rows = await self._all(queries.score_posts, ids=ids, words=words, half_life_ms=half_life_ms)
        return {row["id"]: row["score"] for row in rows}

    async def id_at_depth(self, depth: int) -> int | None:
        """The id of the post that has `depth` newer ones."""
        async with self._database.connection() as connection:
            found: int | None = await queries.id_at_depth(connection, depth=depth)
            return found

    async def index_posts(self, posts: Sequence[PostDocument], uses: Sequence[TagUse]) -> set[str]:
        """Store posts and what they are tagged with; returns the hashtags whose uses may have changed.

        One transaction of three statements. What is there already in a newer revision stays.
        """
        async with self._database.transaction() as connection:
            rows = queries.index_posts(
                connection,
                ids=[post.id for post in posts],
                author_ids=[post.author_id for post in posts],
                revisions=[post.revision for post in posts],
                langs=[post.lang for post in posts],
                terms=[post.terms for post in posts],
            )
            stored = {row["id"] async for row in rows}
            before = {row["tag"] async for row in queries.forget_tags(connection, post_ids=list(stored))}
            current = [use for use in uses if use.post_id in stored]
            if current:
                await queries.add_tags(
                    connection,
                    tags=[use.tag for use in current],
                    post_ids=[use.post_id for use in current],
                    author_ids=[use.author_id for use in current],
                )
        return before | {use.tag for use in current}

    async def bury_posts(self, posts: Sequence[tuple[int, int]]) -> set[str]:
        """Leave tombstones of (post id, author id), so that nothing older comes back; returns their hashtags.

        One transaction of three statements.
        """
        post_ids = [post_id for post_id, _ in posts]
        async with self._database.transaction() as connection:
            await queries.bury_posts(connection, ids=post_ids, author_ids=[author_id for _, author_id in posts])
            await queries.forget_engagement(connection, post_ids=post_ids)
            return {row["tag"] async for row in queries.forget_tags(connection, post_ids=post_ids)}

    async def count_engagement(self, group: str, changes: Sequence[EngagementChange]) -> None:
        """Count what the group has not counted yet."""
        await self._all(
            queries.count_engagement,
            consumer_group=group,
            event_ids=[change.event_id for change in changes],
            post_ids=[change.post_id for change in changes],
            likes=[change.likes for change in changes],
            reposts=[change.reposts for change in changes],
        )

    async def set_engagement(self, counts: Sequence[tuple[int, int, int]]) -> None:
        """Of (post id, likes, reposts)."""
        post_ids, likes, reposts = zip(*counts, strict=True) if counts else ((), (), ())
        await self._do(queries.set_engagement, post_ids=list(post_ids), likes=list(likes), reposts=list(reposts))

    async def count_tags(self, tags: Sequence[str], *, since: int, uses_max: int) -> None:
        await self._do(queries.count_tags, tags=sorted(tags), since=since, uses_max=uses_max)

    async def tags_of_authors(self, author_ids: list[int], *, since: int) -> set[str]:
        return {row["tag"] for row in await self._all(queries.tags_of_authors, author_ids=author_ids, since=since)}

    async def stale_tags(self, limit: int) -> list[str]:
        """Those counted longest ago."""
        return [row["tag"] for row in await self._all(queries.stale_tags, row_limit=limit)]

    async def tags(self, prefix: str, *, skipped: int, limit: int) -> list[TagCount]:
        """Hashtags that begin with `prefix` (lower case, not empty), most authors first."""
        query = {1: queries.tags_by_1, 2: queries.tags_by_2}.get(len(prefix), queries.tags_by_prefix)
        return [TagCount(*row) for row in await self._all(query, prefix=prefix, skipped=skipped, row_limit=limit)]

    async def uses_of_tags(self, reader: Reader, tags: list[str], *, uses_max: int, limit: int) -> dict[str, list[int]]:
        """Of each hashtag the newest posts, at most `limit`, that the reader's sets let through."""
        found: dict[str, list[int]] = {}
        for row in await self._all(
            queries.uses_of_tags,
            tags=tags,
            reader_id=reader.id,
            following=list(reader.following),
            hidden=hidden_from(reader),
            uses_max=uses_max,
            row_limit=limit,
        ):
            found.setdefault(row["tag"], []).append(row["post_id"])
        return found

    async def authors_by_start(self, reader: Reader, start: str, limit: int) -> list[int]:
        """Ids of accounts whose username begins with one or two characters, best first."""
        rows = await self._all(
            queries.authors_by_start,
            start=start,
            following=list(reader.following),
            hidden=apart_from(reader),
            row_limit=limit,
        )
        return [row["id"] for row in rows]

    async def authors_by_name(
        self, reader: Reader, name: str, *, pattern: str, words: str, candidates: int, limit: int
    ) -> list[int]:
        """Ids of accounts by name and bio, best first."""
        rows = await self._all(
            queries.authors_by_name,
            name=name,
            pattern=pattern,
            words=words,
            following=list(reader.following),
            hidden=apart_from(reader),
            candidates=candidates,
            row_limit=limit,
        )
        return [row["id"] for row in rows]

    async def index_authors(self, authors: Sequence[AuthorDocument]) -> None:
        await self._do(
            queries.index_authors,
            ids=[author.id for author in authors],
            usernames=[author.username for author in authors],
            names=[author.names for author in authors],
            words=[author.words for author in authors],
            protected=[author.protected for author in authors],
            followers=[author.followers for author in authors],
        )

    async def posts_between(self, after: int, until: int, limit: int) -> list[tuple[int, int]]:
        """(post id, author id) of indexed posts above `after` up to `until`, ascending."""
        rows = await self._all(queries.posts_between, after=after, until=until, row_limit=limit)
        return [(row["id"], row["author_id"]) for row in rows]
