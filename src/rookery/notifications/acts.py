"""Which acts the events of a batch add, and which they take back. Pure: no database, no peers.

An act is one person doing one thing that concerns one user. Events of one actor come in order, so what a batch does to
an act is decided by the last event about it.
"""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct, field

from rookery.contracts.events import (
    AnyEvent,
    BlockCreated,
    FollowCreated,
    FollowDeleted,
    FollowRequestDeleted,
    FollowRequested,
    LikeCreated,
    LikeDeleted,
    PostCreated,
    PostDeleted,
    PostEdited,
    RepostCreated,
    RepostDeleted,
)
from rookery.notifications.schemas import NotificationType

WRITTEN = "written"
WRITTEN_TYPES = frozenset({NotificationType.MENTION, NotificationType.REPLY, NotificationType.QUOTE})


class ActKey(Struct, frozen=True, order=True):
    """What makes an act the same act. `kind` is the type, or WRITTEN: a post concerns a user once, in one way."""

    user_id: int
    actor_id: int
    kind: str
    object_id: int = 0


class Act(Struct, frozen=True):
    """`id` is the event's, which carries the time."""

    key: ActKey
    id: int
    type: NotificationType


class DeletedPost(Struct, frozen=True):
    post_id: int
    author_id: int
    event_id: int


class Changes(Struct):
    """What a batch comes to. Removals and blocks are applied before additions."""

    additions: dict[ActKey, Act] = field(default_factory=dict)
    removals: set[ActKey] = field(default_factory=set)
    deleted_posts: dict[int, DeletedPost] = field(default_factory=dict)
    blocks: set[tuple[int, int]] = field(default_factory=set)

    def add(self, act: Act) -> None:
        if act.key.object_id not in self.deleted_posts:
            self.additions.setdefault(act.key, act)

    def remove(self, key: ActKey) -> None:
        self.additions.pop(key, None)
        self.removals.add(key)

    def delete_post(self, post: DeletedPost) -> None:
        self.deleted_posts[post.post_id] = post
        self._forget(lambda key: key.object_id == post.post_id)

    def block(self, user_id: int, target_id: int) -> None:
        """Nothing that one did remains with the other."""
        pair = {user_id, target_id}
        self.blocks |= {(user_id, target_id), (target_id, user_id)}
        self._forget(lambda key: {key.user_id, key.actor_id} == pair)

    def _forget(self, condition: Callable[[ActKey], bool]) -> None:
        self.additions = {key: act for key, act in self.additions.items() if not condition(key)}


def fold(events: Iterable[AnyEvent], is_permitted: Callable[[Act], bool]) -> Changes:
    """The changes of `events`, in their order; acts that may not be told of are left out."""
    changes = Changes()
    for event in events:
        for key in keys_undone_by(event):
            changes.remove(key)
        if isinstance(event, PostDeleted):
            changes.delete_post(DeletedPost(event.post_id, event.author_id, event.event_id))
        elif isinstance(event, BlockCreated):
            changes.block(event.user_id, event.target_id)
        for act in acts_of(event):
            if is_permitted(act):
                changes.add(act)
    return changes


def concerns(event: AnyEvent) -> bool:
    """Whether an event can change any notification."""
    if isinstance(event, PostDeleted | BlockCreated):
        return True
    return any(True for _ in acts_of(event)) or any(True for _ in keys_undone_by(event))


def acts_of(event: AnyEvent) -> Iterator[Act]:
    """The acts that an event is; never one of somebody upon themselves."""
    acts: Iterable[Act] = ()
    if isinstance(event, FollowRequested):
        key = ActKey(event.followee_id, event.follower_id, NotificationType.FOLLOW_REQUEST)
        acts = [Act(key, event.event_id, NotificationType.FOLLOW_REQUEST)]
    elif isinstance(event, FollowCreated):
        acts = [_follow_act(event)]
    elif isinstance(event, LikeCreated):
        key = ActKey(event.author_id, event.user_id, NotificationType.LIKE, event.post_id)
        acts = [Act(key, event.event_id, NotificationType.LIKE)]
    elif isinstance(event, RepostCreated):
        key = ActKey(event.author_id, event.user_id, NotificationType.REPOST, event.post_id)
        acts = [Act(key, event.event_id, NotificationType.REPOST)]
    elif isinstance(event, PostCreated):
        acts = _written_acts(event)
    elif isinstance(event, PostEdited):
        acts = [_written(event, user_id, NotificationType.MENTION) for user_id in event.added_mention_ids]
    return (act for act in acts if act.key.user_id != act.key.actor_id)


def keys_undone_by(event: AnyEvent) -> Iterator[ActKey]:
    """The acts that an event ends. An accepted request is one no more."""
    if isinstance(event, FollowCreated | FollowRequestDeleted):
        yield ActKey(event.followee_id, event.follower_id, NotificationType.FOLLOW_REQUEST)
    elif isinstance(event, FollowDeleted):
        yield ActKey(event.followee_id, event.follower_id, NotificationType.FOLLOW)
        yield ActKey(event.follower_id, event.followee_id, NotificationType.FOLLOW_ACCEPTED)
    elif isinstance(event, LikeDeleted):
        yield ActKey(event.author_id, event.user_id, NotificationType.LIKE, event.post_id)
    elif isinstance(event, RepostDeleted):
        yield ActKey(event.author_id, event.user_id, NotificationType.REPOST, event.post_id)


def _follow_act(event: FollowCreated) -> Act:
    """A follow is told to the followee; one that they accepted themselves, to the follower."""
    if event.accepted:
        key = ActKey(event.follower_id, event.followee_id, NotificationType.FOLLOW_ACCEPTED)
        return Act(key, event.event_id, NotificationType.FOLLOW_ACCEPTED)
    key = ActKey(event.followee_id, event.follower_id, NotificationType.FOLLOW)
    return Act(key, event.event_id, NotificationType.FOLLOW)


def _written_acts(event: PostCreated) -> Iterator[Act]:
    """One for each user that a post concerns: a reply before a quote, a quote before a mention."""
    types: dict[int, NotificationType] = dict.fromkeys(event.mention_ids, NotificationType.MENTION)
    if event.quote_of_author_id is not None:
        types[event.quote_of_author_id] = NotificationType.QUOTE
    if event.reply_to_author_id is not None:
        types[event.reply_to_author_id] = NotificationType.REPLY
    return (_written(event, user_id, kind) for user_id, kind in types.items())


def _written(event: PostCreated | PostEdited, user_id: int, kind: NotificationType) -> Act:
    return Act(ActKey(user_id, event.author_id, WRITTEN, event.post_id), event.event_id, kind)
