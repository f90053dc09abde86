"""What a query says, as a tree, and the tree as a query again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a term asks for; the operators go by the name that people type."""

    WORD = "word"
    PHRASE = "phrase"
    HASHTAG = "hashtag"
    MENTION = "mention"
    CASHTAG = "cashtag"
    FROM = "from"
    TO = "to"
    HAS = "has"
    IS = "is"
    LANG = "lang"
    URL = "url"
    CONVERSATION = "conversation_id"
    SINCE = "since"
    UNTIL = "until"
    MIN_LIKES = "min_likes"
    MIN_REPOSTS = "min_reposts"
    FILTER = "filter"


# These narrow the whole search: they stand beside everything else, in no OR and under no minus.
WHOLE_SEARCH = frozenset({Kind.SINCE, Kind.UNTIL, Kind.MIN_LIKES, Kind.MIN_REPOSTS, Kind.FILTER})

SIGNS = {Kind.WORD: "", Kind.HASHTAG: "#", Kind.MENTION: "@", Kind.CASHTAG: "$"}


# Data classes, since where a node stood must not count when trees are compared.
@dataclass(frozen=True, slots=True)
class Term:
    """`value` as it was typed, without sign, quotes or name; `at` is where it begins, in code points."""

    kind: Kind
    value: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    node: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """At least two nodes, none of them an And."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """At least two nodes, none of them an Or."""

    nodes: "tuple[Node, ...]"


Node = Term | Not | And | Or


def show(node: Node) -> str:
    """A query that parses to this tree."""
    match node:
        case Term():
            return _show_term(node)
        case Not():
            return f"-{_nested(node.node, (And, Or))}"
        case And():
            return " ".join(_nested(each, (Or,)) for each in node.nodes)
        case Or():
            return " OR ".join(show(each) for each in node.nodes)


def _show_term(term: Term) -> str:
    if term.kind is Kind.PHRASE:
        return f'"{term.value}"'
    sign = SIGNS.get(term.kind)
    return f"{term.kind}:{term.value}" if sign is None else f"{sign}{term.value}"


def _nested(node: Node, kinds: tuple[type, ...]) -> str:
    return f"({show(node)})" if isinstance(node, kinds) else show(node)


def terms_of(node: Node) -> Iterator[Term]:
    """All terms, from left to right."""
    match node:
        case Term():
            yield node
        case Not():
            yield from terms_of(node.node)
        case And() | Or():
            for each in node.nodes:
                yield from terms_of(each)


def wanted_terms(node: Node) -> Iterator[Term]:
    """The terms that speak for a post, from left to right: those under no minus."""
    match node:
        case Term():
            yield node
        case And() | Or():
            for each in node.nodes:
                yield from wanted_terms(each)
        case Not():
            return
