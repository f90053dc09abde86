"""From the log to connections: live events to who waits for them, missed ones to who comes back.

No event is lost or repeated between the two. `deliver` moves the log's position and picks the live subscriptions in one
step without an await; a catch-up goes live in one such step too, and only when it has read up to that position. So an
event at or below the position is a catch-up's, one above it reaches whatever is live by then.
"""

import asyncio
from collections.abc import Iterable, Sequence

import structlog
from msgspec import Struct

from rookery.gateway.stream import protocol
from rookery.gateway.stream.audience import Audience, Member
from rookery.gateway.stream.connection import Connection, Subscription
from rookery.gateway.stream.ids import holds
from rookery.gateway.stream.log import LogEnd, Lost
from rookery.gateway.stream.metrics import EVENTS_READ, EVENTS_SENT, GAPS_SENT, HOLES
from rookery.gateway.stream.protocol import Channel
from rookery.gateway.stream.rendering import EventRenderer
from rookery.kit.cache import CacheError
from rookery.kit.live import LoggedEvent, StreamId
from rookery.kit.problems import Unavailable

RENDERED_AT_ONCE = 16  # users, between which the loop serves others
PAGE = 100
BEHIND_S = 1.0  # for which we wait to reach an event that the client has seen from another process

log = structlog.get_logger(__name__)


class Delivery(Struct):
    """What of a batch is for one user: each event with the subscriptions that were live when it was taken."""

    member: Member
    events: list[tuple[LoggedEvent, list[Subscription]]]


class Dispatcher:
    def __init__(self, end: LogEnd, audience: Audience, renderer: EventRenderer) -> None:
        self.end = end
        self._audience = audience
        self._renderer = renderer

    async def deliver(self, events: Sequence[LoggedEvent]) -> None:
        """Take the next events of the log, and give them out. One call at a time."""
        EVENTS_READ.inc(len(events))
        news, lost = self.end.take(events)
        if lost:
            self.tell_gap()
        deliveries = self._address(news)
        for start in range(0, len(deliveries), RENDERED_AT_ONCE):
            await asyncio.gather(*map(self._hand_over, deliveries[start : start + RENDERED_AT_ONCE]))

    def tell_gap(self) -> None:
        """Something was lost: everybody who takes live events has to reload."""
        HOLES.inc()
        for connection in self._audience.connections:
            _send_gap([each for each in connection.subscriptions.values() if each.live])

    def subscribe(self, connection: Connection, channels: Iterable[Channel], after: StreamId | None) -> None:
        """Begin with what comes next, or with what came after an event; answers with `subscribed` first.

        A channel that is subscribed already goes on as it is, unless it is to begin elsewhere.
        """
        begun = []
        for channel in channels:
            old = connection.subscriptions.get(channel)
            if old is not None and after is None:
                continue
            if old is not None:
                old.active = False
            begun.append(Subscription(connection, channel, live=after is None))
            connection.subscriptions[channel] = begun[-1]
        connection.send(protocol.subscribed(list(channels), self.end.position))
        if begun and after is not None:
            connection.catch_up = asyncio.create_task(self._catch_up(connection, begun, after))

    def unsubscribe(self, connection: Connection, channels: Iterable[Channel]) -> None:
        for channel in channels:
            subscription = connection.subscriptions.pop(channel, None)
            if subscription is not None:
                subscription.active = False

    def _address(self, news: Sequence[LoggedEvent]) -> list[Delivery]:
        deliveries: dict[int, Delivery] = {}
        for event in news:
            for member in self._concerned(event):
                subscriptions = member.live_subscriptions(Channel(event.event.channel))
                if subscriptions:
                    delivery = deliveries.setdefault(member.user_id, Delivery(member, []))
                    delivery.events.append((event, subscriptions))
        return list(deliveries.values())

    def _concerned(self, event: LoggedEvent) -> Iterable[Member]:
        if event.event.channel == Channel.HOME:
            return self._audience.watchers(event.event.about)
        if event.event.channel in (Channel.NOTIFICATIONS, Channel.MEDIA):
            member = self._audience.members.get(event.event.about)
            return () if member is None else (member,)
        return ()  # of a newer version

    async def _hand_over(self, delivery: Delivery) -> None:
        try:
            frames = await self._renderer.frames(delivery.member.user_id, [event for event, _ in delivery.events])
        except Exception as error:
            known = isinstance(error, Unavailable | CacheError)
            log.warning("stream.not_rendered", error=repr(error), exc_info=None if known else error)
            _send_gap({each: None for _, some in delivery.events for each in some if each.active})
            return
        for event, subscriptions in delivery.events:
            frame = frames.get(event.id)
            if frame is not None:
                for subscription in subscriptions:
                    if subscription.active:
                        subscription.connection.send(frame)
                        EVENTS_SENT.labels(subscription.channel).inc()

    async def _catch_up(self, connection: Connection, begun: list[Subscription], after: StreamId) -> None:
        try:
            await self._wait_for(after)
            await self._replay(connection, begun, after)
        except Lost:
            _go_live(begun)
            _send_gap(begun)
        except Exception as error:
            known = isinstance(error, Unavailable | CacheError)
            log.warning("stream.not_replayed", error=repr(error), exc_info=None if known else error)
            _go_live(begun)
            _send_gap(begun)
        finally:
            connection.catch_up = None

    async def _wait_for(self, position: StreamId) -> None:
        """Another process may be a moment ahead of us. Raises Lost when we do not get there: no id of this log."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + BEHIND_S
        while self.end.position < position:
            if loop.time() > deadline:
                raise Lost
            await asyncio.sleep(0.02)

    async def _replay(self, connection: Connection, begun: list[Subscription], position: StreamId) -> None:
        while position < self.end.position:
            page, position = await self.end.after(position, PAGE)
            news = [event for event in page if self._is_for(begun, event)]
            frames = await self._renderer.frames(_user_id(connection), news) if news else {}
            for event in news:
                if event.id in frames and self._is_for(begun, event):
                    connection.send(frames[event.id])
                    EVENTS_SENT.labels(event.event.channel).inc()
                    await connection.room()
        _go_live(begun)

    def _is_for(self, subscriptions: list[Subscription], event: LoggedEvent) -> bool:
        """Whether one of the subscriptions (of one connection) still waits for this event."""
        channel, about = event.event.channel, event.event.about
        if not any(each.active and each.channel == channel for each in subscriptions):
            return False
        member = self._audience.members.get(_user_id(subscriptions[0].connection))
        if member is None or channel != Channel.HOME:
            return member is not None and about == member.user_id
        return member.following is not None and holds(member.following, about)


def _user_id(connection: Connection) -> int:
    assert connection.claims is not None  # noqa: S101 - who subscribes is signed in
    return connection.claims.user_id


def _go_live(subscriptions: Iterable[Subscription]) -> None:
    for subscription in subscriptions:
        subscription.live = True


def _send_gap(subscriptions: Iterable[Subscription]) -> None:
    """One frame for each connection."""
    channels: dict[Connection, list[Channel]] = {}
    for subscription in subscriptions:
        if subscription.active:
            channels.setdefault(subscription.connection, []).append(subscription.channel)
    for connection, names in channels.items():
        connection.send(protocol.gap(names))
        GAPS_SENT.inc()
