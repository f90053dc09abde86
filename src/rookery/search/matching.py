"""What a post must be to match: a tree of terms, asked of the index as one tsquery or of a post at hand.

The second is for posts that were edited since they were indexed: what they say now decides at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rookery.contracts.posts import StoredPost
from rookery.search.analysis import Token, forms, tokens
from rookery.search.terms import (
    cashtag_term,
    hashtag_term,
    mention_term,
    post_places,
    post_terms,
    quote,
    url_parts,
)
from rookery.search.tree import WHOLE_SEARCH, And, Kind, Node, Not, Or, Term, wanted_terms

NOBODY: Final = 0


@dataclass(frozen=True, slots=True)
class Document:
    """Words with their positions, and the terms that are no words."""

    places: Mapping[str, Sequence[int]]
    marks: frozenset[str]


def document_of(post: StoredPost) -> Document:
    return Document(post_places(post), frozenset(post_terms(post)))


@dataclass(frozen=True, slots=True)
class Mark:
    """A term that is no word."""

    term: str

    def query(self) -> str:
        return quote(self.term)

    def holds(self, document: Document) -> bool:
        return self.term in document.marks


@dataclass(frozen=True, slots=True)
class Step:
    """One token of a sequence: its forms, and how far behind the token before it stands (0: the first)."""

    forms: tuple[str, ...]
    distance: int
    is_prefix: bool = False

    def query(self) -> str:
        if self.is_prefix:
            return f"{quote(self.forms[0])}:*"
        return f"({' | '.join(map(quote, self.forms))})"

    def positions(self, document: Document) -> set[int]:
        if self.is_prefix:
            found = [places for word, places in document.places.items() if word.startswith(self.forms[0])]
        else:
            found = [document.places[form] for form in self.forms if form in document.places]
        return {position for places in found for position in places}


@dataclass(frozen=True, slots=True)
class Words:
    """Tokens at their distances from each other; mostly just one."""

    steps: tuple[Step, ...]

    def query(self) -> str:
        text = self.steps[0].query()
        for step in self.steps[1:]:
            text += f" <{step.distance}> {step.query()}"
        return f"({text})"

    def ends(self, document: Document) -> set[int]:
        """Where the last token stands, for each time that the sequence occurs."""
        found = self.steps[0].positions(document)
        for step in self.steps[1:]:
            found = {position + step.distance for position in found} & step.positions(document)
        return found

    def holds(self, document: Document) -> bool:
        return bool(self.ends(document))


@dataclass(frozen=True, slots=True)
class Never:
    """The opposite of what stands inside."""

    inner: "Condition"

    def query(self) -> str:
        return f"!{self.inner.query()}"

    def holds(self, document: Document) -> bool:
        return not self.inner.holds(document)


@dataclass(frozen=True, slots=True)
class All:
    parts: "tuple[Condition, ...]"

    def query(self) -> str:
        return f"({' & '.join(part.query() for part in self.parts)})"

    def holds(self, document: Document) -> bool:
        return all(part.holds(document) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Some:
    parts: "tuple[Condition, ...]"

    def query(self) -> str:
        return f"({' | '.join(part.query() for part in self.parts)})"

    def holds(self, document: Document) -> bool:
        return any(part.holds(document) for part in self.parts)


Condition = Mark | Words | Never | All | Some


class Conditions:
    """Makes conditions of nodes. `ids` are those of the accounts named, by lower-case username.

    `language` is the one that the query is in, None for any.
    """

    def __init__(self, ids: Mapping[str, int], language: str | None) -> None:
        self._ids = ids
        self._language = language

    def of(self, node: Node) -> Condition | None:
        """None where a node asks for nothing that is indexed: signs alone, or what narrows the whole search."""
        match node:
            case Term():
                return self._of_term(node)
            case Not():
                inner = self.of(node.node)
                return None if inner is None else Never(inner)
            case And() | Or():
                parts = [part for each in node.nodes if (part := self.of(each)) is not None]
                if len(parts) < 2:
                    return parts[0] if parts else None
                return All(tuple(parts)) if isinstance(node, And) else Some(tuple(parts))

    def words(self, node: Node) -> Iterator[Words]:
        """The words and phrases that speak for a post: what ranking weighs and highlights show."""
        for term in wanted_terms(node):
            if term.kind in (Kind.WORD, Kind.PHRASE, Kind.HASHTAG, Kind.CASHTAG, Kind.MENTION):
                sequence = self._sequence(term.value, is_exact=term.kind is not Kind.WORD)
                if sequence is not None:
                    yield sequence

    def _of_term(self, term: Term) -> Condition | None:
        if term.kind in (Kind.WORD, Kind.PHRASE):
            return self._sequence(term.value, is_exact=term.kind is Kind.PHRASE)
        if term.kind is Kind.URL:
            marks = [Mark(f"url:{part}") for part in url_parts(term.value)]
            return All(tuple(marks)) if marks else None
        return None if term.kind in WHOLE_SEARCH else Mark(self._mark(term))

    def _mark(self, term: Term) -> str:
        match term.kind:
            case Kind.HASHTAG:
                return hashtag_term(term.value)
            case Kind.MENTION:
                return mention_term(term.value)
            case Kind.CASHTAG:
                return cashtag_term(term.value)
            case Kind.FROM | Kind.TO:
                return f"{term.kind}:{self._ids.get(term.value.lower(), NOBODY)}"
            case Kind.CONVERSATION:
                return f"conversation:{int(term.value)}"
            case _:
                return f"{term.kind}:{term.value}"

    def _sequence(self, text: str, *, is_exact: bool) -> Words | None:
        steps: list[Step] = []
        before: Token | None = None
        for token in tokens(text):
            if before is not None and token.single and before.paired and before.end == token.end:
                continue  # the last character stands in the pair before it
            distance = 0 if before is None else token.position - before.position
            steps.append(self._step(token, distance, is_exact=is_exact))
            before = token
        return Words(tuple(steps)) if steps else None

    def _step(self, token: Token, distance: int, *, is_exact: bool) -> Step:
        if token.paired or is_exact:
            return Step((token.exact,), distance, is_prefix=token.single)
        return Step(forms(token.text, self._language), distance)
