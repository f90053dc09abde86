"""A live log in memory that answers XRANGE as Valkey does, for tests that must order every step themselves."""

import asyncio
from typing import Any, cast

from rookery.kit.cache import Argument, Cache
from rookery.kit.live import LiveEvent, LoggedEvent, StreamId, format_id, parse_id


def logged(number: int, event: LiveEvent | None = None, ms: int = 1000) -> LoggedEvent:
    return LoggedEvent((ms + number, 0), number, event or LiveEvent("home", 1, str(ms + number).encode()))


class ModelLog:
    def __init__(self) -> None:
        self.events: list[LoggedEvent] = []
        self._number = 0
        self._ms = 1000

    @property
    def cache(self) -> Cache:
        return cast(Cache, self)

    def append(self, count: int, event: LiveEvent | None = None) -> list[LoggedEvent]:
        """Events of author 1, unless one is given; returns them as a reader gets them."""
        added = []
        for _ in range(count):
            self._number += 1
            self._ms += 1
            content = event or LiveEvent("home", 1, str(self._ms).encode())
            added.append(LoggedEvent((self._ms, 0), self._number, content))
        self.events += added
        return added

    def repeat(self, event: LoggedEvent) -> list[LoggedEvent]:
        return self.append(1, event.event)

    def trim(self, kept: int) -> None:
        self.events = self.events[-kept:]

    def cut(self, place: int) -> None:
        del self.events[place]

    def flush(self) -> None:
        self.events, self._number = [], 0

    async def execute(self, *command: Argument) -> Any:
        """XRANGE key first last COUNT limit."""
        name, _, first, last, _, limit = command
        assert name == "XRANGE"
        await asyncio.sleep(0)
        low, high = parse_id(str(first)), parse_id(str(last))
        found = [entry(event) for event in self.events if low <= event.id <= high]
        return found[: int(cast(int, limit))]


def entry(event: LoggedEvent) -> list[Any]:
    content = event.event
    fields = [b"n", str(event.number).encode(), b"c", content.channel.encode()]
    fields += [b"a", str(content.about).encode(), b"p", content.payload]
    return [format_id(event.id).encode(), fields]


def ids_of(events: list[LoggedEvent]) -> list[StreamId]:
    return [event.id for event in events]
