"""Reads home timelines by pages and holds them against the model."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from itertools import count
from typing import Any, Final

from tests.people import Person
from tests.timelines.cluster import Process
from tests.timelines.model import Item, World

HOME: Final = "/v1/timelines/home"
COUNTS: Final = ("likes_count", "reposts_count", "replies_count", "quotes_count")
COUNTS_S: Final = 3.0  # counts may lag by this much after their consumer; nothing else may
SMALL_PAGES: Final = 12  # so many of the given limits, then big ones, so that a long timeline ends
SHORT_PAGE_HIDES: Final = 40  # a page with a cursor is full, unless at least so many entries were hidden

Limits = Sequence[int | None]


def plain_query(limit: int | None, cursor: str | None) -> str:
    """As clients write it: the express lane takes it."""
    return "&".join(([f"limit={limit}"] if limit else []) + ([f"cursor={cursor}"] if cursor else []))


def odd_query(limit: int | None, cursor: str | None) -> str:
    """The same with an escape in it, which the lane leaves to the router."""
    return f"%6Cimit={limit or 20}" + (f"&cursor={cursor}" if cursor else "")


class Reading:
    """One reader's view through one process. `tally` counts the pages. `full`: only the last page may be short."""

    def __init__(self, process: Process, person: Person, tally: "Counter[str]", *, full: bool = False) -> None:
        self._process = process
        self._person = person
        self._tally = tally
        self._full = full

    async def pages(
        self, limits: Limits, most: int | None = None, *, both_ways: bool = False
    ) -> tuple[list[Any], bool]:
        """The items of at most `most` pages, and whether the timeline ended there."""
        items: list[Any] = []
        cursor = None
        for number in count():
            limit = limits[number % len(limits)] if number < SMALL_PAGES else 40
            body = await self._page(limit, cursor, both_ways=both_ways)
            page = json.loads(body)
            assert len(page["data"]) <= (limit or 20)
            items += page["data"]
            if len(page["data"]) < (limit or 20) and page["next_cursor"] is not None:
                self._tally["short pages"] += 1
                assert not self._full, f"a page of {len(page['data'])} for {limit} goes on"
            cursor = page["next_cursor"]
            if cursor is None or number + 1 == most:
                return items, cursor is None
            assert number < 2_000, "no end"
        raise AssertionError

    async def _page(self, limit: int | None, cursor: str | None, *, both_ways: bool) -> bytes:
        self._tally["pages"] += 1
        body = await self._process.read(self._person.token, HOME, plain_query(limit, cursor))
        if both_ways:
            self._tally["pages"] += 1
            routed = await self._process.read(self._person.token, HOME, odd_query(limit, cursor))
            if routed != body:  # the first of the two may have rebuilt the cache, and then knows more of the end
                body = await self._process.read(self._person.token, HOME, plain_query(limit, cursor))
            assert routed == body, "lane and router differ"
        return body


async def check_pages(
    world: World,
    reader: int,
    reading: Reading,
    limits: Limits,
    *,
    most: int | None,
    news: bool,
    counts: bool,
    both_ways: bool = False,
) -> int:
    """Pages hold what the model says. Returns how many items were compared.

    Without `news`, entries that consumers may not have heard of may be missing. `counts` compares those too.
    """
    give_up_at = time.monotonic() + COUNTS_S
    while True:
        items, ended = await reading.pages(limits, most, both_ways=both_ways)
        wanted = _wanted(world, reader, items, news=news)
        if not ended:
            wanted = wanted[: len(items)]
        _check_same([_without_counts(each) for each in items], [_without_counts(each) for each in wanted])
        if not counts or items == wanted:
            return len(items)
        if time.monotonic() > give_up_at:
            _check_same(items, wanted)
            raise AssertionError(f"other keys: {items[0].keys() ^ wanted[0].keys()}")
        await asyncio.sleep(0.05)


def _wanted(world: World, reader: int, items: list[Item], *, news: bool) -> list[Item]:
    seen = {item["entry_id"] for item in items}
    entries = world.home(reader)
    return [world.item(reader, entry) for entry in entries if news or not entry.fresh or str(entry.id) in seen]


def _without_counts(value: Any) -> Any:
    """The item, and the post that it quotes, but for their counts."""
    if not isinstance(value, dict):
        return value
    return {name: _without_counts(inner) for name, inner in value.items() if name not in COUNTS}


def _check_same(items: list[Item], wanted: list[Item]) -> None:
    """The first difference is said in a few words."""
    for place, (item, should) in enumerate(zip(items, wanted, strict=False)):
        wrong = {
            name: (item.get(name), should.get(name)) for name in item | should if item.get(name) != should.get(name)
        }
        assert not wrong, f"item {place}, as (is, should be): {wrong}"
    assert len(items) == len(wanted), f"{len(items)} items, should be {len(wanted)}: {(items + wanted)[-1]}"
