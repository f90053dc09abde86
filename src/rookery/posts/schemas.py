"""What the public API of posts takes and gives beyond `rookery.contracts.posts`."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from rookery.contracts.posts import Post, PostEntities
from rookery.contracts.users import Id

# A link weighs 23 whatever its length, so weight alone bounds nothing.
CONTENT_LENGTH_MAX: Final = 5_000

Content = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=CONTENT_LENGTH_MAX,
        description="Counts at most 280 as twitter-text weighs it, after NFC and without surrounding white space.",
    ),
]


class PostCreate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    content: Content
    reply_to_id: Id | None = None
    quote_of_id: Id | None = None


class PostUpdate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    content: Content


class PostRevision(Struct, frozen=True, kw_only=True):
    """What a post said from `created_at` until the next revision."""

    revision: int
    content: str
    entities: PostEntities
    created_at: str


class Thread(Struct, frozen=True, kw_only=True):
    """A post with what led to it (oldest first, at most 40) and a page of its direct replies, oldest first."""

    ancestors: list[Post]
    post: Post
    replies: list[Post]
    next_cursor: str | None = None
