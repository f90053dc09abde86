"""The language of queries: every text is a tree or an error with a place, and a tree says itself again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rookery.search.compiling import compile_query
from rookery.search.errors import QueryError
from rookery.search.grammar import DEPTH_MAX, QUERY_LENGTH_MAX, TERMS_MAX, parse
from rookery.search.tree import And, Kind, Node, Not, Or, Term, show

WORDS = st.from_regex(r"[a-zäß0-9カ駅][a-z0-9'カ駅]{0,6}", fullmatch=True)
TERMS = st.one_of(
    st.builds(Term, st.just(Kind.WORD), WORDS),
    st.builds(Term, st.just(Kind.PHRASE), st.lists(WORDS, min_size=1, max_size=3).map(" ".join)),
    st.builds(Term, st.just(Kind.HASHTAG), st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)),
    st.builds(Term, st.sampled_from([Kind.MENTION, Kind.FROM, Kind.TO]), st.sampled_from(["ana", "Ben_1"])),
    st.builds(Term, st.just(Kind.CASHTAG), st.sampled_from(["TSLA", "BRK.A"])),
    st.builds(Term, st.just(Kind.HAS), st.sampled_from(["media", "image", "video", "link", "poll"])),
    st.builds(Term, st.just(Kind.LANG), st.sampled_from(["en", "ja"])),
    st.builds(Term, st.just(Kind.URL), st.sampled_from(["example.org", "https://example.org/a"])),
)


def joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    flat = [inner for part in parts for inner in (part.nodes if isinstance(part, kind) else (part,))]
    return kind(tuple(flat))


def combined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda parts: joined(And, parts)),
        several.map(lambda parts: joined(Or, parts)),
        inner.filter(lambda node: not isinstance(node, Not)).map(Not),
    )


TREES: st.SearchStrategy[Node] = st.recursive(TERMS, combined, max_leaves=8)
# Made of what queries are made of, so that most are nearly right.
PIECES = st.sampled_from(
    ["a", "OR", "(", ")", '"', "-", " ", "#b", "@c", "$D", "from:", "ana", "min_likes:", "7", "since:2026-01-01",
     "has:link", "filter:follows", "list:x", "カラス", "!!", "\\", "'", "is:repost", "&", "|", "\x1f", "\ud800"]
)  # fmt: skip
QUERIES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join))


@given(QUERIES)
def test_every_text_is_a_tree_or_an_error_with_a_place(query: str) -> None:
    try:
        tree = parse(query)
        search = compile_query(tree, {"ana": 7})
    except QueryError as error:
        assert 0 <= error.at <= len(query)
        (told,) = error.errors
        assert told.field == "q" and told.position == error.at and told.expected
        return
    assert parse(show(tree)) == tree
    if search.condition is not None:
        assert search.condition.query().count("(") == search.condition.query().count(")")


@given(TREES)
def test_a_tree_says_itself_again(tree: Node) -> None:
    assert parse(show(tree)) == tree


def test_precedence() -> None:
    a, b, c = (Term(Kind.WORD, name) for name in "abc")
    assert parse("a b OR c") == Or((And((a, b)), c))
    assert parse("a (b OR c)") == And((a, Or((b, c))))
    assert parse("a -(b c)") == And((a, Not(And((b, c)))))
    assert parse("or a") == And((Term(Kind.WORD, "or"), a))


@pytest.mark.parametrize(
    ("query", "code", "at"),
    [
        ("", "blank", 0),
        ("   ", "blank", 3),
        ("a OR", "unexpected", 4),
        ("OR a", "unexpected", 0),
        ("a (b", "unclosed", 2),
        ("a) b", "unopened", 1),
        ('say "this', "unclosed", 4),
        ('a ""', "blank", 2),
        ("a --b", "unexpected", 3),
        ("a - b", "unexpected", 2),
        ("from:a-b", "malformed", 5),
        ("a since:2026-02-30", "malformed", 8),
        ("min_likes:many", "malformed", 10),
        ("has:cheese", "malformed", 4),
        ("is:repost", "not_available", 0),
        ("a list:1", "not_available", 2),
        ("a OR min_likes:3", "misplaced", 5),
        ("-filter:follows", "misplaced", 1),
        ("(" * (DEPTH_MAX + 1) + "a", "too_deep", DEPTH_MAX),
        ("a " * (TERMS_MAX + 1), "too_many", 2 * TERMS_MAX),
        ("a" * (QUERY_LENGTH_MAX + 1), "too_long", QUERY_LENGTH_MAX),
    ],
)
def test_errors_point_at_the_character(query: str, code: str, at: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert (caught.value.errors[0].code, caught.value.at) == (code, at)


@pytest.mark.parametrize("query", ["!!!", "-…", '"--"', "() "])
def test_signs_alone_ask_for_nothing(query: str) -> None:
    with pytest.raises(QueryError):
        compile_query(parse(query), {})


def test_too_many_accounts() -> None:
    from rookery.search.compiling import NAMES_MAX, names_of

    with pytest.raises(QueryError, match="accounts"):
        names_of(parse(" ".join(f"from:a{number}" for number in range(NAMES_MAX + 1))))
