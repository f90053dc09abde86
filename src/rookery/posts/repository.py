"""The only SQL of the posts service. Each method is one round trip, unless it says otherwise."""

from collections.abc import Iterable
from datetime import datetime
from inspect import signature
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import Struct

from rookery.contracts.codec import encode, topic_of
from rookery.contracts.events import Event, LikeCreated, LikeDeleted, RepostCreated, RepostDeleted
from rookery.contracts.posts import TimelineEntry
from rookery.kit.bus import partition_of
from rookery.kit.database import Connection, Database, load_queries
from rookery.kit.telemetry import REQUEST_ID
from rookery.posts.rendering import PostRow

Marked = Literal["likes", "bookmarks"]
Actors = Literal["likers", "reposters"]


def _load_statements() -> dict[str, tuple[str, list[str]]]:
    """Each statement's text and its parameters' names in the order of their numbers.

    aiosql numbers parameters by first appearance, and its signatures have them in that order. Its own way to call costs
    as much as a small query does here, so statements go to asyncpg directly.
    """
    queries = load_queries(__file__)
    names = [name for name in queries.available_queries if not name.endswith("_cursor")]
    return {name: (getattr(queries, name).sql, list(signature(getattr(queries, name)).parameters)) for name in names}


STATEMENTS = _load_statements()


def _statement(name: str, parameters: dict[str, Any]) -> list[Any]:
    """A statement's text and its parameters in order, as asyncpg takes them."""
    text, names = STATEMENTS[name]
    return [text, *[parameters[parameter] for parameter in names]]


class Repost(NamedTuple):
    post_id: int
    id: int
    user_id: int


class Place(NamedTuple):
    """A place in a list: the id that orders it (of a post or of a mark), and the post that stands there."""

    id: int
    post_id: int


class Act(NamedTuple):
    """A like or a repost, by its own id, and who did it."""

    id: int
    user_id: int


class CounterChange(NamedTuple):
    """What an event adds to a counter (likes, reposts, replies, quotes) of a post."""

    event_id: int
    kind: str
    post_id: int
    amount: int


class StoredRevision(Struct, frozen=True):
    revision: int
    content: str
    entities: str
    created_at: datetime


class MarkedPosts(Struct, frozen=True):
    """Ids of the posts that a user has marked, by kind."""

    liked: list[int]
    reposted: list[int]
    bookmarked: list[int]


def outbox_values(event: Event) -> dict[str, Any]:
    """The columns of an event in the outbox, for statements that write a row and its event at once."""
    request_id = REQUEST_ID.get()
    return {
        "topic": topic_of(event),
        "partition": partition_of(event.key),
        "value": encode(event),
        "headers": msgspec.json.encode({"request_id": request_id}).decode() if request_id else None,
    }


