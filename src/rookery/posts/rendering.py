"""Posts as bytes: what is the same for every reader is encoded once, the rest is joined on.

A page is then no more than `bytes.join`: head (all of PostFields but the closing brace), quote, viewer, place.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec
from msgspec import Struct

from rookery.contracts.cards import LinkCard
from rookery.contracts.media import MediaAttachment
from rookery.contracts.posts import PostEntities, PostFields, PostViewer, StoredPost
from rookery.contracts.users import Author
from rookery.kit.ids import format_id_time, format_time

_encode = msgspec.json.Encoder().encode
_decode_fields = msgspec.json.Decoder(PostFields).decode
_decode_entities = msgspec.json.Decoder(PostEntities).decode

# A reader's marks on one post, as bits.
LIKED: Final = 1
REPOSTED: Final = 2
BOOKMARKED: Final = 4

VIEWERS: Final = tuple(_encode(PostViewer(bool(n & LIKED), bool(n & REPOSTED), bool(n & BOOKMARKED))) for n in range(8))
SIGNED_OUT_VIEWER: Final = b"null"
NO_QUOTE: Final = b"null"
NEVER: Final = -1  # an epoch that never is

Authors = dict[int, Author]
ShowMedia = Callable[[bool], list[MediaAttachment]]  # given whether the author is protected


class PostRow(Struct, frozen=True, kw_only=True):
    """A post as stored, with its counters. `entities` is the JSON of PostEntities, `link` the first URL in it."""

    id: int
    author_id: int
    content: str
    entities: str | bytes
    conversation_id: int
    lang: str | None = None
    reply_to_id: int | None = None
    reply_to_author_id: int | None = None
    quote_of_id: int | None = None
    media_ids: list[int] = []
    revision: int = 1
    edited_at: Any = None  # datetime | None
    deleted: bool = False
    likes_count: int = 0
    reposts_count: int = 0
    replies_count: int = 0
    quotes_count: int = 0
    link: str | None = None


def no_media(_: bool) -> list[MediaAttachment]:
    return []


class Rendering:
    """One post, ready to be joined into answers, and the ids that the rules ask for.

    The briefs inside the head are those of the Author objects at hand when it was encoded; `head` encodes anew when it
    is given others. The row and the card of its link are dropped after the first encoding: bytes are kept, not objects.

    A post without a quote, shown at its own place to a reader who has not marked it, is the same TimelineItem for
    everybody: `plain`. It holds for the authors as they were at the epoch `plain_at` (see `rookery.posts.items`), and
    the head is then kept as the beginning of it.
    """

    __slots__ = (
        "_author",
        "_card",
        "_head",
        "_head_size",
        "_reply_to_author",
        "_row",
        "_show_media",
        "author_id",
        "conversation_id",
        "deleted",
        "id",
        "plain",
        "plain_at",
        "quote_of_id",
        "reply_to_author_id",
        "reply_to_id",
        "revision",
    )

    def __init__(self, row: PostRow, show_media: ShowMedia = no_media, card: LinkCard | None = None) -> None:
        self.id = row.id
        self.author_id = row.author_id
        self.conversation_id = row.conversation_id
        self.reply_to_id = row.reply_to_id
        self.reply_to_author_id = row.reply_to_author_id
        self.quote_of_id = row.quote_of_id
        self.revision = row.revision
        self.deleted = row.deleted
        self._row: PostRow | None = row
        self._show_media = show_media
        self._card = card
        self._head = b""
        self._head_size = 0
        self.plain = b""
        self.plain_at = NEVER
        self._author: Author | None = None
        self._reply_to_author: Author | None = None

    def head(self, authors: Authors) -> bytes:
        """The JSON of PostFields without its closing brace. `authors` must hold the post's author."""
        author = authors[self.author_id]
        reply_to_author = None if self.reply_to_author_id is None else authors.get(self.reply_to_author_id)
        if author is not self._author or reply_to_author is not self._reply_to_author:
            self._encode(author, reply_to_author)
        return self._bare_head()

    def make_plain(self, authors: Authors, epoch: int) -> None:
        """Keep `plain` for `epoch`, unless the post quotes another, whose visibility is each reader's own matter."""
        if self.quote_of_id is not None:
            return
        head = self.head(authors)
        if not self.plain:
            self.plain = self.item(0, self.id, None)
            self._head, self._head_size = b"", len(head)
        self.plain_at = epoch

    def item(self, bits: int, entry_id: int, reposter: Author | None) -> bytes:
        """As `plain`, for a reader with these marks, at this place."""
        return item_json(self._bare_head(), NO_QUOTE, VIEWERS[bits], entry_id, reposter)

    def _bare_head(self) -> bytes:
        return self.plain[: self._head_size] if self.plain else self._head

    def fields(self, authors: Authors) -> PostFields:
        return _decode_fields(self.head(authors) + b"}")

    def _encode(self, author: Author, reply_to_author: Author | None) -> None:
        brief = None if reply_to_author is None else reply_to_author.brief
        if self._row is not None:
            fields = _fields(self._row, author, brief, self._show_media(author.protected), self._card)
        elif author != self._author or reply_to_author != self._reply_to_author:
            fields = msgspec.structs.replace(
                _decode_fields(self._bare_head() + b"}"),
                author=author.brief,
                reply_to_author=brief,
                media=self._show_media(author.protected),
            )
        else:
            self._author, self._reply_to_author = author, reply_to_author
            return
        self._head, self.plain = _encode(fields)[:-1], b""
        self._row = self._card = None
        self._author, self._reply_to_author = author, reply_to_author


