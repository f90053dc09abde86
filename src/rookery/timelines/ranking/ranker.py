"""One ranking: from a pool of candidates to places in order, each with its reasons."""

from itertools import compress
from typing import Final

import numpy as np

from rookery.kit.ids import id_ms
from rookery.timelines.ranking.candidates import FOLLOWING, Pool, Vouches, is_shown, place_of
from rookery.timelines.ranking.decay import HOUR_MS
from rookery.timelines.ranking.explaining import strongest
from rookery.timelines.ranking.facts import Facts, FactTable
from rookery.timelines.ranking.scoring import Candidates, Scores, score
from rookery.timelines.ranking.signals import Evidence, Floats, author_rate
from rookery.timelines.ranking.snapshots import RECORD, VIA_SHOWN, Records
from rookery.timelines.ranking.taste import Taste, current

NO_HASHTAG: Final = -1
HASHTAGS_TOLD: Final = 127


class Ranker:
    def __init__(self, facts: FactTable) -> None:
        self._facts = facts

    async def rank(self, pool: Pool, now_ms: int) -> Records:
        """All places, best first, as of `now_ms`. At most one statement, for facts that are missing or old."""
        await self._facts.ensure(pool.post_ids)
        places = self._facts.places(pool.post_ids)
        known = [place >= 0 for place in places]
        post_ids, places = list(compress(pool.post_ids, known)), list(compress(places, known))
        facts = self._facts.take(places)
        shown = [
            is_shown(pool, author_id, reply_to)
            for author_id, reply_to in zip(facts.author_ids.tolist(), facts.reply_to_author_ids.tolist(), strict=True)
        ]
        post_ids = list(compress(post_ids, shown))
        facts = self._facts.take(list(compress(places, shown)))
        return self._ranked(pool, post_ids, facts, now_ms)

    def _ranked(self, pool: Pool, post_ids: list[int], facts: Facts, now_ms: int) -> Records:
        sources = [
            place_of(pool, post_id, author_id)
            for post_id, author_id in zip(post_ids, facts.author_ids.tolist(), strict=True)
        ]
        vouches = vouches_of(pool, post_ids, facts)
        candidates = self._candidates(pool, post_ids, facts, sources, vouches, now_ms)
        return records_of(pool, candidates, sources, facts, vouches, score(candidates, pool.taste.settings))

    def _candidates(
        self, pool: Pool, post_ids: list[int], facts: Facts, sources: list[int], vouches: Vouches, now_ms: int
    ) -> Candidates:
        taste = pool.taste
        seen = {post_id for post_id, at_ms in taste.seen.items() if at_ms < now_ms}
        return Candidates(
            post_ids=np.array(post_ids, dtype=np.int64),
            author_ids=facts.author_ids,
            out_of_network=np.array(sources, dtype=np.int64) != FOLLOWING,
            evidence=evidence_of(pool, post_ids, facts, vouches, now_ms),
            foreign=self._foreign(taste, facts),
            less=less_of(taste, facts, now_ms),
            seen=np.array([post_id in seen for post_id in post_ids], dtype=np.bool_),
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


def vouches_of(pool: Pool, post_ids: list[int], facts: Facts) -> Vouches:
    """Who vouches for each post. What authors like of themselves says nothing."""
    found = {}
    for post_id, author_id in zip(post_ids, facts.author_ids.tolist(), strict=True):
        if vouchers := pool.vouches.get(post_id):
            found[post_id] = [user_id for user_id in vouchers if user_id != author_id]
    return found


def evidence_of(pool: Pool, post_ids: list[int], facts: Facts, vouches: Vouches, now_ms: int) -> Evidence:
    affinity = pool.taste.affinities
    interests = {tag: current(value, now_ms) for tag, value in pool.taste.hashtags.items()}
    tags = pool.tags
    return Evidence(
        age_h=np.array([max(0, now_ms - id_ms(post_id)) / HOUR_MS for post_id in post_ids], dtype=np.float64),
        acts=current_all([affinity.get(author_id, 0.0) for author_id in facts.author_ids.tolist()], now_ms),
        author_posts=current_all(facts.author_posts, now_ms),
        author_rate=author_rate(current_all(facts.author_engagement, now_ms), current_all(facts.author_posts, now_ms)),
        engagement=facts.engagement,
        author_replies=facts.author_replies,
        media=facts.media,
        vouches=np.array([len(vouches.get(post_id, ())) for post_id in post_ids], dtype=np.float64),
        interest=np.array([interests.get(tags.get(post_id) or "", 0.0) for post_id in post_ids], dtype=np.float64),
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


def records_of(
    pool: Pool, candidates: Candidates, sources: list[int], facts: Facts, vouches: Vouches, scores: Scores
) -> Records:
    order = scores.order
    post_ids = candidates.post_ids[order]
    records = np.zeros(len(order), dtype=RECORD)
    records["post_id"] = post_ids
    records["author_id"] = candidates.author_ids[order]
    records["source"] = np.array(sources, dtype=np.uint8)[order]
    records["score"] = scores.scores[order]
    records["signals"], records["shares"] = strongest(scores.parts[order])
    records["hashtag"] = NO_HASHTAG
    for place, (post_id, candidate) in enumerate(zip(post_ids.tolist(), order.tolist(), strict=True)):
        if vouchers := vouches.get(post_id):
            records["via_count"][place] = len(vouchers)
            records["via"][place, : min(len(vouchers), VIA_SHOWN)] = vouchers[:VIA_SHOWN]
        if (tag := pool.tags.get(post_id)) and tag in facts.hashtags[candidate][:HASHTAGS_TOLD]:
            records["hashtag"][place] = facts.hashtags[candidate].index(tag)
    return records
