"""A repost is shown once: what the reader has had within 72 hours does not come again because somebody reposts it.

A repost R of post P is left out of a home timeline when P came to the reader by an earlier entry within REPEAT_WINDOW
before R: P itself, or a repost of P, by the reader or by an account that the reader follows and does not mute. It is
decided from what is stored, never from the page, so that an entry is shown or left out alike on whatever page it falls.
An earlier entry counts even where it was left out itself: what followees repost every day comes once, until they pause.

The newest reposts of each post are kept in memory for all readers. Of a post with more than REPOSTS_KEPT the kept ones
may not reach back over the whole window; then the reader's followees are looked up one by one by primary key, which is
exact too, at the cost of one probe per followee (`Settings.following_max` at most) and such post.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from rookery.contracts.posts import TimelineEntry
from rookery.contracts.users import Reader
from rookery.kit.local_cache import LocalCache, Stamp
from rookery.kit.resources import Resources
from rookery.posts.rendering import Rendering
from rookery.posts.repository import PostRepository, Repost

REPEAT_WINDOW: Final = 72 * 3600 * 1000 << 16  # as a difference of ids
REPOSTS_KEPT: Final = 500
POSTS_KEPT: Final = 50_000
ALL_REPOSTS_KEPT: Final = 500_000  # of all posts together; 100 bytes each


class NewestReposts(Struct, frozen=True):
    """The reposts of a post with an id from `horizon` on: repost id by user id."""

    horizon: int
    by_user: dict[int, int]


class Repeats:
    """Tells which reposts of a page repeat what the reader has had."""

    def __init__(self, resources: Resources, repository: PostRepository) -> None:
        self._repository = repository
        self._newest: LocalCache[int, NewestReposts] = LocalCache(
            self._load, size=POSTS_KEPT, weigh=lambda newest: len(newest.by_user), max_weight=ALL_REPOSTS_KEPT
        )
        resources.invalidations.attach("reposts", self._newest)

    def stamps(self, post_ids: Iterable[int]) -> list[Stamp[NewestReposts]]:
        """As LocalCache has them; they move with every repost of these posts, those beyond the kept ones included."""
        return self._newest.stamps(post_ids)

    async def among(
        self, reader: Reader, reposts: Sequence[TimelineEntry], renderings: dict[int, Rendering]
    ) -> set[int]:
        """The ids of those reposts that repeat, or were taken back since the entry was cached.

        No SQL when the posts' reposts are in memory.
        """
        repeats: set[int] = set()
        open_questions: list[TimelineEntry] = []
        for entry in reposts:
            rendering = renderings.get(entry.post_id)
            if rendering is None:
                continue
            if entry.id - entry.post_id < REPEAT_WINDOW and (
                rendering.author_id == reader.id or rendering.author_id in reader.following
            ):
                repeats.add(entry.id)
            else:
                open_questions.append(entry)
        if open_questions:
            repeats |= await self._repeat_a_repost(reader, open_questions)
        return repeats

    async def _repeat_a_repost(self, reader: Reader, entries: list[TimelineEntry]) -> set[int]:
        newest = await self._newest.get_many({entry.post_id for entry in entries})
        repeats: set[int] = set()
        beyond: list[TimelineEntry] = []
        for entry in entries:
            reposts = newest.get(entry.post_id)
            if reposts is None:
                continue
            taken_back = entry.id >= reposts.horizon and reposts.by_user.get(entry.user_id) != entry.id
            if taken_back or _is_repeated(entry, _reposts_that_reach(reader, reposts.by_user)):
                repeats.add(entry.id)
            elif entry.id - REPEAT_WINDOW < reposts.horizon:
                beyond.append(entry)
        if beyond:
            repeats |= await self._look_up(reader, beyond)
        return repeats

    async def _look_up(self, reader: Reader, entries: list[TimelineEntry]) -> set[int]:
        """The same by the followees' primary keys, for posts with more reposts than are kept."""
        sources = reader.shown | {reader.id}
        asked = sources | {entry.user_id for entry in entries}
        above = min(entry.id for entry in entries) - REPEAT_WINDOW
        there: set[int] = set()
        repost_ids: dict[int, list[int]] = {}
        for repost in await self._repository.reposts_by(list({entry.post_id for entry in entries}), asked, above):
            there.add(repost.id)
            if repost.user_id in sources:
                repost_ids.setdefault(repost.post_id, []).append(repost.id)
        return {
            entry.id
            for entry in entries
            if entry.id not in there or _is_repeated(entry, repost_ids.get(entry.post_id, []))
        }

    async def _load(self, post_ids: list[int]) -> dict[int, NewestReposts]:
        by_post: dict[int, list[Repost]] = {post_id: [] for post_id in post_ids}
        for repost in await self._repository.newest_reposts(post_ids, REPOSTS_KEPT):
            by_post[repost.post_id].append(repost)
        return {post_id: _newest(reposts) for post_id, reposts in by_post.items()}


def _newest(reposts: list[Repost]) -> NewestReposts:
    horizon = min(repost.id for repost in reposts) if len(reposts) == REPOSTS_KEPT else 0
    return NewestReposts(horizon, {repost.user_id: repost.id for repost in reposts})


def _reposts_that_reach(reader: Reader, by_user: dict[int, int]) -> list[int]:
    """The ids of those reposts that are in the reader's home timeline."""
    if len(reader.shown) < len(by_user):
        repost_ids = [by_user[user_id] for user_id in reader.shown if user_id in by_user]
    else:
        repost_ids = [repost_id for user_id, repost_id in by_user.items() if user_id in reader.shown]
    if reader.id in by_user:
        repost_ids.append(by_user[reader.id])
    return repost_ids


def _is_repeated(entry: TimelineEntry, repost_ids: list[int]) -> bool:
    return any(0 < entry.id - repost_id < REPEAT_WINDOW for repost_id in repost_ids)
