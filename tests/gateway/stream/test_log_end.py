"""The end of the log in memory: what it gives to who resumes, and how it notices that events were lost."""

import pytest

from rookery.gateway.stream import log as stream_log
from rookery.gateway.stream.log import LogEnd, Lost, before, whole_tail
from rookery.kit.live import LoggedEvent, StreamId, format_id, parse_id
from tests.gateway.stream.model import ModelLog, logged


@pytest.fixture
def model() -> ModelLog:
    return ModelLog()


async def rest(end: LogEnd, position: StreamId, limit: int) -> list[LoggedEvent]:
    return (await end.after(position, limit))[0]


def numbers(events: list[LoggedEvent]) -> list[int]:
    return [event.number for event in events]


async def test_recent_events_need_no_valkey(model: ModelLog) -> None:
    end = LogEnd(model.cache)
    end.start([], everything=True)
    assert numbers(end.take(model.append(5))[0]) == [1, 2, 3, 4, 5]
    model.flush()
    assert numbers(await rest(end, (0, 0), 10)) == [1, 2, 3, 4, 5]
    assert numbers(await rest(end, end.position, 10)) == []


async def test_pages(model: ModelLog) -> None:
    end = LogEnd(model.cache)
    end.start([], everything=True)
    events, _ = end.take(model.append(5))
    assert numbers(await rest(end, events[0].id, 2)) == [2, 3]


async def test_older_events_come_from_valkey(model: ModelLog) -> None:
    events = model.append(10)
    end = LogEnd(model.cache)
    end.start(events[-3:], everything=False)
    assert numbers(await rest(end, events[2].id, 4)) == [4, 5, 6, 7]
    assert numbers(await rest(end, events[7].id, 4)) == [9, 10]


async def test_an_event_that_was_trimmed_cannot_be_resumed_from(model: ModelLog) -> None:
    events = model.append(10)
    end = LogEnd(model.cache)
    end.start(events[-3:], everything=False)
    model.trim(5)
    with pytest.raises(Lost):
        await rest(end, events[2].id, 4)


async def test_a_flush_between_is_noticed_by_the_numbers(model: ModelLog) -> None:
    end = LogEnd(model.cache)
    end.start([], everything=True)
    seen, _ = end.take(model.append(3))
    model.flush()
    news, lost = end.take(model.append(2))
    assert (numbers(news), lost) == ([1, 2], True)
    assert numbers(await rest(end, news[0].id, 10)) == [2]
    with pytest.raises(Lost):
        await rest(end, seen[1].id, 10)


async def test_after_losing_everything_it_begins_anew(model: ModelLog) -> None:
    end = LogEnd(model.cache)
    end.start([], everything=True)
    seen, _ = end.take(model.append(3))
    end.lose()
    model.flush()
    news, lost = end.take(model.append(2))
    assert (numbers(news), lost) == ([1, 2], False)
    with pytest.raises(Lost):
        await rest(end, seen[0].id, 10)


async def test_a_hole_in_what_valkey_has_is_not_passed_over(model: ModelLog) -> None:
    events = model.append(10)
    end = LogEnd(model.cache)
    end.start(events[-2:], everything=False)
    model.cut(5)
    with pytest.raises(Lost):
        await rest(end, events[2].id, 10)


async def test_repetitions_are_dropped(model: ModelLog) -> None:
    end = LogEnd(model.cache)
    end.start([], everything=True)
    first, _ = end.take(model.append(2))
    again, lost = end.take(model.repeat(first[0]))
    assert (again, lost) == ([], False)
    assert numbers(await rest(end, (0, 0), 10)) == [1, 2]


async def test_memory_is_bounded(model: ModelLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_log, "RECENT_MAX", 10)
    end = LogEnd(model.cache)
    end.start([], everything=True)
    events = model.append(100)
    end.take(events)
    assert end.floor > events[50].id
    assert numbers(await rest(end, events[50].id, 100)) == list(range(52, 101))


def test_the_whole_tail() -> None:
    events = [logged(number) for number in (1, 2, 5, 6, 7)]
    assert numbers(list(whole_tail(events))) == [5, 6, 7]
    assert whole_tail([]) == []


@pytest.mark.parametrize("value", [(5, 3), (5, 0)])
def test_before_is_just_below(value: StreamId) -> None:
    assert before(value) < value
    assert before(value) >= (value[0] - 1, 2**40)


@pytest.mark.parametrize("text", ["", "5", "-", "5-", "-5", "a-b", "5-5-5", "1" * 16 + "-0", "٣-٣", "+5-0", "5 -0"])
def test_ids_of_nobody(text: str) -> None:
    with pytest.raises(ValueError, match="not an id"):
        parse_id(text)


def test_ids_there_and_back() -> None:
    assert format_id(parse_id("1700000000000-7")) == "1700000000000-7"


async def test_it_says_where_to_go_on(model: ModelLog) -> None:
    end = LogEnd(model.cache)
    end.start([], everything=True)
    events, _ = end.take(model.append(5))
    end.take(model.repeat(events[0]))
    assert await end.after(events[0].id, 2) == (events[1:3], events[2].id)
    assert await end.after(events[2].id, 10) == (events[3:], end.position)
    assert end.position > events[-1].id


async def test_repetitions_are_known_in_what_valkey_has_too(model: ModelLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_log, "RECENT_MAX", 2)
    end = LogEnd(model.cache)
    end.start([], everything=True)
    events, _ = end.take(model.append(3))
    end.take(model.repeat(events[0]))
    end.take(model.append(10))
    assert numbers(await rest(end, events[0].id, 5)) == [2, 3, 5, 6]
