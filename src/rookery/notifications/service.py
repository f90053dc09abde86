"""Notifications of a user: pages, unread count, read state, and what an event changes."""

from collections.abc import Callable, Sequence

import msgspec

from rookery.access import may_notify
from rookery.contracts.posts import Post, PostsApi
from rookery.contracts.users import Author, Reader, UserBrief, UsersApi
from rookery.kit.ids import MAX_ID, format_id_time
from rookery.kit.paging import encode_cursor
from rookery.kit.resources import Resources
from rookery.notifications.acts import WRITTEN_TYPES
from rookery.notifications.repository import Group, NotificationRepository
from rookery.notifications.schemas import (
    ACTORS_SHOWN,
    LiveNotification,
    Notification,
    NotificationPage,
)

UNREAD_MAX = 1_000
SPARE_GROUPS = 5  # fetched beyond the page, since some may have nothing left to show
ROUNDS_MAX = 8  # a page after which nothing was left of 8 fetches is given out short, with a cursor to go on


class Notifications:
    """Reads `users` for who acts and who may be told, `posts` for what an act is about."""

    def __init__(self, resources: Resources, users: UsersApi, posts: PostsApi) -> None:
        self.resources = resources
        self.users = users
        self._posts = posts
        self.repository = NotificationRepository(resources.database)

    async def page(self, user_id: int, before: int, limit: int) -> NotificationPage:
        """At most `limit` groups below the id `before`, newest first. A short page has a cursor too unless it ends."""
        reader = await self.users.reader(user_id)
        shown: list[Notification] = []
        ended = False
        for _ in range(ROUNDS_MAX):
            wanted = limit - len(shown) + SPARE_GROUPS
            groups = await self.repository.newest(user_id, before, wanted)
            ended = len(groups) < wanted
            if groups:
                shown += await self._present(reader, groups)
                before = groups[-1].id
            if ended or len(shown) >= limit:
                break
        if len(shown) > limit:
            shown, ended = shown[:limit], False
            before = int(shown[-1].id)
        cursor = None if ended else encode_cursor(before)
        return NotificationPage(data=shown, next_cursor=cursor, unread_count=await self._count_unread(reader))

    async def unread_count(self, user_id: int) -> int:
        """Unread groups, up to UNREAD_MAX, without those whose people the user has muted or blocked since."""
        return await self._count_unread(await self.users.reader(user_id))

    async def mark_read(self, user_id: int, up_to: int | None) -> int:
        """Mark everything that has at most the id `up_to` as read (None: all); returns what is unread then."""
        await self.repository.mark_read(user_id, MAX_ID if up_to is None else up_to)
        return await self.unread_count(user_id)

    async def live(self, user_id: int, group_ids: Sequence[int]) -> dict[int, LiveNotification]:
        """Groups as they are now, for `/v1/stream`; those are left out that are gone or have nothing to show."""
        reader = await self.users.reader(user_id)
        groups = await self.repository.by_group(user_id, group_ids)
        unread = await self._count_unread(reader)
        places = {str(group.id): group.group_id for group in groups}
        return {
            places[shown.id]: LiveNotification(
                id=shown.id,
                type=shown.type,
                count=shown.count,
                actors=shown.actors,
                post=shown.post,
                read=shown.read,
                created_at=shown.created_at,
                unread_count=unread,
            )
            for shown in await self._present(reader, groups)
        }

    async def live_json(self, user_id: int, group_ids: list[int]) -> dict[int, bytes]:
        """As NotificationsApi has it."""
        shown = await self.live(user_id, group_ids)
        return {group_id: msgspec.json.encode(notification) for group_id, notification in shown.items()}

    async def _count_unread(self, reader: Reader) -> int:
        hidden = reader.blocking | reader.blocked_by | reader.muting
        if not hidden:
            return await self.repository.count_unread(reader.id, UNREAD_MAX)
        groups = await self.repository.unread_actors(reader.id, UNREAD_MAX)
        return sum(not hidden.issuperset(actor_ids) for actor_ids in groups)

    async def _present(self, reader: Reader, groups: list[Group]) -> list[Notification]:
        """One batched call for all people and one for all posts; at most 105 groups, so that both stay in bounds."""
        actor_ids = {actor_id for group in groups for actor_id in group.actor_ids}
        post_ids = {group.post_id for group in groups if group.post_id}
        authors = await self.users.authors(list(actor_ids)) if actor_ids else {}
        posts = await self._posts.posts(reader, list(post_ids)) if post_ids else {}
        shown = (present(reader, group, authors, posts) for group in groups)
        return [notification for notification in shown if notification is not None]


def present(reader: Reader, group: Group, authors: dict[int, Author], posts: dict[int, Post]) -> Notification | None:
    """What the reader sees of a group; None when all its people are hidden, or its post."""
    post = posts.get(group.post_id)
    actors = visible_actors(reader, group.actor_ids, authors.get)
    if not actors or (group.post_id and post is None):
        return None
    return Notification(
        id=str(group.id),
        type=group.type,
        count=1 if group.type in WRITTEN_TYPES else group.count - (len(group.actor_ids) - len(actors)),
        actors=actors[:ACTORS_SHOWN],
        post=post,
        read=group.is_read,
        created_at=format_id_time(group.id),
    )


def visible_actors(reader: Reader, actor_ids: list[int], author_of: Callable[[int], Author | None]) -> list[UserBrief]:
    """Those who exist and whom the reader has not muted or blocked since, nor been blocked by, in order."""
    authors = (author_of(actor_id) for actor_id in actor_ids)
    return [author.brief for author in authors if author is not None and may_notify(reader, author)]