def _fields(
    row: PostRow, author: Author, reply_to_author: Any, media: list[MediaAttachment], card: LinkCard | None
) -> PostFields:
    return PostFields(
        id=str(row.id),
        author=author.brief,
        content=row.content,
        entities=_decode_entities(row.entities),
        media=media,
        card=card,
        lang=row.lang,
        reply_to_id=_text(row.reply_to_id),
        reply_to_author=reply_to_author,
        conversation_id=str(row.conversation_id),
        quote_of_id=_text(row.quote_of_id),
        created_at=format_id_time(row.id),
        edited_at=None if row.edited_at is None else format_time(row.edited_at),
        revision=row.revision,
        likes_count=row.likes_count,
        reposts_count=row.reposts_count,
        replies_count=row.replies_count,
        quotes_count=row.quotes_count,
    )


def stored(row: PostRow) -> StoredPost:
    """The row as the read models of other services get it."""
    return StoredPost(
        id=row.id,
        author_id=row.author_id,
        content=row.content,
        entities=_decode_entities(row.entities),
        lang=row.lang,
        reply_to_id=row.reply_to_id,
        reply_to_author_id=row.reply_to_author_id,
        conversation_id=row.conversation_id,
        quote_of_id=row.quote_of_id,
        revision=row.revision,
        likes_count=row.likes_count,
        reposts_count=row.reposts_count,
    )


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


def post_json(head: bytes, quote: bytes, viewer: bytes) -> bytes:
    """A Post."""
    return b"".join((head, b',"quote_of":', quote, b',"viewer":', viewer, b"}"))


def item_json(head: bytes, quote: bytes, viewer: bytes, entry_id: int, reposter: Author | None) -> bytes:
    """A TimelineItem."""
    return b"".join(
        (
            head,
            b',"quote_of":',
            quote,
            b',"viewer":',
            viewer,
            b',"entry_id":"%d","reposted_by":' % entry_id,
            b"null}" if reposter is None else _encode(reposter.brief) + b"}",
        )
    )


def quoted_json(post_id: int, head: bytes, viewer: bytes) -> bytes:
    """A QuotedPost that can be seen."""
    return b"".join((b'{"id":"%d","unavailable":null,"post":' % post_id, post_json(head, NO_QUOTE, viewer), b"}"))


def unavailable_json(post_id: int, reason: str) -> bytes:
    """A QuotedPost that cannot be seen, because `reason` (deleted, forbidden)."""
    return b'{"id":"%d","unavailable":"%s","post":null}' % (post_id, reason.encode())
