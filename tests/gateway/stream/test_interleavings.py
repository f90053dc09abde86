"""Resuming under every order of things: hypothesis chooses when events come, are given out, are read, and when a
connection breaks. What a client gets over all its connections is then exactly what concerned it, once, in order.
"""

import asyncio
import json
from collections.abc import Sequence
from random import Random
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rookery.contracts.users import Acquaintance, Author, Followers, PictureSlot, Profile, Reader, User
from rookery.gateway.stream import log as stream_log
from rookery.gateway.stream.audience import Audience
from rookery.gateway.stream.clock import Clock
from rookery.gateway.stream.connection import Connection
from rookery.gateway.stream.dispatch import Dispatcher
from rookery.gateway.stream.limits import StreamLimits
from rookery.gateway.stream.log import LogEnd
from rookery.gateway.stream.protocol import Channel
from rookery.gateway.stream.rendering import EventRenderer
from rookery.kit.identity import Claims
from rookery.kit.live import LiveEvent, LoggedEvent, StreamId, format_id, parse_id
from tests.gateway.stream.model import ModelLog

READER = 7
FOLLOWED, STRANGER = 1, 2
STEPS = ("publish", "deliver", "reconnect", "breathe", "repeat", "trim", "flush")


class FollowingUsers:
    """A users service in which the reader follows one author."""

    async def reader(self, user_id: int) -> Reader:
        await asyncio.sleep(0)
        return Reader(id=user_id, following=frozenset({FOLLOWED}))

    async def authors(self, user_ids: list[int]) -> dict[int, Author]:
        return {}

    async def pulled_authors(self) -> frozenset[int]:
        return frozenset()

    async def ids_by_username(self, usernames: list[str]) -> dict[str, int]:
        return {}

    async def set_picture(self, user_id: int, slot: PictureSlot, url: str | None) -> None:
        return None

    async def first_followers(self, user_ids: list[int], limit: int) -> dict[int, Followers]:
        return {}

    async def followers_after(self, user_id: int, after: int, limit: int) -> Followers:
        return Followers()

    async def acquaintances(self, user_id: int, leave_out: list[int], limit: int) -> list[Acquaintance]:
        return []

    async def requested(self, user_id: int) -> frozenset[int]:
        return frozenset()

    async def most_followed(self, limit: int) -> list[tuple[int, int]]:
        return []

    async def users(self, viewer_id: int, user_ids: list[int]) -> list[User]:
        return []

    async def profiles_of(self, user_ids: list[int]) -> list[Profile]:
        return []

    async def profiles_after(self, after: int, limit: int) -> list[Profile]:
        return []


class HesitantRenderer(EventRenderer):
    """Renders an event as its id, after a random number of turns of the loop."""

    def __init__(self, random: Random) -> None:
        self._random = random

    async def frames(self, user_id: int, events: Sequence[LoggedEvent]) -> dict[StreamId, str]:
        for _ in range(self._random.randint(0, 4)):
            await asyncio.sleep(0)
        return {event.id: json.dumps({"type": "event", "id": format_id(event.id)}) for event in events}


