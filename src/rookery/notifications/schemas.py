"""What the public API shows of notifications."""

from enum import StrEnum

from msgspec import Struct

from rookery.contracts.posts import Post
from rookery.contracts.users import Id, UserBrief

ACTORS_SHOWN = 3


class NotificationType(StrEnum):
    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    FOLLOW_ACCEPTED = "follow_accepted"
    MENTION = "mention"
    REPLY = "reply"
    LIKE = "like"
    REPOST = "repost"
    QUOTE = "quote"


class Notification(Struct, frozen=True, kw_only=True):
    """Acts of one type, about one post or none, by `count` people; `actors` are the newest of them, at most 3.

    `id` and `created_at` are the newest act's, so a group that grows moves to the top under a new id. `post` is the
    reader's own post that was liked or reposted, or the reply, mention or quote itself.
    """

    id: Id
    type: NotificationType
    count: int
    actors: list[UserBrief]
    post: Post | None
    read: bool
    created_at: str


class LiveNotification(Notification, frozen=True, kw_only=True):
    """A notification as it arrives over `/v1/stream`."""

    unread_count: int


class NotificationPage(Struct, frozen=True, kw_only=True):
    """One page, newest first. `unread_count` counts groups, up to 1,000."""

    data: list[Notification]
    next_cursor: str | None
    unread_count: int


class UnreadCount(Struct, frozen=True):
    """How many groups are unread, up to 1,000."""

    unread_count: int


class NotificationsRead(Struct, frozen=True, forbid_unknown_fields=True):
    """Marks what has this id or a smaller one as read; without an id, everything."""

    up_to_id: Id | None = None
