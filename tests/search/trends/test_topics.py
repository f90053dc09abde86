"""What a post is taken to speak of."""

from typing import Any

import msgspec
import pytest

from rookery.contracts.posts import Post
from rookery.gateway.wiring import Services
from rookery.kit.text import extract
from rookery.search.trends.diversity import Candidate, pick
from rookery.search.trends.topics import PHRASES_MAX, topics_of, words_of
from rookery.search.trends.words import StopWords

TEMPLATE: dict[str, Any] = {
    "id": "2", "author": {"id": "1", "username": "ana", "display_name": "", "avatar_url": None, "protected": False},
    "media": [], "reply_to_id": None, "reply_to_author": None, "conversation_id": "2", "quote_of_id": None,
    "created_at": "", "edited_at": None, "revision": 1, "likes_count": 0, "reposts_count": 0, "replies_count": 0,
    "quotes_count": 0,
}  # fmt: skip


@pytest.fixture
async def stop_words(services: Services) -> StopWords:
    """Those of PostgreSQL, for every word of this module."""
    words = StopWords()
    async with services.resources.database.connection() as connection:
        for post in (written(text) for text in TEXTS):
            await words.learn(connection, words_of(post))
    return words


def written(content: str, lang: str | None = None) -> Post:
    found = extract(content)
    mentions = [{**msgspec.to_builtins(each), "user_id": None} for each in found.mentions]
    entities = {**msgspec.to_builtins(found), "mentions": mentions}
    return msgspec.convert({**TEMPLATE, "content": content, "lang": lang, "entities": entities}, Post)


PENALTY = "The penalty shootout final was on the new pitch"
MIXED = "Big @ana_1 red, #Rookery bus https://example.org/a?utm_source=x $ABC morning coffee\nrain"
SAME = "morning coffee #MorningCoffee"
GERMAN = "die neue Straßenbahn fährt"
JAPANESE = "今日は駅で珈琲を飲んだ"
NUMBERS = "1 2 3 10 20 30"
LONG = " ".join(f"word{number}x" for number in range(60))
TEXTS = (PENALTY, MIXED, SAME, GERMAN, JAPANESE, NUMBERS, LONG)


def names(post: Post, stop_words: StopWords) -> list[tuple[str, str]]:
    return [(topic.kind, topic.name) for topic in topics_of(post, stop_words)]


async def test_phrases_have_no_stop_words(stop_words: StopWords) -> None:
    assert names(written(PENALTY, "en"), stop_words) == [
        ("phrase", "penalty shootout"),
        ("phrase", "penalty shootout final"),
        ("phrase", "shootout final"),
        ("phrase", "new pitch"),
    ]


async def test_phrases_end_at_entities_and_punctuation(stop_words: StopWords) -> None:
    assert names(written(MIXED, "en"), stop_words) == [
        ("hashtag", "Rookery"),
        ("link", "https://example.org/a?utm_source=x"),
        ("phrase", "morning coffee"),
    ]


async def test_a_phrase_and_its_hashtag_are_one(stop_words: StopWords) -> None:
    assert names(written(SAME), stop_words) == [("hashtag", "MorningCoffee")]


async def test_stop_words_of_the_language(stop_words: StopWords) -> None:
    assert ("phrase", "neue Straßenbahn") in names(written(GERMAN, "de"), stop_words)
    assert ("phrase", "die neue") not in names(written(GERMAN, "de"), stop_words)
    assert ("phrase", "die neue") in names(written(GERMAN, "en"), stop_words)
    assert ("phrase", "die neue") not in names(written(GERMAN), stop_words)  # a stop word of some language


async def test_what_is_no_phrase(stop_words: StopWords) -> None:
    assert names(written(JAPANESE, "ja"), stop_words) == []
    assert names(written(NUMBERS), stop_words) == []
    assert len(topics_of(written(LONG), stop_words)) == PHRASES_MAX


def test_one_story_one_place() -> None:
    hashtag = Candidate("worldcup", frozenset(range(10)))
    retold = Candidate("penaltyshootout", frozenset(range(4, 10)))
    other = Candidate("rain", frozenset(range(9, 20)))
    nothing = Candidate("gone", frozenset())
    assert pick([hashtag, retold, nothing, other], 5) == ["worldcup", "rain"]
    assert pick([hashtag, other], 1) == ["worldcup"]
