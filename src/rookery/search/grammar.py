"""The language of queries, by recursive descent:

    query   = any
    any     = all { "OR" all }
    all     = one { one }
    one     = [ "-" ] ( "(" any ")" | term )
    term    = word | '"' text '"' | "#" tag | "@" username | "$" symbol | operator ":" value | link

OR binds less than standing side by side. A name before a colon that is no operator is a word, as in `re:invent`.
"""

import re
from typing import Final, NamedTuple

from rookery.kit.text import is_valid_hashtag
from rookery.search.errors import QueryError
from rookery.search.operators import NOT_YET, OPERATORS, USERNAME
from rookery.search.tree import WHOLE_SEARCH, And, Kind, Node, Not, Or, Term, terms_of

QUERY_LENGTH_MAX: Final = 500
TERMS_MAX: Final = 40
DEPTH_MAX: Final = 10

_TOKEN = re.compile(r'\s*(?:(?P<sign>[()"])|(?P<minus>-)|(?P<run>[^\s()"]+))')
_OPERATOR = re.compile(r"([a-z_]+):(.*)", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"https?://.", re.IGNORECASE)
_CASHTAG = re.compile(r"[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?")

A_TERM: Final = "a word, a phrase in quotes, #tag, @name or an operator"


class Piece(NamedTuple):
    """`kind`: a sign itself (`(`, `)`, `-`), `"` for the text between quotes, `run` for the rest, empty at the end."""

    kind: str
    text: str
    at: int


def parse(query: str) -> Node:
    """The tree of a query; raises QueryError, whose position lies within the query or at its end."""
    if len(query) > QUERY_LENGTH_MAX:
        raise QueryError("too_long", QUERY_LENGTH_MAX, f"is longer than {QUERY_LENGTH_MAX} characters", "an end")
    return _Parser(_pieces(query)).whole()


def _pieces(query: str) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    while (match := _TOKEN.match(query, at)) is not None:
        at = match.end()
        kind = match["sign"] or match["minus"]
        if kind == '"':
            closing = query.find('"', at)
            if closing < 0:
                raise QueryError("unclosed", match.start("sign"), "opens quotes that nothing closes", 'a closing "')
            pieces.append(Piece('"', query[at:closing], match.start("sign")))
            at = closing + 1
        else:
            group = "sign" if match["sign"] else "minus" if match["minus"] else "run"
            pieces.append(Piece(kind or "run", match[group], match.start(group)))
    pieces.append(Piece("", "", len(query)))
    return pieces


class _Parser:
    def __init__(self, pieces: list[Piece]) -> None:
        self._pieces = pieces
        self._next = 0
        self._depth = 0
        self._terms = 0

    def whole(self) -> Node:
        if self._peek().kind == "":
            raise QueryError("blank", self._peek().at, "asks for nothing", A_TERM)
        node = self._any()
        if (left := self._peek()).kind == ")":
            raise QueryError("unopened", left.at, "closes a parenthesis that nothing opens", A_TERM)
        _check_whole_search(node)
        return node

    def _peek(self) -> Piece:
        return self._pieces[self._next]

    def _take(self) -> Piece:
        piece = self._pieces[self._next]
        self._next += 1
        return piece

    def _is_or(self) -> bool:
        return self._peek().kind == "run" and self._peek().text == "OR"

    def _any(self) -> Node:
        nodes = [self._all()]
        while self._is_or():
            self._take()
            nodes.append(self._all())
        return _joined(Or, nodes)

    def _all(self) -> Node:
        nodes = [self._one()]
        while self._peek().kind not in ("", ")") and not self._is_or():
            nodes.append(self._one())
        return _joined(And, nodes)

    def _one(self) -> Node:
        if self._peek().kind == "-":
            minus = self._take()
            if self._peek().kind == "-":
                raise QueryError("unexpected", self._peek().at, "is a second minus", A_TERM)
            if self._peek().at != minus.at + 1:
                raise QueryError("unexpected", minus.at, "stands before nothing", A_TERM)
            return Not(self._plain())
        return self._plain()

    def _plain(self) -> Node:
        piece = self._take()
        if piece.kind == "(":
            return self._group(piece)
        if piece.kind == '"':
            return self._counted(_phrase(piece))
        if piece.kind == "run" and piece.text != "OR":
            return self._counted(_term(piece.text, piece.at))
        what = f"is {piece.text}" if piece.kind else "is the end"
        raise QueryError("unexpected", piece.at, f"{what}, where a term should stand", A_TERM)

    def _group(self, opening: Piece) -> Node:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise QueryError("too_deep", opening.at, f"is deeper than {DEPTH_MAX} parentheses", "fewer of them")
        node = self._any()
        if self._take().kind != ")":
            raise QueryError("unclosed", opening.at, "opens a parenthesis that nothing closes", "a closing )")
        self._depth -= 1
        return node

    def _counted(self, term: Term) -> Term:
        self._terms += 1
        if self._terms > TERMS_MAX:
            raise QueryError("too_many", term.at, f"is term number {TERMS_MAX + 1}", f"at most {TERMS_MAX} terms")
        return term


def _joined(kind: type[And] | type[Or], nodes: list[Node]) -> Node:
    """One node as it is; of the same kind, what is inside of it."""
    if len(nodes) == 1:
        return nodes[0]
    flat = [inner for node in nodes for inner in (node.nodes if isinstance(node, kind) else (node,))]
    return kind(tuple(flat))


def _phrase(piece: Piece) -> Term:
    text = " ".join(piece.text.split())
    if not text:
        raise QueryError("blank", piece.at, "quotes nothing", "words between the quotes")
    return Term(Kind.PHRASE, text, piece.at)


def _term(text: str, at: int) -> Term:
    signed = _signed(text, at)
    if signed is not None:
        return signed
    if _LINK.match(text):
        return Term(Kind.URL, text, at)
    match = _OPERATOR.fullmatch(text)
    if match is None:
        return Term(Kind.WORD, text, at)
    name, value = match[1].lower(), match[2]
    for refused, reason in NOT_YET.items():
        if f"{name}:{value.lower()}".startswith(refused):
            raise QueryError("not_available", at, f"is not available: {reason}", "another operator")
    operator = OPERATORS.get(name)
    if operator is None:
        return Term(Kind.WORD, text, at)
    if operator.kind not in (Kind.FROM, Kind.TO, Kind.URL):
        value = value.lower()
    if not operator.check(value):
        raise QueryError("malformed", at + len(name) + 1, f"begins what {name}: cannot take", operator.expected)
    return Term(operator.kind, value.removeprefix("@") if operator.kind in (Kind.FROM, Kind.TO) else value, at)


def _signed(text: str, at: int) -> Term | None:
    sign, rest = text[0], text[1:]
    if sign in "#＃" and is_valid_hashtag(f"#{rest}"):
        return Term(Kind.HASHTAG, rest, at)
    if sign in "@＠" and USERNAME.fullmatch(rest):
        return Term(Kind.MENTION, rest, at)
    if sign == "$" and _CASHTAG.fullmatch(rest):
        return Term(Kind.CASHTAG, rest.upper(), at)
    return None


def _check_whole_search(node: Node) -> None:
    """Raises QueryError where an operator that narrows the whole search stands in an OR or under a minus."""
    for part in node.nodes if isinstance(node, And) else (node,):
        if isinstance(part, Term):
            continue
        for term in terms_of(part):
            if term.kind in WHOLE_SEARCH:
                message = f"holds for the whole search: {term.kind}: cannot stand in an OR or behind a minus"
                raise QueryError("misplaced", term.at, message, "a place beside the other terms")
