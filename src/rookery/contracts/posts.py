"""Posts as the public API shows them, and what the posts service tells the others."""

from typing import Literal, Protocol

from msgspec import Struct

from rookery.contracts.cards import LinkCard
from rookery.contracts.media import MediaAttachment
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


class PostViewer(Struct, frozen=True):
    """The signed-in reader's own marks on a post."""

    liked: bool
    reposted: bool
    bookmarked: bool


class PostFields(Struct, frozen=True, kw_only=True):
    """All of a post that is the same for every reader. `card` is that of its first link, once it has been fetched."""

    id: Id
    author: UserBrief
    content: str
    entities: PostEntities
    media: list[MediaAttachment]
    card: LinkCard | None = None
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


class StoredPost(Struct, frozen=True, kw_only=True):
    """A post as it is stored, for read models of other services: it says nothing of who may see it.

    `media_kinds` is what its attachments are (image, gif, video), each once. Counts may lag by a second.
    """

    id: int
    author_id: int
    content: str
    entities: PostEntities
    lang: str | None
    reply_to_id: int | None
    reply_to_author_id: int | None
    conversation_id: int
    quote_of_id: int | None
    revision: int
    likes_count: int
    reposts_count: int
    media_kinds: list[str] = []


class TimelineEntry(Struct, frozen=True, order=True):
    """A place in a timeline: a post (`post_id == id`, `user_id` its author) or a repost by `user_id`."""

    id: int
    user_id: int
    post_id: int


class HomeNews(Struct, frozen=True, omit_defaults=True):
    """What the live log carries for home timelines: a new entry, or what became of a post since. Unique per act.

    A new entry has the fields of a TimelineEntry and no more. `revision`: the post was edited, to this revision;
    `deleted`: it is gone. Of both, `user_id` is the author and `id` the post.
    """

    id: int
    user_id: int
    post_id: int
    revision: int | None = None
    deleted: bool = False

    @property
    def entry(self) -> TimelineEntry:
        return TimelineEntry(self.id, self.user_id, self.post_id)

    @property
    def name(self) -> Literal["post.created", "post.edited", "post.deleted", "repost.created"]:
        """What the stream calls it."""
        if self.deleted:
            return "post.deleted"
        if self.revision is not None:
            return "post.edited"
        return "post.created" if self.id == self.post_id else "repost.created"

    @property
    def is_entry(self) -> bool:
        return not self.deleted and self.revision is None


class PostsApi(Protocol):
    """The posts service as the others call it, in one process or over HTTP."""

    @read
    async def likes_after(self, after: tuple[int, int], limit: int) -> list[tuple[int, int, int]]:
        """(like id, user id, post id) of the likes that stand, ascending by (user id, post id) from above `after`.

        At most 10,000.
        """
        ...

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

    @read
    async def stored_posts(self, post_ids: list[int]) -> list[StoredPost]:
        """Those of at most 1,000 posts that are there now, in no order; what is committed is in it."""
        ...

    @read
    async def posts_after(self, after: int, limit: int) -> list[StoredPost]:
        """The posts with an id above `after`, ascending, at most `limit` (1,000): all there are, page by page."""
        ...
