"""Counting people: whatever anybody repeats, the statement counts as a naive model does."""

import random

import pytest

from rookery.gateway.wiring import Services
from rookery.kit.ids import wall_clock_ms
from rookery.search.trends.burst import HOUR
from rookery.search.trends.computing import strongest
from rookery.search.trends.repository import AUTHORS_MIN, Clock, Counted, Span, Use
from rookery.search.trends.topics import Topic

NO_PAST = Clock(0, -1)


def some_uses(rng: random.Random, services: Services) -> list[Use]:
    authors = [services.resources.ids.next() for _ in range(8)]
    tags = [Topic(f"t{rng.getrandbits(60)}", "hashtag", "T") for _ in range(6)]
    return [
        Use(services.resources.ids.next(), rng.choice(authors), rng.choice(("en", "de", "und")), rng.choice(tags))
        for _ in range(rng.randrange(10, 120))
    ]


def naive(uses: list[Use]) -> dict[tuple[str, str], tuple[int, int]]:
    """(posts, authors) by language and topic, of topics with enough authors."""
    places = {(lang, use.topic.key) for use in uses for lang in (use.lang, "")}
    found = {}
    for lang, topic in places:
        those = [use for use in uses if use.topic.key == topic and lang in (use.lang, "")]
        found[lang, topic] = (len(those), len({use.author_id for use in those}))
    return {place: counts for place, counts in found.items() if counts[1] >= AUTHORS_MIN}


async def counted(services: Services, uses: list[Use]) -> list[Counted]:
    """Those of these uses, after they are noted."""
    await services.trends.repository.replace([use.post_id for use in uses], uses)
    now = wall_clock_ms()
    topics = {use.topic.key for use in uses}
    rows = await services.trends.repository.counted(HOUR, Span(now - HOUR.length_ms, now + 60_000))
    return [row for row in rows if row.topic in topics]


@pytest.mark.parametrize("seed", range(12))
async def test_people_are_counted_once_whatever_they_repeat(services: Services, seed: int) -> None:
    rng = random.Random(seed)
    uses = some_uses(rng, services)
    rows = await counted(services, uses)
    assert {(row.lang, row.topic): (row.posts, row.authors) for row in rows} == naive(uses)
    before = strongest(rows, HOUR, NO_PAST)
    again = [
        Use(services.resources.ids.next(), use.author_id, use.lang, use.topic)
        for use in rng.choices(uses, k=rng.randrange(1, 80))
    ]
    after = strongest(await counted(services, uses + again), HOUR, NO_PAST)
    for lang, rising in before.items():
        assert [(each.counted.topic, each.score) for each in after[lang]] == [
            (each.counted.topic, each.score) for each in rising
        ]
