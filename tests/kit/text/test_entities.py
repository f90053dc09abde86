"""Entities together: order, overlaps, spans; the single rules are in the conformance vectors."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rookery.kit.text import Cashtag, Entities, Hashtag, Mention, Url, extract, normalise

_PIECES = [
    "@ada", "@ada/list", "#tag", "#1", "＃", "$ABC", "http://", "https://", "example.com", "été.fr", "/path", "?a=b",
    "語", "x.みんな", ".", "..", "-", "_", "/", ":80", " ", "\n", "(", ")", "RT", "rt:", "a", "1", "é",
    "👍🏽", "☺️", "xn--p1ai",
]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=3)), max_size=12).map("".join).map(normalise)


def test_a_post_with_everything() -> None:
    text = "Hi @ada, #python at http://example.com/a?b=c for $ABC"
    assert extract(text) == Entities(
        mentions=[Mention("ada", 3, 7)],
        hashtags=[Hashtag("python", 9, 16)],
        cashtags=[Cashtag("ABC", 49, 53)],
        urls=[Url("http://example.com/a?b=c", 20, 44)],
    )


def test_a_plain_text_has_none() -> None:
    assert extract("") == extract("Nothing here. Really nothing!") == Entities()


def test_two_results_share_no_list() -> None:
    extract("").urls.append(Url("x.com", 0, 5))
    assert extract("") == Entities()


def test_indices_count_code_points() -> None:
    text = "👍🏽𝒳 @ada"
    (mention,) = extract(text).mentions
    assert (mention.start, mention.end) == (4, 8)
    assert text[mention.start : mention.end] == "@ada"


def test_signs_within_a_link_belong_to_the_link() -> None:
    entities = extract("https://example.com/@ada/#tag")
    assert [url.url for url in entities.urls] == ["https://example.com/@ada/#tag"]
    assert not entities.mentions
    assert not entities.hashtags


def test_a_list_is_no_mention() -> None:
    assert extract("@ada/engines").mentions == []


def test_a_name_beyond_20_characters_is_cut() -> None:
    (mention,) = extract("@" + "a" * 25).mentions
    assert (mention.username, mention.end) == ("a" * 20, 21)


def test_a_retweet_prefix_inside_a_word_does_not_open_a_mention() -> None:
    assert extract("start@ada aRT@ada @RT@ada").mentions == []


def test_a_hashtag_followed_by_a_keycap_is_none() -> None:
    assert extract("#\ufe0f\u20e3 #\u20e3a").hashtags == []


@given(texts)
def test_spans_cut_what_they_name_in_order_and_apart(text: str) -> None:
    entities = extract(text)
    signed = [
        *((one.start, one.end, one.username) for one in entities.mentions),
        *((one.start, one.end, one.tag) for one in entities.hashtags),
        *((one.start, one.end, one.symbol) for one in entities.cashtags),
    ]
    assert all(text[start + 1 : end] == name for start, end, name in signed)
    assert all(text[one.start : one.end] == one.url for one in entities.urls)
    for group in (entities.mentions, entities.hashtags, entities.cashtags, entities.urls):
        assert [one.start for one in group] == sorted(one.start for one in group)
    spans = sorted([(start, end) for start, end, _ in signed] + [(one.start, one.end) for one in entities.urls])
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
