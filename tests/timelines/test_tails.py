"""Scrolling far down: few looks into the database, and the same entries as without what is remembered."""

from typing import Any

import pytest

from rookery.kit.ids import MAX_ID
from rookery.timelines import tails
from rookery.timelines.sources import EntrySource
from tests.people import Person


@pytest.fixture
def source(services: Any, monkeypatch: pytest.MonkeyPatch) -> EntrySource:
    monkeypatch.setattr(tails, "SETTLED_MS", -60_000)
    found: EntrySource = services.timelines._source
    return found


async def scroll(source: EntrySource, reader_id: int, limit: int) -> list[int]:
    """The ids of all entries, page by page, as the database has them."""
    reader = await source._users.reader(reader_id)
    ids: list[int] = []
    before, ended = MAX_ID, False
    while not ended:
        entries, ended = await source._from_database(reader, before, limit)
        ids += [entry.id for entry in entries]
        before = entries[-1].id if entries else 0
    return ids


async def test_pages_out_of_a_tail_are_the_pages_of_the_database(
    source: EntrySource, ana: Person, ben: Person, cem: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rookery.timelines.sources.TAIL_ENTRIES", 20)
    for author in (ben, cem):
        await ana.follow(author)
    made = [int((await author.post(f"post {n}"))["id"]) for n in range(22) for author in (ben, cem)]
    expected = sorted(made, reverse=True)
    for limit in (3, 7, 20, 44, 50):
        assert await scroll(source, int(ana.id), limit) == expected
    await ana.unfollow(cem)
    assert await scroll(source, int(ana.id), 7) == expected[1::2]
    await ana.follow(cem)
    assert await scroll(source, int(ana.id), 7) == expected
