"""Terms: all that a post can be found by, as lexemes of one tsvector.

Words stand there as they are, with their positions. Everything else has a colon in it, which no word has:

    from:<user id>  to:<user id>   @:<username>    #:<hashtag>   $:<symbol>     conversation:<post id>
    lang:<code>     has:<what>     is:<what>       url:<host, each domain above it, and each word of the path>
    t<level>:<n>    the n-th span of 8^level hours in which the post was written

Spans of time on several levels are the prefix-coded ranges of Schindler and Diepenbroek ("Generic XML-based Framework
for Metadata Portals", Computers & Geosciences 34, 2008), as in Lucene: any stretch of time is a union of few of them,
so that GIN reads the newest posts of a common word without looking at the others.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from rookery.contracts.posts import PostEntities, StoredPost, UrlEntity
from rookery.search.analysis import fold, stem, tokens

HOUR_MS: Final = 3_600_000
LEVELS: Final = 5  # the widest span has 8^4 hours, 171 days
STEP: Final = 3  # bits of a level
URL_TERMS_MAX: Final = 24

KINDS_OF_MEDIA: Final = {"image": ("media", "image"), "gif": ("media", "video"), "video": ("media", "video")}


def hashtag_term(tag: str) -> str:
    return f"#:{fold(tag)}"


def hashtag_key(tag: str) -> str:
    """A hashtag as it is counted and shown: accents matter, case does not."""
    return tag.lower()


def mention_term(username: str) -> str:
    return f"@:{username.lower()}"


def cashtag_term(symbol: str) -> str:
    return f"$:{symbol.upper()}"


def post_vector(post: StoredPost) -> str:
    """The text form of a post's tsvector."""
    return vector_text(post_places(post), dict.fromkeys(post_terms(post)))


def post_places(post: StoredPost) -> dict[str, list[int]]:
    """The words of a post, in their forms, and where they stand."""
    return word_places(_without_links(post.content, post.entities.urls), post.lang)


def word_places(text: str, language: str | None) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for token in tokens(text):
        places.setdefault(token.exact, []).append(token.position)
        stemmed = None if token.paired else stem(token.text, language)
        if stemmed and stemmed != token.exact:
            places.setdefault(stemmed, []).append(token.position)
    return places


def vector_text(places: dict[str, list[int]], marks: Iterable[str] = ()) -> str:
    """A tsvector of words with their positions, and of marks without."""
    words = (f"{quote(lexeme)}:{','.join(map(str, positions))}" for lexeme, positions in places.items())
    return " ".join((*words, *map(quote, marks)))


def quote(lexeme: str) -> str:
    """A lexeme inside the text form of a tsvector or tsquery."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def post_terms(post: StoredPost) -> Iterator[str]:
    """The terms that are no words."""
    yield f"from:{post.author_id}"
    yield f"conversation:{post.conversation_id}"
    yield from time_terms(post.id)
    if post.lang:
        yield f"lang:{post.lang}"
    if post.reply_to_id is not None:
        yield "is:reply"
    if post.reply_to_author_id is not None:
        yield f"to:{post.reply_to_author_id}"
    if post.quote_of_id is not None:
        yield "is:quote"
    for kind in post.media_kinds:
        yield from (f"has:{name}" for name in KINDS_OF_MEDIA[kind])
    yield from _entity_terms(post.entities)


def _entity_terms(entities: PostEntities) -> Iterator[str]:
    yield from (mention_term(mention.username) for mention in entities.mentions)
    yield from (hashtag_term(hashtag.tag) for hashtag in entities.hashtags)
    yield from (cashtag_term(cashtag.symbol) for cashtag in entities.cashtags)
    if entities.urls:
        yield "has:link"
    for url in entities.urls:
        yield from (f"url:{part}" for part in url_parts(url.url)[:URL_TERMS_MAX])


def url_parts(url: str) -> list[str]:
    """What `url:` finds a link by: its host, the domains above it, the words of its path. The scheme may be missing."""
    try:
        split = urlsplit(url if "://" in url else f"//{url}")
        host = (split.hostname or "").removeprefix("www.")
    except ValueError:  # an unclosed bracket
        return [token.exact for token in tokens(url)]
    labels = host.split(".") if host else []
    domains = [".".join(labels[n:]) for n in range(max(len(labels) - 1, min(len(labels), 1)))]
    return list(dict.fromkeys([*domains, *(token.exact for token in tokens(f"{split.path} {split.query}"))]))


def time_terms(post_id: int) -> Iterator[str]:
    hour = (post_id >> 16) // HOUR_MS
    return (f"t{level}:{hour >> STEP * level}" for level in range(LEVELS))


def time_cover(first_ms: int, last_ms: int) -> list[str]:
    """The fewest terms whose spans together are the hours from that of `first_ms` to that of `last_ms`, inclusive."""
    low, high = first_ms // HOUR_MS, last_ms // HOUR_MS
    cover: list[str] = []
    for level in range(LEVELS):
        last_level = level == LEVELS - 1
        while low <= high and (last_level or low & 7):
            cover.append(f"t{level}:{low}")
            low += 1
        while low <= high and not last_level and (high + 1) & 7:
            cover.append(f"t{level}:{high}")
            high -= 1
        low, high = low >> STEP, ((high + 1) >> STEP) - 1
    return cover


def _without_links(content: str, urls: list[UrlEntity]) -> str:
    """Blanked, so that positions of what is left stay; links have terms of their own."""
    for url in urls:
        content = content[: url.start] + " " * (url.end - url.start) + content[url.end :]
    return content
