"""What the public API of posts takes and gives beyond `rookery.contracts.posts`."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from rookery.contracts.posts import Post, PostEntities
from rookery.contracts.users import Id

# A link weighs 23 whatever its length, so weight alone bounds nothing.
CONTENT_LENGTH_MAX: Final = 5_000

MEDIA_MAX: Final = 4

WEIGHED: Final = "Counts at most 280 as twitter-text weighs it, after NFC and without surrounding white space."

PostContent = Annotated[str, Meta(max_length=CONTENT_LENGTH_MAX, description=WEIGHED)]
Content = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=CONTENT_LENGTH_MAX,
        description=WEIGHED,
    ),
]


class PostCreate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`content` may be empty where there are media: up to 4 images, or one gif, or one video, in their order."""

    content: PostContent
    reply_to_id: Id | None = None
    quote_of_id: Id | None = None
    media_ids: Annotated[list[Id], Meta(max_length=MEDIA_MAX)] = []


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
