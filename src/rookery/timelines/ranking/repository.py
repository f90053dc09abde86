"""The only SQL of ranking."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from rookery.contracts.events import AnyEvent
from rookery.kit.database import Connection, Database, load_queries
from rookery.kit.ids import id_ms
from rookery.timelines.ranking.acts import NOBODY, Act, Changes, Written
from rookery.timelines.ranking.decay import growth
from rookery.timelines.ranking.taste import AFFINITIES_MAX, INTERESTS_MAX, LESS_MAX, SEEN_MAX, Taste, taste_of
from rookery.timelines.ranking.weights import LIKE, Settings

queries: Any = load_queries(__file__)

GROUP: Final = "timelines.ranking"


async def fetch(query: Any, connection: Connection, **parameters: Any) -> list[Any]:
    """All rows of a named statement: aiosql hands them out one by one."""
    return [row async for row in query(connection, **parameters)]


class RankingRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def apply(self, events: Sequence[AnyEvent], fold: Callable[[list[AnyEvent]], Changes]) -> None:
        """Do what those events come to that the group has not acted on, in one transaction."""
        async with self._database.transaction() as connection:
            event_ids = [event.event_id for event in events]
            rows = await fetch(queries.consume, connection, consumer_group=GROUP, event_ids=event_ids)
            fresh = {row["event_id"] for row in rows}
            await add(connection, fold([event for event in events if event.event_id in fresh]))

    async def taste(self, reader_id: int) -> Taste:
        """One statement."""
        bounds = {
            "affinities_max": AFFINITIES_MAX,
            "interests_max": INTERESTS_MAX,
            "less_max": LESS_MAX,
            "seen_max": SEEN_MAX,
        }
        async with self._database.connection() as connection:
            return taste_of(await queries.taste(connection, reader_id=reader_id, **bounds))

    async def update_settings(self, reader_id: int, change: Callable[[Settings], Settings]) -> None:
        """Changes of one reader come one after the other."""
        async with self._database.transaction() as connection:
            await queries.lock_settings(connection, reader_id=reader_id)
            row = await queries.settings(connection, reader_id=reader_id)
            settings = change(Settings() if row is None else settings_of(row))
            await queries.update_settings(
                connection,
                reader_id=reader_id,
                weights=msgspec.json.encode(settings.weights).decode(),
                half_life_hours=settings.half_life_hours,
            )

    async def add_less(self, reader_id: int, post_id: int, author_id: int, hashtags: list[str], at_ms: int) -> None:
        """A repetition changes nothing; beyond LESS_MAX the oldest go."""
        post = {"post_id": post_id, "author_id": author_id, "hashtags": hashtags}
        async with self._database.connection() as connection:
            await queries.add_less(connection, reader_id=reader_id, at_ms=at_ms, kept=LESS_MAX, **post)

    async def delete_less(self, reader_id: int, post_id: int) -> None:
        async with self._database.connection() as connection:
            await queries.delete_less(connection, reader_id=reader_id, post_id=post_id)

    async def delete_all_less(self, reader_id: int) -> None:
        async with self._database.connection() as connection:
            await queries.delete_all_less(connection, reader_id=reader_id)

    async def add_seen(self, reader_id: int, post_ids: list[int], at_ms: int) -> None:
        async with self._database.connection() as connection:
            await queries.add_seen(connection, reader_id=reader_id, post_ids=post_ids, at_ms=at_ms, kept=SEEN_MAX)

    async def facts(self, post_ids: list[int]) -> list[Any]:
        """Rows of the view `post_facts`, for those posts that there are, tombstones too."""
        async with self._database.connection() as connection:
            return await fetch(queries.facts, connection, post_ids=post_ids)

    async def vouched(self, user_ids: list[int], above: int, per_user: int, limit: int) -> list[tuple[int, list[int]]]:
        """(post id, who vouches for it, newest first, each once), most vouched for first."""
        async with self._database.connection() as connection:
            rows = await fetch(
                queries.vouched, connection, user_ids=user_ids, above=above, per_user=per_user, max_posts=limit
            )
        return [(row["post_id"], list(dict.fromkeys(row["via"]))) for row in rows]

    async def tagged(self, tag: str, newest: int, limit: int) -> list[int]:
        """The hottest among the newest posts of a hashtag."""
        async with self._database.connection() as connection:
            rows = await fetch(queries.tagged, connection, tag=tag, newest=newest, max_posts=limit)
        return [row["post_id"] for row in rows]

    async def hottest(self, limit: int) -> list[int]:
        async with self._database.connection() as connection:
            return [row["post_id"] for row in await fetch(queries.hottest, connection, max_posts=limit)]


def settings_of(row: Any) -> Settings:
    weights = row["weights"]
    known: dict[str, float] = {} if weights is None else msgspec.json.decode(weights, type=dict[str, float])
    return Settings(known, row["half_life_hours"])


async def add(connection: Connection, changes: Changes) -> None:
    """Add changes to the read models; every statement locks its rows in the order of their keys."""
    if changes.acts:
        columns = _columns(changes.acts)
        amounts = [act.amount for act in changes.acts]
        await queries.add_affinities(connection, amounts=amounts, **columns)
        await queries.add_interests(connection, amounts=amounts, **columns)
        await queries.add_engagement(connection, amounts=amounts, **columns)
    if changes.written:
        await _add_written(connection, changes.written)
    warming = [act for act in changes.acts if act.weight > 0]
    warming += [Act(NOBODY, post.post_id, LIKE, id_ms(post.post_id)) for post in changes.written if _is_news(post)]
    if warming:
        await queries.add_heat(connection, heats=[act.heat for act in warming], **_columns(warming))


async def _add_written(connection: Connection, written: list[Written]) -> None:
    await queries.add_posts(
        connection,
        author_ids=[post.author_id for post in written],
        amounts=[post.sign * growth(id_ms(post.post_id)) for post in written],
    )
    replies = [post for post in written if post.is_reply]
    if replies:
        await queries.add_author_replies(
            connection, post_ids=[post.post_id for post in replies], amounts=[post.sign for post in replies]
        )
    if news := [post.post_id for post in written if _is_news(post)]:
        await queries.add_tagged(connection, post_ids=news)
    if gone := [post.post_id for post in written if post.sign < 0]:
        await queries.forget_posts(connection, post_ids=gone)


def _is_news(post: Written) -> bool:
    return post.sign > 0 and not post.is_reply


def _columns(acts: Sequence[Act]) -> dict[str, list[int]]:
    return {"user_ids": [act.user_id for act in acts], "post_ids": [act.post_id for act in acts]}
