"""One ranking: from a pool of candidates to places in order, each with its reasons."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rookery.kit.ids import TIME_SHIFT
from rookery.timelines.ranking.candidates import CANDIDATES_MAX, FOLLOWING, Pool, shown_of, sources_of
from rookery.timelines.ranking.decay import HOUR_MS
from rookery.timelines.ranking.explaining import strongest
from rookery.timelines.ranking.facts import Facts, FactTable
from rookery.timelines.ranking.scoring import Bools, Candidates, Ints, Scores, score
from rookery.timelines.ranking.signals import Evidence, Floats, author_rate
from rookery.timelines.ranking.snapshots import RECORD, VIA_SHOWN, Records
from rookery.timelines.ranking.taste import Taste, current

NO_HASHTAG: Final = -1
HASHTAGS_TOLD: Final = 127


class Ranker:
    def __init__(self, facts: FactTable) -> None:
        self._facts = facts

    async def rank(self, pool: Pool, now_ms: int, *, offset: int = 0, limit: int = CANDIDATES_MAX) -> Records:
        """At most `limit` places from `offset` on, best first, as of `now_ms`.

        At most one statement, for facts that are missing or old. With 1,100 candidates 2 ms of CPU, most of it one look
        into a dict or set for each candidate and question; what is shown of a place is worked out for those alone that
        are asked for.
        """
        places = await self._facts.places(pool.post_ids)
        post_ids = np.array(pool.post_ids, dtype=np.int64)
        known = places >= 0
        post_ids, places = post_ids[known], places[known]
        shown = shown_of(pool, *self._facts.authors(places))
        post_ids, facts = post_ids[shown], self._facts.take(places[shown])
        sources = sources_of(pool, post_ids.tolist(), facts.author_ids.tolist())
        candidates = self._candidates(pool, post_ids, facts, sources != FOLLOWING, now_ms)
        scores = score(candidates, pool.taste.settings)
        chosen = scores.order[offset : offset + limit]
        return records_of(pool, candidates, facts, scores, sources, chosen)

    def _candidates(self, pool: Pool, post_ids: Ints, facts: Facts, out_of_network: Bools, now_ms: int) -> Candidates:
        taste, seen_at = pool.taste, pool.taste.seen.get
        seen = [seen_at(post_id, now_ms) < now_ms for post_id in post_ids.tolist()] if taste.seen else None
        return Candidates(
            post_ids=post_ids,
            author_ids=facts.author_ids,
            out_of_network=out_of_network,
            evidence=evidence_of(pool, post_ids, facts, now_ms),
            foreign=self._foreign(taste, facts),
            less=less_of(taste, facts, now_ms),
            seen=np.zeros(len(post_ids), dtype=np.bool_) if seen is None else np.array(seen, dtype=np.bool_),
        )

    def _foreign(self, taste: Taste, facts: Facts) -> Floats:
        """How little of what the reader engages with is in the language of each post; 0 where either is unknown."""
        total = sum(taste.languages.values())
        foreign = np.zeros(len(self._facts.language_codes) + 1)
        if total > 0:
            foreign[1:] = 1.0
            for lang, value in taste.languages.items():
                if (code := self._facts.language_codes.get(lang)) is not None:
                    foreign[code] = 1.0 - value / total
        return foreign[facts.languages]


def evidence_of(pool: Pool, post_ids: Ints, facts: Facts, now_ms: int) -> Evidence:
    ids, author_ids = post_ids.tolist(), facts.author_ids.tolist()
    acts, vouches, tags = pool.taste.affinities.get, pool.vouches.get, pool.tags.get
    vouched = [
        len(vouchers) - (author_id in vouchers) if (vouchers := vouches(post_id)) else 0
        for post_id, author_id in zip(ids, author_ids, strict=True)
    ]
    interests = {tag: current(value, now_ms) for tag, value in pool.taste.hashtags.items()} if pool.tags else {}
    return Evidence(
        age_h=np.maximum(0, now_ms - (post_ids >> TIME_SHIFT)) / HOUR_MS,
        acts=current_all([acts(author_id, 0.0) for author_id in author_ids], now_ms),
        author_posts=current_all(facts.author_posts, now_ms),
        author_rate=author_rate(current_all(facts.author_engagement, now_ms), current_all(facts.author_posts, now_ms)),
        engagement=facts.engagement,
        author_replies=facts.author_replies,
        media=facts.media,
        vouches=np.array(vouched, dtype=np.float64),
        interest=np.array([interests.get(tags(post_id) or "", 0.0) for post_id in ids], dtype=np.float64)
        if interests
        else np.zeros(len(ids)),
    )


def current_all(values: "Floats | list[float]", now_ms: int) -> Floats:
    return np.asarray(values, dtype=np.float64) * current(1.0, now_ms)


def less_of(taste: Taste, facts: Facts, now_ms: int) -> Floats:
    """Wishes for less of each post's author, and of that of its hashtags of which there are most."""
    if not taste.less:
        return np.zeros(len(facts.author_ids))
    by_author, by_tag = taste.less_by_author(now_ms), taste.less_by_hashtag(now_ms)
    return np.array(
        [
            by_author.get(author_id, 0.0) + max((by_tag.get(tag, 0.0) for tag in tags), default=0.0)
            for author_id, tags in zip(facts.author_ids.tolist(), facts.hashtags, strict=True)
        ],
        dtype=np.float64,
    )


def first_vouchers(vouchers: list[int], author_id: int) -> list[int]:
    """VIA_SHOWN of them, 0 for nobody. What authors like of themselves says nothing."""
    others = [user_id for user_id in vouchers[: VIA_SHOWN + 1] if user_id != author_id]
    return (others + [0] * VIA_SHOWN)[:VIA_SHOWN]


def records_of(
    pool: Pool, candidates: Candidates, facts: Facts, scores: Scores, sources: NDArray[np.uint8], chosen: Ints
) -> Records:
    """The records of the `chosen` candidates, in that order."""
    records = np.zeros(len(chosen), dtype=RECORD)
    records["post_id"] = candidates.post_ids[chosen]
    records["author_id"] = candidates.author_ids[chosen]
    records["source"] = sources[chosen]
    records["score"] = scores.scores[chosen]
    records["signals"], records["shares"] = strongest(scores.parts[chosen])
    records["via_count"] = candidates.evidence.vouches[chosen]
    records["hashtag"] = NO_HASHTAG
    vouched = np.flatnonzero(records["via_count"])
    posts = zip(records["post_id"][vouched].tolist(), records["author_id"][vouched].tolist(), strict=True)
    via = [first_vouchers(pool.vouches[post_id], author_id) for post_id, author_id in posts]
    records["via"][vouched] = np.array(via, dtype=np.int64).reshape(-1, VIA_SHOWN)
    if pool.tags:
        tag_of = pool.tags.get
        for place, (post_id, candidate) in enumerate(zip(records["post_id"].tolist(), chosen.tolist(), strict=True)):
            if (tag := tag_of(post_id)) and tag in (told := facts.hashtags[candidate][:HASHTAGS_TOLD]):
                records["hashtag"][place] = told.index(tag)
    return records
