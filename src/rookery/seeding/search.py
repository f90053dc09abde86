"""The read model of search for a network: the rows that its consumers would have written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from rookery.contracts.posts import PostEntities, StoredPost
from rookery.contracts.users import Profile
from rookery.kit.database import Connection
from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.kit.text.language import detect_now
from rookery.search.indexing import DAY_MS, TAG_DAYS, author_document, document, uses
from rookery.seeding.network import Network, Row

BATCH = 20_000

# COPY speaks binary, and tsvector has no binary form that asyncpg knows: its text form is copied first.
STAGES = {
    "search.posts": "id bigint, author_id bigint, revision integer, lang text, terms text",
    "search.authors": "id bigint, username text, names text, words text, protected boolean, followers bigint",
    "search.tag_uses": "tag text, post_id bigint, author_id bigint",
    "search.engagement": "post_id bigint, likes bigint, reposts bigint",
}
CASTS = {"terms": "terms::tsvector", "words": "words::tsvector"}
COUNT_TAGS = """
INSERT INTO search.hashtags (tag, posts, authors)
SELECT tag, count(*) FILTER (WHERE post_id >= $1), count(DISTINCT author_id) FILTER (WHERE post_id >= $1)
FROM search.tag_uses GROUP BY tag
ON CONFLICT (tag) DO NOTHING
"""
INDEX = "SELECT pg_get_indexdef('search.posts_terms'::regclass)"

_decode_entities = msgspec.json.Decoder(PostEntities).decode

Progress = Callable[[str, int, int], None]


async def load_search(connection: Connection, network: Network, progress: Progress) -> None:
    """Into the tables of search, in the transaction that is open.

    Its GIN index is made anew behind all rows, which takes a fraction of the time of keeping it up to date.
    """
    made = await connection.fetchval(INDEX)
    await connection.execute("DROP INDEX search.posts_terms")
    followers = {user_id: count for user_id, count, *_ in network.user_counters}
    profiles = [_profile(row, followers) for row in network.users]
    authors = (author_document(profile, detect_now(profile.bio)) for profile in profiles)
    posts = (document(post, post.lang) for post in _posts(network))
    rows_of: dict[str, tuple[int, Iterable[Sequence[Any]]]] = {
        "search.authors": (len(profiles), map(msgspec.structs.astuple, authors)),
        "search.posts": (len(network.posts), map(msgspec.structs.astuple, posts)),
        "search.tag_uses": (len(network.posts), uses(_posts(network))),
        "search.engagement": (len(network.post_counters), (row[:3] for row in network.post_counters)),
    }
    for table, (total, rows) in rows_of.items():
        await _copy(connection, table, total, rows, progress)
    await connection.execute(COUNT_TAGS, first_id_at(wall_clock_ms() - TAG_DAYS * DAY_MS), timeout=600)
    progress("index of words", 0, 1)
    await connection.execute(made, timeout=1_800)
    progress("index of words", 1, 1)


async def _copy(
    connection: Connection, table: str, total: int, rows: Iterable[Sequence[Any]], progress: Progress
) -> None:
    """`total` is how many rows there are at most."""
    columns = [column.split()[0] for column in STAGES[table].split(", ")]
    values = ", ".join(CASTS.get(column, column) for column in columns)
    await connection.execute(f"CREATE TEMPORARY TABLE stage ({STAGES[table]}) ON COMMIT DROP")
    waiting, done = iter(rows), 0
    while batch := list(islice(waiting, BATCH)):
        await connection.copy_records_to_table("stage", columns=columns, records=batch, timeout=600)
        await connection.execute(
            f"INSERT INTO {table} SELECT {values} FROM stage ON CONFLICT DO NOTHING",  # noqa: S608 - names from above
            timeout=600,
        )
        await connection.execute("TRUNCATE stage")
        progress(table, done := done + len(batch), max(total, done))
    progress(table, done, done)
    await connection.execute("DROP TABLE stage")


def _posts(network: Network) -> Iterator[StoredPost]:
    for (
        post_id,
        author_id,
        content,
        entities,
        reply_to_id,
        reply_to_author_id,
        conversation_id,
        quote_of_id,
        lang,
    ) in network.posts:
        yield StoredPost(
            id=post_id,
            author_id=author_id,
            content=content,
            entities=_decode_entities(entities),
            lang=lang,
            reply_to_id=reply_to_id,
            reply_to_author_id=reply_to_author_id,
            conversation_id=conversation_id,
            quote_of_id=quote_of_id,
            revision=1,
            likes_count=0,
            reposts_count=0,
        )


def _profile(row: Row, followers: dict[int, int]) -> Profile:
    user_id, username, _, _, display_name, _ = row
    return Profile(
        id=user_id,
        username=username,
        display_name=display_name,
        bio="",
        protected=False,
        followers_count=followers[user_id],
    )
