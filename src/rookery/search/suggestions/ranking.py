"""Puts the reasons for each account together, and the accounts in order. Pure."""

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from rookery.contracts.users import Acquaintance
from rookery.search.suggestions.repository import SimilarAccount
from rookery.search.suggestions.schemas import Source

SIMILARITY_WEIGHT: Final = 0.5  # of the best acquaintance: whom people one follows follow is the better guess


class Candidate(Struct, frozen=True):
    """An account with all that speaks for it; `followers` only where nothing but that does."""

    user_id: int
    score: float
    source: Source
    via: list[int] = []
    via_count: int = 0
    terms: list[str] = []
    followers: int | None = None


def rank(
    acquaintances: Sequence[Acquaintance],
    similar: Sequence[SimilarAccount],
    popular: Sequence[tuple[int, int]],
    may_suggest: Callable[[int], bool],
) -> list[Candidate]:
    """Best first: closeness as a share of the closest, plus SIMILARITY_WEIGHT times the cosine; then who is popular."""
    met = {each.id: each for each in acquaintances if may_suggest(each.id)}
    like = {each.user_id: each for each in similar if may_suggest(each.user_id)}
    closest = max((each.closeness for each in met.values()), default=1.0)
    known = [_candidate(user_id, met.get(user_id), like.get(user_id), closest) for user_id in met.keys() | like.keys()]
    known.sort(key=lambda candidate: (-candidate.score, candidate.user_id))
    others = [
        Candidate(user_id, 0.0, "popular", followers=followers)
        for user_id, followers in popular
        if user_id not in met and user_id not in like and may_suggest(user_id)
    ]
    return known + others


def _candidate(
    user_id: int, acquaintance: Acquaintance | None, similar: SimilarAccount | None, closest: float
) -> Candidate:
    network = acquaintance.closeness / closest if acquaintance else 0.0
    likeness = SIMILARITY_WEIGHT * similar.cosine if similar else 0.0
    return Candidate(
        user_id,
        network + likeness,
        "network" if network >= likeness else "similar",
        via=acquaintance.via if acquaintance else [],
        via_count=acquaintance.via_count if acquaintance else 0,
        terms=similar.shared if similar else [],
    )
