"""Posts as the public API shows them, and what the posts service tells the others."""

from typing import Literal, Protocol

from msgspec import Struct

from rookery.contracts.users import Id, Reader, UserBrief
from rookery.kit.rpc.contract import read


class MentionEntity(Struct, frozen=True):
    """`user_id` is null where nobody of that name existed when the post was written. Indices count code points."""

    username: str
    user_id: Id | None
    start: int
    end: int


class HashtagEntity(Struct, frozen=True):
    tag: str
    start: int
    end: int


class CashtagEntity(Struct, frozen=True):
    symbol: str
    start: int
    end: int


class UrlEntity(Struct, frozen=True):
    url: str
    start: int
    end: int


class PostEntities(Struct, frozen=True):
    """What twitter-text finds in the content; `start` inclusive, `end` exclusive, in code points."""

    mentions: list[MentionEntity] = []
    hashtags: list[HashtagEntity] = []
    cashtags: list[CashtagEntity] = []
    urls: list[UrlEntity] = []


class MediaAttachment(Struct, frozen=True):
    """A picture or video of a post."""

    id: Id
    url: str


class PostViewer(Struct, frozen=True):
    """The signed-in reader's own marks on a post."""

    liked: bool
    reposted: bool
    bookmarked: bool


class PostFields(Struct, frozen=True, kw_only=True):
    """All of a post that is the same for every reader."""

    id: Id
    author: UserBrief
    content: str
    entities: PostEntities
    media: list[MediaAttachment]
    lang: str | None
    reply_to_id: Id | None
    reply_to_author: UserBrief | None
    conversation_id: Id
    quote_of_id: Id | None
    created_at: str
    edited_at: str | None
    revision: int
    likes_count: int
    reposts_count: int
    replies_count: int
    quotes_count: int


class QuotedPost(Struct, frozen=True, kw_only=True):
    """The post that a post quotes, or why this reader cannot see it. Its own quote is given by id only."""

    id: Id
    unavailable: Literal["deleted", "forbidden"] | None = None
    post: "Post | None" = None


class Post(PostFields, frozen=True, kw_only=True):
    quote_of: QuotedPost | None = None
    viewer: PostViewer | None = None


class TimelineItem(Post, frozen=True, kw_only=True):
    """A post in a timeline. `entry_id` is the id of the post or, where a repost brought it, of the repost."""

    entry_id: Id
    reposted_by: UserBrief | None = None


class TimelineEntry(Struct, frozen=True, order=True):
    """A place in a timeline: a post (`post_id == id`, `user_id` its author) or a repost by `user_id`."""

    id: int
    user_id: int
    post_id: int


class PostsApi(Protocol):
    """The posts service as the others call it, in one process or over HTTP."""

    @read
    async def items_json(self, reader: Reader, entries: list[TimelineEntry]) -> list[tuple[TimelineEntry, bytes]]:
        """The entries that the reader may and will see, in the given order, each as the JSON of a TimelineItem.

        Left out: deleted, hidden by `rookery.access` (blocks, mutes, protection) and reposts that repeat what the
        reader already has. At most 200 entries.
        """
        ...

    @read
    async def posts(self, reader: Reader, post_ids: list[int]) -> dict[int, Post]:
        """The posts that the reader may see, at most 200."""
        ...