class Wire:
    """The client's network: now and then it takes nothing for a turn of the loop."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.connection: Connection | None = None

    def send_text(self, text: str) -> None:
        connection = self.connection = self.connection or self.world.connection
        if connection is None or connection is not self.world.connection:
            return
        self.world.take(json.loads(text))
        if self.world.random.random() < 0.3:
            connection.writing_paused()
            asyncio.get_running_loop().call_soon(connection.writing_resumed)

    def close(self, code: int, reason: str) -> None:
        raise AssertionError((code, reason))


class Nobody:
    """Owns connections that say nothing."""

    def hear(self, connection: Connection, text: str) -> None:
        raise AssertionError(text)

    def leave(self, connection: Connection) -> None:
        return

    def gone(self, connection: Connection) -> None:
        return


class World:
    """One process, its log, and one client that comes back again and again."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.log = ModelLog()
        self.unread: list[LoggedEvent] = []
        self.published: list[LoggedEvent] = []
        self.end = LogEnd(self.log.cache)
        self.end.start(self.log.append(1, LiveEvent(Channel.HOME, STRANGER, b"first")), everything=True)
        self.audience = Audience(FollowingUsers(), StreamLimits())
        self.dispatcher = Dispatcher(self.end, self.audience, HesitantRenderer(random))
        self.clock = Clock()
        self.delivering: asyncio.Task[None] | None = None
        self.connection: Connection | None = None
        self.received: list[StreamId] = []
        self.after: StreamId | None = None
        self.begun_at: StreamId = (0, 0)  # a connection that broke before it said so promised nothing
        self.gaps = 0
        self.damaged = False

    async def connect(self) -> None:
        self.connection = connection = Connection(
            Wire(self), Nobody(), self.clock, StreamLimits(queue_messages=10**6), "192.0.2.1"
        )
        self.audience.join(connection, READER, 1)
        connection.authenticated(Claims(READER, 1, 2**40), 1e6)
        await self.audience.watch_home(READER)
        self.dispatcher.subscribe(connection, [Channel.HOME], self.after)

    def take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "event":
            self.after = parse_id(frame["id"])
            self.received.append(self.after)
        elif frame["type"] == "gap":
            self.gaps += 1
        elif frame["type"] == "subscribed" and self.after is None:
            self.after = self.begun_at = parse_id(frame["event_id"])

    async def reconnect(self) -> None:
        old, self.connection = self.connection, None
        if old is not None:
            for subscription in old.subscriptions.values():
                subscription.active = False
            self.audience.leave(old)
            old.lost(None)
        await self.connect()

    def publish(self, count: int) -> None:
        for _ in range(count):
            author = self.random.choice((FOLLOWED, FOLLOWED, STRANGER))
            number = len(self.published)
            self.published += (new := self.log.append(1, LiveEvent(Channel.HOME, author, str(number).encode())))
            self.unread += new

    def repeat(self) -> None:
        if self.published:
            self.unread += self.log.repeat(self.random.choice(self.published))

    async def deliver(self) -> None:
        """Begin to give a batch out, when the one before is done; it goes on by itself."""
        if self.delivering is not None and not self.delivering.done():
            return
        count = self.random.randint(1, 4)
        batch, self.unread = self.unread[:count], self.unread[count:]
        if batch:
            self.delivering = asyncio.create_task(self.dispatcher.deliver(batch))

    async def settle(self) -> None:
        """Give everything out, and let the client take it."""
        while self.unread or (self.delivering is not None and not self.delivering.done()):
            await self.deliver()
            await asyncio.sleep(0)
        while self.connection is not None and self.connection.catch_up and not self.connection.catch_up.done():
            await asyncio.sleep(0)
        for _ in range(len(self.published) + 20):
            await asyncio.sleep(0)

    async def step(self, name: str) -> None:
        if name == "publish":
            self.publish(self.random.randint(1, 6))
        elif name == "deliver":
            await self.deliver()
        elif name == "reconnect":
            await self.reconnect()
        elif name == "repeat":
            self.repeat()
        elif name == "trim":
            self.damaged = True
            self.log.trim(self.random.randint(1, 3))
        elif name == "flush":
            self.damaged = True
            self.log.flush()
        for _ in range(self.random.randint(0, 3)):
            await asyncio.sleep(0)


async def play(steps: list[str], seed: int) -> World:
    world = World(Random(seed))
    await world.connect()
    for name in steps:
        await world.step(name)
    await world.settle()
    await world.reconnect()
    await world.settle()
    return world


def concerning(world: World) -> list[StreamId]:
    """The events for this client since it first knew where it was."""
    return [event.id for event in world.published if event.event.about == FOLLOWED and event.id > world.begun_at]


def run(steps: list[str], seed: int) -> World:
    loop = asyncio.new_event_loop()
    try:
        with patch.object(stream_log, "RECENT_MAX", 3):
            return loop.run_until_complete(asyncio.wait_for(play(steps, seed), 60))
    finally:
        loop.close()


quiet = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quiet
@given(st.lists(st.sampled_from(STEPS[:5]), max_size=60), st.integers(0, 2**32))
def test_exactly_what_concerned_the_client(steps: list[str], seed: int) -> None:
    world = run(steps, seed)
    assert world.received == concerning(world)
    assert world.gaps == 0


@quiet
@given(st.lists(st.sampled_from(STEPS), max_size=60), st.integers(0, 2**32))
def test_a_damaged_log_loses_nothing_in_silence(steps: list[str], seed: int) -> None:
    world = run(steps, seed)
    assert world.received == sorted(set(world.received))
    assert set(world.received) <= set(concerning(world))
    if world.received != concerning(world):
        assert world.damaged
        assert world.gaps > 0
