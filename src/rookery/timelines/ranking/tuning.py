"""Use cases by which readers change their ranking: weights, "show less", what was seen. Each holds at once."""

import msgspec
from msgspec import UNSET

from rookery.contracts.posts import PostsApi
from rookery.contracts.users import UsersApi
from rookery.kit.ids import wall_clock_ms
from rookery.timelines.ranking.errors import NoSuchPost
from rookery.timelines.ranking.schemas import Bounds, LessCounts, Ranking, RankingUpdate
from rookery.timelines.ranking.tastes import Tastes
from rookery.timelines.ranking.weights import (
    HALF_LIFE_DEFAULT_H,
    HALF_LIFE_MAX_H,
    HALF_LIFE_MIN_H,
    SETTABLE,
    WEIGHT_DEFAULT,
    WEIGHT_MAX,
    Settings,
)

BOUNDS = {name: Bounds(0.0, WEIGHT_MAX) for name in SETTABLE} | {
    "half_life_hours": Bounds(HALF_LIFE_MIN_H, HALF_LIFE_MAX_H)
}


class Tuning:
    def __init__(self, tastes: Tastes, users: UsersApi, posts: PostsApi) -> None:
        self._tastes = tastes
        self._repository = tastes.repository
        self._users = users
        self._posts = posts

    async def ranking(self, reader_id: int) -> Ranking:
        """From the database: the answer to a change shows it wherever the next request goes."""
        taste = await self._repository.taste(reader_id)
        settings = taste.settings
        return Ranking(
            weights={name: settings.weight(name) for name in SETTABLE},
            defaults=dict.fromkeys(SETTABLE, WEIGHT_DEFAULT),
            half_life_hours=settings.half_life_h,
            default_half_life_hours=HALF_LIFE_DEFAULT_H,
            bounds=BOUNDS,
            less=LessCounts(len(taste.less), len({less.author_id for less in taste.less.values()})),
        )

    async def update(self, reader_id: int, update: RankingUpdate) -> Ranking:
        await self._repository.update_settings(reader_id, lambda settings: changed(settings, update))
        await self._tastes.changed(reader_id)
        return await self.ranking(reader_id)

    async def show_less(self, reader_id: int, post_id: int) -> None:
        """Raises NoSuchPost where the reader may not know of the post."""
        reader = await self._users.reader(reader_id)
        post = (await self._posts.posts(reader, [post_id])).get(post_id)
        if post is None:
            raise NoSuchPost
        hashtags = sorted({hashtag.tag.lower() for hashtag in post.entities.hashtags})
        await self._repository.add_less(reader_id, post_id, int(post.author.id), hashtags, wall_clock_ms())
        await self._tastes.changed(reader_id)

    async def undo_less(self, reader_id: int, post_id: int) -> None:
        await self._repository.delete_less(reader_id, post_id)
        await self._tastes.changed(reader_id)

    async def forget_less(self, reader_id: int) -> None:
        await self._repository.delete_all_less(reader_id)
        await self._tastes.changed(reader_id)

    async def mark_seen(self, reader_id: int, post_ids: list[int]) -> None:
        """Ids that name no post do no harm; they are bounded like all others."""
        await self._repository.add_seen(reader_id, sorted(set(post_ids)), wall_clock_ms())
        await self._tastes.changed(reader_id)


def changed(settings: Settings, update: RankingUpdate) -> Settings:
    """The settings with what an update sets; null takes a value back to its default."""
    weights = dict(settings.weights)
    given = {} if update.weights is UNSET else msgspec.structs.asdict(update.weights)
    for name, value in given.items():
        if value is None:
            weights.pop(name, None)
        elif value is not UNSET:
            weights[name] = value
    half_life = settings.half_life_hours if update.half_life_hours is UNSET else update.half_life_hours
    return Settings(weights, half_life)