class PostRepository:
    """Reads and writes rows of the schema `posts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def _fetch(self, name: str, **parameters: Any) -> list[Any]:
        async with self._database.connection() as connection:
            rows: list[Any] = await connection.fetch(*_statement(name, parameters))
            return rows

    async def _fetchrow(self, name: str, **parameters: Any) -> Any:
        async with self._database.connection() as connection:
            return await connection.fetchrow(*_statement(name, parameters))

    async def _fetchval(self, name: str, **parameters: Any) -> Any:
        async with self._database.connection() as connection:
            return await connection.fetchval(*_statement(name, parameters))

    async def posts(self, post_ids: list[int]) -> list[PostRow]:
        return [PostRow(**row) for row in await self._fetch("load_posts", post_ids=post_ids)]

    async def likes_after(self, after: tuple[int, int], limit: int) -> list[tuple[int, int, int]]:
        """(id, user id, post id) by (user id, post id)."""
        rows = await self._fetch("likes_after", user_id=after[0], post_id=after[1], row_limit=limit)
        return [(row["id"], row["user_id"], row["post_id"]) for row in rows]

    async def posts_after(self, after: int, limit: int) -> list[PostRow]:
        """Ascending by id, without tombstones."""
        return [PostRow(**row) for row in await self._fetch("load_posts_after", after=after, row_limit=limit)]

    async def newest_marks(self, user_id: int, limit: int) -> MarkedPosts:
        """By descending post id, at most `limit` of each kind."""
        return MarkedPosts(*await self._fetchrow("load_marks", user_id=user_id, row_limit=limit))

    async def marks_on(self, user_id: int, post_ids: list[int]) -> MarkedPosts:
        return MarkedPosts(*await self._fetchrow("load_marks_on", user_id=user_id, post_ids=post_ids))

    async def newest_reposts(self, post_ids: list[int], limit: int) -> list[Repost]:
        """Of each post at most `limit`, newest first."""
        return [Repost(*row) for row in await self._fetch("load_reposts", post_ids=post_ids, row_limit=limit)]

    async def reposts_by(self, post_ids: list[int], user_ids: Iterable[int], above: int) -> list[Repost]:
        rows = await self._fetch("load_reposts_by", post_ids=post_ids, user_ids=list(user_ids), above=above)
        return [Repost(*row) for row in rows]

    async def create_posts(
        self, posts: list[tuple[PostRow, dict[str, Any]]], connection: Connection | None = None
    ) -> None:
        """Store posts and their events (as `outbox_values` has them), all or none of them.

        In the transaction of `connection`, else in one of its own.
        """
        rows = [row for row, _ in posts]
        events = [event for _, event in posts]
        statement = _statement(
            "create_posts",
            {
                "post_ids": [row.id for row in rows],
                "author_ids": [row.author_id for row in rows],
                "contents": [row.content for row in rows],
                "entities": [row.entities for row in rows],
                "reply_to_ids": [row.reply_to_id for row in rows],
                "reply_to_author_ids": [row.reply_to_author_id for row in rows],
                "conversation_ids": [row.conversation_id for row in rows],
                "quote_of_ids": [row.quote_of_id for row in rows],
                "media_ids": ["{" + ",".join(map(str, row.media_ids)) + "}" for row in rows],
                "langs": [row.lang for row in rows],
                "topics": [event["topic"] for event in events],
                "partitions": [event["partition"] for event in events],
                "event_values": [event["value"] for event in events],
                "headers": [event["headers"] for event in events],
            },
        )
        if connection is not None:
            await connection.execute(*statement)
            return
        async with self._database.connection() as own:
            await own.execute(*statement)

    async def edit_post(self, row: PostRow, event: Event) -> bool:
        """Store `row` over the revision before it; False when the post has left that revision."""
        return await self._change(
            "edit_post",
            event,
            post_id=row.id,
            author_id=row.author_id,
            edited_at=row.edited_at,
            revision=row.revision - 1,
            content=row.content,
            entities=row.entities,
            lang=row.lang,
        )

    async def delete_post(self, post_id: int, author_id: int, event: Event) -> bool:
        """Leave a tombstone, no revisions, and the event; False when there was no such post. Four round trips."""
        outbox = {"key": event.key, **outbox_values(event)}
        async with self._database.transaction() as connection:
            if not await connection.fetchval(*_statement("empty_post", {"post_id": post_id, "author_id": author_id})):
                return False
            await connection.execute(*_statement("forget_revisions", {"post_id": post_id, **outbox}))
        return True

    async def revisions(self, post_id: int) -> list[StoredRevision]:
        """What was before the current words, newest first."""
        return [StoredRevision(**row) for row in await self._fetch("list_revisions", post_id=post_id)]

    async def create_like(self, like_id: int, event: LikeCreated) -> bool:
        """False when it was there already."""
        mark = {"user_id": event.user_id, "post_id": event.post_id, "revision": event.revision}
        return await self._change("create_like", event, like_id=like_id, **mark)

    async def delete_like(self, event: LikeDeleted) -> bool:
        """False when there was none."""
        return await self._change("delete_like", event, user_id=event.user_id, post_id=event.post_id)

    async def create_repost(self, event: RepostCreated, revision: int) -> bool:
        """False when it was there already."""
        return await self._change(
            "create_repost",
            event,
            repost_id=event.repost_id,
            user_id=event.user_id,
            post_id=event.post_id,
            revision=revision,
            author_id=event.author_id,
        )

    async def find_repost(self, user_id: int, post_id: int) -> int | None:
        """The id of the user's repost of a post."""
        found: int | None = await self._fetchval("find_repost", user_id=user_id, post_id=post_id)
        return found

    async def delete_repost(self, event: RepostDeleted) -> bool:
        """False when that repost is gone."""
        mark = {"user_id": event.user_id, "post_id": event.post_id, "repost_id": event.repost_id}
        return await self._change("delete_repost", event, **mark)

    async def create_bookmark(self, bookmark_id: int, user_id: int, post_id: int) -> bool:
        """False when it was there already."""
        mark = {"bookmark_id": bookmark_id, "user_id": user_id, "post_id": post_id}
        return bool(await self._fetchval("create_bookmark", **mark))

    async def delete_bookmark(self, user_id: int, post_id: int) -> bool:
        """False when there was none."""
        return bool(await self._fetchval("delete_bookmark", user_id=user_id, post_id=post_id))

    async def move_counters(self, group: str, changes: list[CounterChange]) -> list[int]:
        """Count what `group` has not counted yet; returns the ids of the posts whose counters moved."""
        changes = list(dict.fromkeys(changes))  # an event may come twice in one batch
        rows = await self._fetch(
            "move_counters",
            consumer_group=group,
            event_ids=sorted({change.event_id for change in changes}),
            change_event_ids=[change.event_id for change in changes],
            kinds=[change.kind for change in changes],
            post_ids=[change.post_id for change in changes],
            amounts=[change.amount for change in changes],
        )
        return [row["post_id"] for row in rows]

    async def user_entries(self, user_id: int, before: int, limit: int, with_replies: bool) -> list[TimelineEntry]:
        """Newest first."""
        rows = await self._fetch(
            "list_user_entries", user_id=user_id, before=before, row_limit=limit, with_replies=with_replies
        )
        return [TimelineEntry(*row) for row in rows]

    async def user_media(self, user_id: int, before: int, limit: int) -> list[TimelineEntry]:
        """Newest first."""
        rows = await self._fetch("list_user_media", user_id=user_id, before=before, row_limit=limit)
        return [TimelineEntry(*row) for row in rows]

    async def ancestors(self, post_id: int, depth_max: int) -> list[int]:
        """Oldest first."""
        return [row["id"] for row in await self._fetch("list_ancestors", post_id=post_id, depth_max=depth_max)]

    async def replies(self, post_id: int, after: int, limit: int) -> list[Place]:
        """Oldest first."""
        rows = await self._fetch("list_replies", post_id=post_id, after=max(after, post_id), row_limit=limit)
        return [Place(*row) for row in rows]

    async def quotes(self, post_id: int, before: int, limit: int) -> list[Place]:
        """Newest first."""
        rows = await self._fetch("list_quotes", post_id=post_id, before=before, row_limit=limit)
        return [Place(*row) for row in rows]

    async def marked(self, kind: Marked, user_id: int, before: int, limit: int) -> list[Place]:
        """The posts that a user marked, the newest mark first."""
        rows = await self._fetch(f"list_{kind}", user_id=user_id, before=before, row_limit=limit)
        return [Place(*row) for row in rows]

    async def acts(self, kind: Actors, post_id: int, before: int, limit: int) -> list[Act]:
        """Who did something to a post, newest first."""
        rows = await self._fetch(f"list_{kind}", post_id=post_id, before=before, row_limit=limit)
        return [Act(*row) for row in rows]

    async def _change(self, name: str, event: Event, **parameters: Any) -> bool:
        """A statement that writes a row and, when that changed something, the event."""
        return bool(await self._fetchval(name, **parameters, **outbox_values(event)))
