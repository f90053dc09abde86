"""Events as one user sees them: the same rules and the same JSON as over REST, one batched call for each channel."""

from collections.abc import Iterable, Sequence

import msgspec

from rookery.contracts.notifications import NotificationsApi
from rookery.contracts.posts import HomeNews, PostsApi
from rookery.contracts.users import Reader, UsersApi
from rookery.gateway.stream import protocol
from rookery.gateway.stream.protocol import Channel
from rookery.kit.live import LoggedEvent, StreamId
from rookery.notifications.announcer import LivePayload

_decode_news = msgspec.json.Decoder(HomeNews).decode
_decode_payload = msgspec.json.Decoder(LivePayload).decode


class EventRenderer:
    def __init__(self, users: UsersApi, posts: PostsApi, notifications: NotificationsApi) -> None:
        self._users = users
        self._posts = posts
        self._notifications = notifications

    async def frames(self, user_id: int, events: Sequence[LoggedEvent]) -> dict[StreamId, str]:
        """The frame of each event that the user may and will see, at most 100 events. Raises Unavailable."""
        home = [event for event in events if event.event.channel == Channel.HOME]
        acts = [event for event in events if event.event.channel == Channel.NOTIFICATIONS]
        frames: dict[StreamId, str] = {}
        if home:
            frames |= await self._home_frames(user_id, home)
        if acts:
            frames |= await self._notification_frames(user_id, acts)
        for event in events:
            if event.event.channel == Channel.MEDIA:
                frames[event.id] = protocol.event(event.id, Channel.MEDIA, "media.updated", event.event.payload)
        return frames

    async def _home_frames(self, user_id: int, events: Iterable[LoggedEvent]) -> dict[StreamId, str]:
        reader = await self._users.reader(user_id)
        decoded = ((event.id, _decode_news(event.event.payload)) for event in events)
        news = {event_id: each for event_id, each in decoded if concerns(reader, each)}
        entries = list(dict.fromkeys(each.entry for each in news.values() if not each.deleted))
        items = {entry.id: item for entry, item in await self._posts.items_json(reader, entries)}
        bodies = {
            event_id: deleted_json(each) if each.deleted else items.get(each.id) for event_id, each in news.items()
        }
        return {
            event_id: protocol.event(event_id, Channel.HOME, news[event_id].name, body)
            for event_id, body in bodies.items()
            if body is not None
        }

    async def _notification_frames(self, user_id: int, events: Iterable[LoggedEvent]) -> dict[StreamId, str]:
        groups = {event.id: _decode_payload(event.event.payload).group_id for event in events}
        bodies = await self._notifications.live_json(user_id, list(set(groups.values())))
        return {
            event_id: protocol.event(event_id, Channel.NOTIFICATIONS, "notification.created", bodies[group_id])
            for event_id, group_id in groups.items()
            if group_id in bodies
        }


def concerns(reader: Reader, news: HomeNews) -> bool:
    """Whether this is about the reader's timeline now. Who muted the author hears of no deletion either."""
    followed = reader.shown if news.deleted else reader.following
    return news.user_id in followed or news.user_id == reader.id


def deleted_json(news: HomeNews) -> bytes:
    return b'{"id":"%d"}' % news.id
