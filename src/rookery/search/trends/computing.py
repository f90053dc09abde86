"""Computes what is trending: counts people, holds them against the past, lets one topic speak for each story."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct

from rookery.kit.ids import id_ms
from rookery.search.trends.burst import MINUTE_MS, SIGNIFICANCE_MIN, Period, Usual, significance, usual
from rookery.search.trends.diversity import Candidate, pick
from rookery.search.trends.folding import keys_of
from rookery.search.trends.repository import KEPT_MS, Clock, Counted, Span, TrendRepository

TRENDS_MAX: Final = 25  # of each window and language
CANDIDATES: Final = 60
EXAMPLES_MAX: Final = 8  # posts by different people, newest first
LATE_MS: Final = MINUTE_MS  # what consumers may lag


class Rising(Struct, frozen=True):
    """A topic that is above what is usual for it."""

    counted: Counted
    usual: Usual
    score: float


async def compute(repository: TrendRepository, period: Period, now_ms: int) -> int:
    """Roll what has passed into the pasts, and write what is trending now. Returns how many trends there are."""
    await roll(repository, period, now_ms)
    clock = await repository.clock(period) or Clock(0, -1)
    span = Span(now_ms - period.length_ms, now_ms + 1)
    rising = strongest(await repository.counted(period, span), period, clock)
    since = await repository.since(period)
    rows: list[dict[str, Any]] = []
    for lang, candidates in rising.items():
        rows += await _described(repository, period, span, lang, candidates, since)
    await repository.replace_trends(period, rows)
    return len(rows)


async def roll(repository: TrendRepository, period: Period, now_ms: int) -> None:
    """Into the pasts goes what no window can overlap any more, so that nothing is held against itself.

    What was missed for longer than uses are kept counts as if nobody had said anything.
    """
    await repository.start_clock(period, period.number(now_ms) + 1)
    clock = await repository.clock(period) or Clock(0, -1)
    last = period.number(now_ms - period.length_ms - LATE_MS) - 1
    for number in range(max(clock.rolled, period.number(now_ms - KEPT_MS)) + 1, last + 1):
        await repository.roll(period, number)


def strongest(counted: Iterable[Counted], period: Period, clock: Clock) -> dict[str, list[Rising]]:
    """By language, the CANDIDATES that rise most, strongest first; ties go to more authors.

    No phrases where there is no past yet: each would be new.
    """
    has_past = clock.rolled >= clock.first
    by_lang: dict[str, list[Rising]] = defaultdict(list)
    for each in counted:
        was = usual(each.past, period, clock.first, clock.rolled)
        score = significance(each.authors, was)
        if score >= SIGNIFICANCE_MIN and (has_past or each.kind != "phrase"):
            by_lang[each.lang].append(Rising(each, was, score))
    return {lang: sorted(found, key=_order)[:CANDIDATES] for lang, found in by_lang.items()}


def _order(rising: Rising) -> tuple[float, int, str]:
    return (-rising.score, -rising.counted.authors, rising.counted.topic)


async def _described(
    repository: TrendRepository,
    period: Period,
    span: Span,
    lang: str,
    rising: list[Rising],
    since: dict[tuple[str, str], int],
) -> list[dict[str, Any]]:
    """The rows of `search.trends` of one language."""
    uses: dict[str, list[Any]] = defaultdict(list)
    for row in await repository.sampled([each.counted.topic for each in rising], lang, span):
        uses[row["topic"]].append(row)
    candidates = [
        Candidate(each.counted.topic, frozenset(row["post_id"] for row in uses.get(each.counted.topic, ())))
        for each in rising
    ]
    chosen = pick(candidates, TRENDS_MAX)
    slots: dict[str, list[Any]] = defaultdict(list)
    for row in await repository.series(chosen, lang, span, period.length_ms // period.slots):
        slots[row["topic"]].append(row)
    by_topic = {each.counted.topic: each for each in rising}
    return [
        {
            "period": period.window,
            "place": place,
            "computed_ms": span.to_ms - 1,
            "since_ms": since.get((lang, topic)) or _first_ms(slots[topic], span),
            "series": _series(slots[topic], period.slots),
            **_numbers(by_topic[topic]),
            **_looks(topic, uses[topic]),
        }
        for place, topic in enumerate(chosen)
    ]


def _numbers(rising: Rising) -> dict[str, Any]:
    counted = rising.counted
    return {"lang": counted.lang, "posts": counted.posts, "authors": counted.authors, "usual": rising.usual.mean}


def _looks(topic: str, uses: list[Any]) -> dict[str, Any]:
    """How a topic is shown: as most write it; `uses` are newest first."""
    kind = _kind(uses)
    written, _ = Counter(row["name"] for row in uses if row["kind"] == kind).most_common(1)[0]
    name, url = (topic, written) if kind == "link" else (written, None)
    examples = {row["author_id"]: row["post_id"] for row in reversed(uses)}
    return {
        "topic": topic,
        "keys": keys_of(kind, topic, name),
        "kind": kind,
        "name": name,
        "url": url,
        "example_ids": sorted(examples.values(), reverse=True)[:EXAMPLES_MAX],
    }


def _kind(uses: list[Any]) -> str:
    return str(min(row["kind"] for row in uses))


def _first_ms(slots: list[Any], span: Span) -> int:
    """When the topic was first used in the window."""
    return min((id_ms(row["first_id"]) for row in slots), default=span.from_ms)


def _series(slots: list[Any], count: int) -> list[int]:
    """Authors of each slot, oldest first; the last millisecond belongs to the last slot."""
    series = [0] * count
    for row in slots:
        place = min(row["slot"], count - 1)
        series[place] = max(series[place], row["authors"])
    return series
