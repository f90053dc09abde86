"""What a post may say, and what it refers to."""

from typing import Final

import msgspec

from rookery.contracts.posts import CashtagEntity, HashtagEntity, MentionEntity, PostEntities, UrlEntity
from rookery.contracts.users import UsersApi
from rookery.kit.problems import invalid_field
from rookery.kit.text import Counting, Entities, contains_invalid_characters, extract, normalise, weighted_length
from rookery.posts.schemas import CONTENT_LENGTH_MAX

WEIGHT_MAX: Final = Counting().max_length
MENTIONS_TOLD_MAX: Final = 50

_encode = msgspec.json.Encoder().encode


def check_content(given: str, *, beside_media: bool = False) -> str:
    """The text as it is stored: NFC, trimmed. Raises Invalid naming `content`; only `beside_media` may it be empty."""
    if len(given) > CONTENT_LENGTH_MAX:
        raise invalid_field("content", "too_long", f"has {len(given)} characters; {CONTENT_LENGTH_MAX} are the most")
    content = normalise(given).strip()
    if not content and not beside_media:
        raise invalid_field("content", "blank", "says nothing")
    if contains_invalid_characters(content) or not _is_encodable(content):
        raise invalid_field("content", "invalid_characters", "contains characters that no text may contain")
    weight = weighted_length(content)
    if weight > WEIGHT_MAX:
        raise invalid_field("content", "too_long", f"counts {weight}; {WEIGHT_MAX} is the most")
    return content


def _is_encodable(text: str) -> bool:
    """Whether a text is free of lone surrogates, which JSON can spell and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


async def find_entities(users: UsersApi, content: str) -> PostEntities:
    """The entities of a text, mentions with the ids of the accounts that exist now."""
    found = extract(content)
    names = list({mention.username.lower() for mention in found.mentions})
    return with_ids(found, await users.ids_by_username(names) if names else {})


def with_ids(found: Entities, ids: dict[str, int]) -> PostEntities:
    """Entities as they are stored: mentions with the ids of `ids`, which go by lower-case username."""
    return PostEntities(
        mentions=[
            MentionEntity(mention.username, _text(ids.get(mention.username.lower())), mention.start, mention.end)
            for mention in found.mentions
        ],
        hashtags=[HashtagEntity(hashtag.tag, hashtag.start, hashtag.end) for hashtag in found.hashtags],
        cashtags=[CashtagEntity(cashtag.symbol, cashtag.start, cashtag.end) for cashtag in found.cashtags],
        urls=[UrlEntity(url.url, url.start, url.end) for url in found.urls],
    )


def mentioned_ids(entities: PostEntities) -> list[int]:
    """The accounts mentioned, each once, in order of appearance, at most MENTIONS_TOLD_MAX."""
    ids = dict.fromkeys(int(mention.user_id) for mention in entities.mentions if mention.user_id is not None)
    return list(ids)[:MENTIONS_TOLD_MAX]


def first_link(entities: PostEntities) -> str | None:
    """The link whose card the post shows, as written."""
    return entities.urls[0].url if entities.urls else None


def entities_json(entities: PostEntities) -> str:
    return _encode(entities).decode()


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)
