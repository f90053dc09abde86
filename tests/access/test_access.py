"""The one rule of who sees what, spelled out."""

import pytest

from rookery.access import may_notify, may_repost, may_see_content, will_see_content
from rookery.contracts.users import SIGNED_OUT, Author, Reader, UserBrief

AUTHOR_ID = 7


def author(protected: bool = False) -> Author:
    return Author(AUTHOR_ID, UserBrief(str(AUTHOR_ID), "ana", "Ana", None, protected), protected)


STRANGER = Reader(id=1)
FOLLOWER = Reader(id=1, following=frozenset({AUTHOR_ID}))
MUTING = Reader(id=1, following=frozenset({AUTHOR_ID}), muting=frozenset({AUTHOR_ID}))
BLOCKED = Reader(id=1, following=frozenset({AUTHOR_ID}), blocked_by=frozenset({AUTHOR_ID}))
BLOCKING = Reader(id=1, following=frozenset({AUTHOR_ID}), blocking=frozenset({AUTHOR_ID}))
ONESELF = Reader(id=AUTHOR_ID)


@pytest.mark.parametrize(
    ("reader", "public", "protected"),
    [
        (SIGNED_OUT, True, False),
        (STRANGER, True, False),
        (FOLLOWER, True, True),
        (MUTING, True, True),
        (BLOCKED, False, False),
        (BLOCKING, False, False),
        (ONESELF, True, True),
    ],
)
def test_may_see(reader: Reader, public: bool, protected: bool) -> None:
    assert may_see_content(reader, author()) is public
    assert may_see_content(reader, author(protected=True)) is protected


def test_nobody_sees_what_an_account_that_is_gone_wrote() -> None:
    assert not may_see_content(STRANGER, None)
    assert not will_see_content(STRANGER, None)
    assert not may_repost(STRANGER, None)
    assert not may_notify(STRANGER, None)


def test_the_muted_may_be_seen_and_will_not() -> None:
    assert may_see_content(MUTING, author())
    assert not will_see_content(MUTING, author())
    assert will_see_content(FOLLOWER, author())


@pytest.mark.parametrize(
    ("reader", "public", "protected"),
    [(STRANGER, True, False), (FOLLOWER, True, False), (BLOCKED, False, False), (ONESELF, True, True)],
)
def test_may_repost(reader: Reader, public: bool, protected: bool) -> None:
    assert may_repost(reader, author()) is public
    assert may_repost(reader, author(protected=True)) is protected


@pytest.mark.parametrize(
    ("recipient", "told"),
    [(STRANGER, True), (FOLLOWER, True), (MUTING, False), (BLOCKED, False), (BLOCKING, False), (ONESELF, False)],
)
def test_may_notify(recipient: Reader, told: bool) -> None:
    assert may_notify(recipient, author()) is told


def test_shown_is_the_rule_for_whom_a_reader_follows() -> None:
    """`Reader.shown` answers for followees what `will_see_content` would, whether they are protected or not."""
    following = frozenset(range(2, 18))
    reader = Reader(
        id=1,
        following=following,
        blocking=frozenset({2, 3, 40}),
        blocked_by=frozenset({3, 4, 41}),
        muting=frozenset({5, 6, 42}),
    )
    for user_id in following:
        for protected in (False, True):
            brief = UserBrief(str(user_id), "name", "Name", None, protected)
            assert (user_id in reader.shown) == will_see_content(reader, Author(user_id, brief, protected))
    assert reader.shown < following
    assert Reader(id=1, following=following).shown is following
