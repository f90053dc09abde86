"""The events of Rookery: `noun.past_verb`, one versioned struct each.

Every event is keyed by the id of the user whose command caused it, so that the events of one user keep their order.
Fields are added with defaults; a change that old readers cannot take is a new type with its version raised.
Ids are the 64-bit time-ordered ids of `rookery.kit.ids`; an act's time is read from its id.
"""

from enum import StrEnum
from typing import ClassVar

from msgspec import Struct


class Topic(StrEnum):
    """Where an event is published; a consumer group reads whole topics."""

    USERS = "users"
    POSTS = "posts"


class Event(Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Base of every event: `event_id` is unique and lets a consumer tell a replay from news."""

    key_field: ClassVar[str] = "user_id"
    event_id: int

    @property
    def key(self) -> int:
        """The id of the user whose events this one keeps its order among."""
        key: int = getattr(self, self.key_field)
        return key


class UserCreated(Event, frozen=True, kw_only=True, tag="user.created.v1"):
    user_id: int
    username: str


class UserUpdated(Event, frozen=True, kw_only=True, tag="user.updated.v1"):
    """The profile or a privacy setting changed; what it is now is read from the users service."""

    user_id: int


class FollowRequested(Event, frozen=True, kw_only=True, tag="follow.requested.v1"):
    follower_id: int
    followee_id: int

    key_field = "follower_id"


class FollowRequestDeleted(Event, frozen=True, kw_only=True, tag="follow.request_deleted.v1"):
    """A request was cancelled or refused (an accepted one ends in `follow.created`)."""

    follower_id: int
    followee_id: int

    key_field = "follower_id"


class FollowCreated(Event, frozen=True, kw_only=True, tag="follow.created.v1"):
    """`accepted` tells that the followee accepted a request, so that the follower can be told."""

    follower_id: int
    followee_id: int
    accepted: bool = False

    key_field = "follower_id"


class FollowDeleted(Event, frozen=True, kw_only=True, tag="follow.deleted.v1"):
    follower_id: int
    followee_id: int

    key_field = "follower_id"


class BlockCreated(Event, frozen=True, kw_only=True, tag="block.created.v1"):
    """The follows that a block ends, in both directions, come as their own `follow.deleted`."""

    user_id: int
    target_id: int


class BlockDeleted(Event, frozen=True, kw_only=True, tag="block.deleted.v1"):
    user_id: int
    target_id: int


class MuteCreated(Event, frozen=True, kw_only=True, tag="mute.created.v1"):
    user_id: int
    target_id: int


class MuteDeleted(Event, frozen=True, kw_only=True, tag="mute.deleted.v1"):
    user_id: int
    target_id: int


class PostCreated(Event, frozen=True, kw_only=True, tag="post.created.v1"):
    """`mention_ids` are the mentioned accounts that exist, each once, at most 50.

    `media_ids` are the attachments in order, at most 4; `media_kinds` what they are (image, gif, video), each once.
    `link` is the first URL, as written.
    """

    post_id: int
    author_id: int
    reply_to_id: int | None = None
    reply_to_author_id: int | None = None
    conversation_id: int | None = None
    quote_of_id: int | None = None
    quote_of_author_id: int | None = None
    mention_ids: list[int] = []
    media_ids: list[int] = []
    media_kinds: list[str] = []
    link: str | None = None

    key_field = "author_id"


class PostEdited(Event, frozen=True, kw_only=True, tag="post.edited.v1"):
    """`added_mention_ids` are those that the revision before did not mention; `link` is the first URL as it is now."""

    post_id: int
    author_id: int
    revision: int
    added_mention_ids: list[int] = []
    link: str | None = None

    key_field = "author_id"


class PostDeleted(Event, frozen=True, kw_only=True, tag="post.deleted.v1"):
    post_id: int
    author_id: int
    reply_to_id: int | None = None
    quote_of_id: int | None = None

    key_field = "author_id"


class LikeCreated(Event, frozen=True, kw_only=True, tag="like.created.v1"):
    """`revision` is the revision of the post that was liked."""

    post_id: int
    author_id: int
    user_id: int
    revision: int = 1


class LikeDeleted(Event, frozen=True, kw_only=True, tag="like.deleted.v1"):
    post_id: int
    author_id: int
    user_id: int


class RepostCreated(Event, frozen=True, kw_only=True, tag="repost.created.v1"):
    """`repost_id` is the id of the act, which places it in timelines."""

    repost_id: int
    post_id: int
    author_id: int
    user_id: int


class RepostDeleted(Event, frozen=True, kw_only=True, tag="repost.deleted.v1"):
    repost_id: int
    post_id: int
    author_id: int
    user_id: int


UserEvent = (
    UserCreated
    | UserUpdated
    | FollowRequested
    | FollowRequestDeleted
    | FollowCreated
    | FollowDeleted
    | BlockCreated
    | BlockDeleted
    | MuteCreated
    | MuteDeleted
)
PostEvent = PostCreated | PostEdited | PostDeleted | LikeCreated | LikeDeleted | RepostCreated | RepostDeleted
AnyEvent = UserEvent | PostEvent

TOPIC_OF: dict[type[Event], Topic] = {
    **dict.fromkeys(UserEvent.__args__, Topic.USERS),
    **dict.fromkeys(PostEvent.__args__, Topic.POSTS),
}
