"""What events add and take back, without a database."""

from rookery.contracts.events import (
    AnyEvent,
    BlockCreated,
    FollowCreated,
    FollowDeleted,
    FollowRequestDeleted,
    FollowRequested,
    LikeCreated,
    LikeDeleted,
    MuteCreated,
    PostCreated,
    PostDeleted,
    PostEdited,
    RepostCreated,
    RepostDeleted,
    UserCreated,
    UserUpdated,
)
from rookery.notifications.acts import WRITTEN, Act, ActKey, Changes, acts_of, concerns, fold
from rookery.notifications.schemas import NotificationType

ANA, BEN, CEM = 1, 2, 3
POST = 100


def like(event_id: int, user_id: int = BEN) -> LikeCreated:
    return LikeCreated(event_id=event_id, post_id=POST, author_id=ANA, user_id=user_id)


def unlike(event_id: int, user_id: int = BEN) -> LikeDeleted:
    return LikeDeleted(event_id=event_id, post_id=POST, author_id=ANA, user_id=user_id)


def everything(_: Act) -> bool:
    return True


LIKE_KEY = ActKey(ANA, BEN, "like", POST)


def test_the_last_word_counts() -> None:
    changes = fold([like(1), unlike(2), like(3)], everything)
    assert changes.additions == {LIKE_KEY: Act(LIKE_KEY, 3, NotificationType.LIKE)}
    assert changes.removals == {LIKE_KEY}
    assert fold([like(1), unlike(2)], everything).additions == {}


def test_a_repeated_act_keeps_its_first_id() -> None:
    assert fold([like(1), like(2)], everything).additions[LIKE_KEY].id == 1


def test_a_deleted_post_swallows_likes_before_and_after() -> None:
    gone = PostDeleted(event_id=2, post_id=POST, author_id=ANA)
    changes = fold([like(1), gone, like(3, CEM)], everything)
    assert changes.additions == {}
    assert changes.deleted_posts[POST].author_id == ANA


def test_a_block_takes_back_in_both_directions() -> None:
    events: list[AnyEvent] = [like(1), like(2, CEM), BlockCreated(event_id=3, user_id=BEN, target_id=ANA)]
    changes = fold(events, everything)
    assert [key.actor_id for key in changes.additions] == [CEM]
    assert changes.blocks == {(ANA, BEN), (BEN, ANA)}


def test_an_accepted_request_ends_and_tells_the_follower() -> None:
    requested = FollowRequested(event_id=1, follower_id=BEN, followee_id=ANA)
    accepted = FollowCreated(event_id=2, follower_id=BEN, followee_id=ANA, accepted=True)
    changes = fold([requested, accepted], everything)
    assert [(key.user_id, act.type) for key, act in changes.additions.items()] == [(BEN, "follow_accepted")]
    assert changes.removals == {ActKey(ANA, BEN, "follow_request")}


def test_an_unfollow_ends_both_stories() -> None:
    changes = fold([FollowDeleted(event_id=1, follower_id=BEN, followee_id=ANA)], everything)
    assert changes.removals == {ActKey(ANA, BEN, "follow"), ActKey(BEN, ANA, "follow_accepted")}


def test_a_post_concerns_each_user_once() -> None:
    post = PostCreated(
        event_id=1,
        post_id=POST,
        author_id=ANA,
        reply_to_id=1,
        reply_to_author_id=BEN,
        quote_of_id=2,
        quote_of_author_id=CEM,
        mention_ids=[ANA, BEN, CEM, 4],
    )
    told = {act.key.user_id: act.type.value for act in acts_of(post)}
    assert told == {BEN: "reply", CEM: "quote", 4: "mention"}
    both = PostCreated(event_id=1, post_id=POST, author_id=ANA, reply_to_author_id=BEN, quote_of_author_id=BEN)
    assert [act.type.value for act in acts_of(both)] == ["reply"]


def test_an_added_mention_is_the_same_act_as_the_post() -> None:
    [edited] = acts_of(PostEdited(event_id=2, post_id=POST, author_id=ANA, revision=2, added_mention_ids=[BEN]))
    [written] = acts_of(PostCreated(event_id=1, post_id=POST, author_id=ANA, reply_to_author_id=BEN))
    assert edited.key == written.key == ActKey(BEN, ANA, WRITTEN, POST)


def test_what_may_not_be_told_is_left_out() -> None:
    assert fold([like(1)], lambda _: False) == Changes()


def test_what_concerns_nobody() -> None:
    unconcerned: list[AnyEvent] = [
        UserCreated(event_id=1, user_id=ANA, username="ana"),
        UserUpdated(event_id=2, user_id=ANA),
        MuteCreated(event_id=3, user_id=ANA, target_id=BEN),
        PostCreated(event_id=4, post_id=POST, author_id=ANA, mention_ids=[ANA]),
        like(5, ANA),
    ]
    assert not any(concerns(event) for event in unconcerned)
    concerned: list[AnyEvent] = [
        like(1),
        unlike(2),
        RepostCreated(event_id=3, repost_id=9, post_id=POST, author_id=ANA, user_id=BEN),
        RepostDeleted(event_id=4, repost_id=9, post_id=POST, author_id=ANA, user_id=BEN),
        PostDeleted(event_id=5, post_id=POST, author_id=ANA),
        FollowRequestDeleted(event_id=6, follower_id=ANA, followee_id=BEN),
    ]
    assert all(concerns(event) for event in concerned)
