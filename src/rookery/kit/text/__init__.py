"""What a post's text says: mentions, hashtags, cashtags, links and weighted length, as twitter-text defines them.

Every index of this package counts Unicode code points, end exclusive, as Python strings do; JavaScript counts UTF-16
code units, so a web client converts before it slices. Call `normalise` first: its result is what is stored and counted.
"""

from rookery.kit.text.entities import Cashtag, Entities, Hashtag, Mention, extract, reply_username
from rookery.kit.text.urls import Url
from rookery.kit.text.validation import (
    contains_invalid_characters,
    is_valid_hashtag,
    is_valid_list,
    is_valid_url,
    is_valid_username,
)
from rookery.kit.text.weights import Counting, ParseResult, normalise, parse, weighted_length

__all__ = [
    "Cashtag",
    "Counting",
    "Entities",
    "Hashtag",
    "Mention",
    "ParseResult",
    "Url",
    "contains_invalid_characters",
    "extract",
    "is_valid_hashtag",
    "is_valid_list",
    "is_valid_url",
    "is_valid_username",
    "normalise",
    "parse",
    "reply_username",
    "weighted_length",
]
