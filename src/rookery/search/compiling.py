"""From a query to what the index is asked."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from msgspec import Struct

from rookery.kit.ids import MAX_ID, first_id_at
from rookery.search.errors import QueryError
from rookery.search.matching import Condition, Conditions, Words
from rookery.search.tree import WHOLE_SEARCH, And, Kind, Node, Term, terms_of

NAMES_MAX: Final = 20


class Search(Struct, frozen=True, kw_only=True):
    """A query, compiled. `condition` is None where only the bounds narrow it; ids from `since` to below `until`."""

    condition: Condition | None
    words: Sequence[Words]
    since: int
    until: int
    min_likes: int
    min_reposts: int
    follows_only: bool


def names_of(node: Node) -> list[str]:
    """The accounts that a query names, lower case; raises QueryError beyond NAMES_MAX."""
    named = [term for term in terms_of(node) if term.kind in (Kind.FROM, Kind.TO)]
    names = list(dict.fromkeys(term.value.lower() for term in named))
    if len(names) > NAMES_MAX:
        raise QueryError("too_many", named[-1].at, f"names more than {NAMES_MAX} accounts", "fewer accounts")
    return names


def compile_query(node: Node, ids: Mapping[str, int]) -> Search:
    """Raises QueryError where nothing is left to be looked for."""
    bounds = [part for part in (node.nodes if isinstance(node, And) else (node,)) if isinstance(part, Term)]
    conditions = Conditions(ids, _language(bounds))
    search = Search(
        condition=conditions.of(node),
        words=list(conditions.words(node)),
        since=max((_first_id(term.value) for term in bounds if term.kind is Kind.SINCE), default=0),
        until=min((_first_id(term.value) for term in bounds if term.kind is Kind.UNTIL), default=MAX_ID),
        min_likes=_highest(bounds, Kind.MIN_LIKES),
        min_reposts=_highest(bounds, Kind.MIN_REPOSTS),
        follows_only=any(term.kind is Kind.FILTER for term in bounds),
    )
    if search.condition is None and not any(term.kind in WHOLE_SEARCH for term in bounds):
        raise QueryError("blank", 0, "begins nothing that can be searched", "a letter, a digit or an emoji")
    return search


def _language(bounds: Sequence[Term]) -> str | None:
    languages = {term.value for term in bounds if term.kind is Kind.LANG}
    return languages.pop() if len(languages) == 1 else None


def _first_id(day: str) -> int:
    midnight = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    return max(0, first_id_at(int(midnight.timestamp() * 1000)))


def _highest(bounds: Sequence[Term], kind: Kind) -> int:
    return max((int(term.value) for term in bounds if term.kind is kind), default=0)
