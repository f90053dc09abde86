"""The only SQL of trends."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from rookery.kit.database import Connection, Database, load_queries
from rookery.kit.ids import first_id_at
from rookery.search.trends.burst import HOUR_MS, Past, Period
from rookery.search.trends.topics import Topic
from rookery.search.trends.words import StopWords

queries: Any = load_queries(__file__)

KEPT_MS: Final = 50 * HOUR_MS  # of uses: a day that has passed enters the past a day later
AUTHORS_MIN: Final = 3  # distinct, of a trend
PAST_AUTHORS_MIN: Final = 2  # of what enters the past: most topics are one person's
TOPICS_MAX: Final = 2_000  # looked at for each language, those of the most authors
LANGS_MAX: Final = 40
SAMPLE: Final = 100  # newest uses of a topic that its name, its examples and its likeness to others are read from


class Use(Struct, frozen=True):
    """A topic of a post."""

    post_id: int
    author_id: int
    lang: str
    topic: Topic


class Counted(Struct, frozen=True):
    """A topic in a window; `lang` is '' for all languages. `kind`: a topic that is a hashtag somewhere is one."""

    lang: str
    topic: str
    kind: str
    posts: int
    authors: int
    past: Past


class Span(Struct, frozen=True):
    """From a time to another, the latter left out, in Unix milliseconds."""

    from_ms: int
    to_ms: int

    @property
    def ids(self) -> dict[str, int]:
        return {"above": first_id_at(self.from_ms), "below": first_id_at(self.to_ms)}


class Clock(Struct, frozen=True):
    """The first period that was watched whole, and the last that is in the pasts (before `first`: none)."""

    first: int
    rolled: int


class Decision(Struct, frozen=True):
    """Why a topic is hidden, or was shown again."""

    topic: str
    name: str
    reason: str
    decided_by: str


async def fetch(query: Any, connection: Connection, **parameters: Any) -> list[Any]:
    """All rows of a named statement: aiosql hands them out one by one."""
    return [row async for row in query(connection, **parameters)]


class TrendRepository:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.stop_words = StopWords()

    async def learn_words(self, words: set[str]) -> None:
        async with self._database.connection() as connection:
            await self.stop_words.learn(connection, words)

    async def replace(self, post_ids: Sequence[int], uses: Sequence[Use]) -> None:
        """What these posts speak of, instead of whatever was noted of them. Harmless when repeated."""
        async with self._database.transaction() as connection:
            await queries.forget_posts(connection, post_ids=post_ids)
            if uses:
                await queries.add_uses(
                    connection,
                    topics=[use.topic.key for use in uses],
                    post_ids=[use.post_id for use in uses],
                    author_ids=[use.author_id for use in uses],
                    kinds=[use.topic.kind for use in uses],
                    names=[use.topic.name for use in uses],
                    langs=[use.lang for use in uses],
                )

    async def forget_authors(self, author_ids: Sequence[int]) -> None:
        async with self._database.connection() as connection:
            await queries.forget_authors(connection, author_ids=author_ids)

    async def counted(self, period: Period, span: Span) -> list[Counted]:
        """At most TOPICS_MAX of each of LANGS_MAX languages."""
        bounds = {"authors_min": AUTHORS_MIN, "topics_max": TOPICS_MAX, "langs_max": LANGS_MAX}
        async with self._database.connection() as connection:
            rows = await fetch(queries.counted, connection, period=period.window, **span.ids, **bounds)
        return [
            Counted(row["lang"], row["topic"], row["kind"], row["posts"], row["authors"], _past(row)) for row in rows
        ]

    async def sampled(self, topics: list[str], lang: str, span: Span) -> list[Any]:
        """Rows (topic, post_id, author_id, kind, name), of each topic the newest SAMPLE."""
        async with self._database.connection() as connection:
            return await fetch(queries.sampled, connection, topics=topics, lang=lang, row_limit=SAMPLE, **span.ids)

    async def series(self, topics: list[str], lang: str, span: Span, slot_ms: int) -> list[Any]:
        """Rows (topic, slot, authors, first_id), without the empty slots."""
        async with self._database.connection() as connection:
            return await fetch(queries.series, connection, topics=topics, lang=lang, slot_ms=slot_ms, **span.ids)

    async def clock(self, period: Period) -> Clock | None:
        async with self._database.connection() as connection:
            row = await queries.clock(connection, period=period.window)
        return None if row is None else Clock(**row)

    async def start_clock(self, period: Period, first: int) -> None:
        """Unless it runs already."""
        async with self._database.connection() as connection:
            await queries.start_clock(connection, period=period.window, first=first)

    async def roll(self, period: Period, number: int) -> None:
        """Add a period to the pasts, once."""
        span = Span(number * period.length_ms, (number + 1) * period.length_ms)
        async with self._database.transaction() as connection:
            if await queries.advance_clock(connection, period=period.window, rolled=number) is None:
                return
            await queries.roll(
                connection,
                period=period.window,
                at=number,
                fade=period.fade,
                authors_min=PAST_AUTHORS_MIN,
                **span.ids,
            )

    async def since(self, period: Period) -> dict[tuple[str, str], int]:
        """By (language, topic), since when what is trending now has been."""
        async with self._database.connection() as connection:
            rows = await fetch(queries.since, connection, period=period.window)
        return {(row["lang"], row["topic"]): row["since_ms"] for row in rows}

    async def replace_trends(self, period: Period, rows: list[dict[str, Any]]) -> None:
        async with self._database.transaction() as connection:
            await queries.lock_trends(connection, period=period.window)
            await queries.forget_trends(connection, period=period.window)
            if rows:
                await queries.add_trend(connection, rows)

    async def trends(self, window: str, lang: str) -> list[Any]:
        """Rows of `search.trends`, strongest first, without hidden ones. One statement."""
        async with self._database.connection() as connection:
            return await fetch(queries.trends, connection, period=window, lang=lang)

    async def hide(self, decision: Decision) -> None:
        await self._decide("hide", decision)

    async def show(self, decision: Decision) -> None:
        await self._decide("show", decision)

    async def hidden(self, limit: int) -> list[Any]:
        """Rows (topic, name, reason, decided_by, decided_at), newest first."""
        async with self._database.connection() as connection:
            return await fetch(queries.hidden, connection, row_limit=limit)

    async def prune(self, query: Any, **bounds: Any) -> int:
        """How many rows went."""
        async with self._database.connection() as connection:
            return len(await fetch(query, connection, **bounds))

    async def forget_uses(self) -> None:
        async with self._database.connection() as connection:
            await queries.forget_uses(connection)

    async def restart_clock(self, period: Period, first: int) -> None:
        """Forget the past, to roll it anew from period `first` on."""
        async with self._database.connection() as connection:
            await queries.restart_clock(connection, period=period.window, first=first)

    async def _decide(self, kind: str, decision: Decision) -> None:
        change = queries.hide_topic if kind == "hide" else queries.show_topic
        async with self._database.transaction() as connection:
            await change(connection, topic=decision.topic)
            await queries.add_decision(
                connection,
                decision=kind,
                topic=decision.topic,
                name=decision.name,
                reason=decision.reason,
                decided_by=decision.decided_by,
            )


def _past(row: Any) -> Past:
    return Past() if row["at"] is None else Past(row["mean"], row["square"], row["at"])
