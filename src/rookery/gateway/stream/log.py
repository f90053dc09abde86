"""The end of the live log as one process has read it: a position, and the newest events in memory for who resumes.

Every event above `floor` and up to `position` is in `recent`, in order, without repetitions (consumers publish at least
once). What is older comes from Valkey, where it must be shown to be whole: the event that a client saw last is still
there, and the numbers after it have no hole.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from rookery.kit import live
from rookery.kit.cache import Cache, CacheError
from rookery.kit.live import LiveEvent, LoggedEvent, StreamId

RECENT_MAX = 5_000  # about 2 MB
REMEMBERED = 10_000  # events by which a repeated publication is recognised
NEVER: StreamId = (2**63, 0)  # as `floor`: nothing can be resumed


class Lost(Exception):
    """The log no longer reaches back that far, or was flushed: the client has to reload."""


class LogEnd:
    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self.position: StreamId = (0, 0)
        self.floor: StreamId = NEVER
        self._number = 0
        self._recent: list[LoggedEvent] = []
        self._seen: OrderedDict[LiveEvent, StreamId] = OrderedDict()  # where each stood first

    def start(self, newest: Sequence[LoggedEvent], *, everything: bool) -> None:
        """Begin behind `newest`, the newest events of the log; `everything`: there are no older ones."""
        run = whole_tail(newest)
        self._recent = []
        self._number = run[-1].number if run else 0
        self.position = run[-1].id if run else (0, 0)
        self.floor = (0, 0) if everything and (not run or run[0].number == 1) else (run[0].id if run else (0, 0))
        self._keep(run)

    def take(self, events: Sequence[LoggedEvent]) -> tuple[list[LoggedEvent], bool]:
        """Move behind `events`, the next of the log. Returns those that are news, and whether some before were lost."""
        lost = False
        news: list[LoggedEvent] = []
        for event in events:
            if event.number != self._number + 1 or self.floor == NEVER:
                lost = lost or event.number != self._number + 1
                self._recent = []
                self.floor = before(event.id)
            self._number = event.number
            self.position = event.id
            news += self._keep([event])
        return news, lost

    def lose(self) -> None:
        """The log was flushed: nothing that was read can be continued, and it begins anew."""
        self.position, self._number, self.floor = (0, 0), 0, NEVER
        self._recent = []

    async def after(self, position: StreamId, limit: int) -> tuple[list[LoggedEvent], StreamId]:
        """At most `limit` events behind `position`, up to our own position, and where to go on. Raises Lost."""
        if position >= self.floor:
            start = bisect_right(self._recent, position, key=lambda event: event.id)
            events = self._recent[start : start + limit]
            return events, events[-1].id if len(events) == limit else self.position
        try:
            events = await live.read_range(self._cache, position, self.position, limit + 1)
        except CacheError as error:
            raise Lost from error
        if len(events) < 2 or events[0].id != position or len(whole_tail(events)) != len(events):
            raise Lost
        return [event for event in events[1:] if self._seen.get(event.event, event.id) == event.id], events[-1].id

    def _keep(self, events: Iterable[LoggedEvent]) -> list[LoggedEvent]:
        news = []
        for event in events:
            if event.event in self._seen:
                continue
            self._seen[event.event] = event.id
            news.append(event)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        self._recent += news
        if len(self._recent) > 2 * RECENT_MAX:
            self._recent = self._recent[-RECENT_MAX:]
            self.floor = before(self._recent[0].id)
        return news


def whole_tail(events: Sequence[LoggedEvent]) -> Sequence[LoggedEvent]:
    """The longest end of `events` whose numbers have no hole."""
    start = len(events) - 1
    while start > 0 and events[start - 1].number == events[start].number - 1:
        start -= 1
    return events[max(start, 0) :]


def before(value: StreamId) -> StreamId:
    """An id below `value` and not below any other id of the log that is smaller than `value`."""
    ms, sequence = value
    return (ms, sequence - 1) if sequence else (ms - 1, 2**63)
