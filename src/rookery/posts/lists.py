"""Lists of posts, and of who did what to a post. All answers are the JSON of a Page."""

import msgspec

from rookery.access import may_see_content, will_see_content
from rookery.contracts.posts import TimelineEntry
from rookery.contracts.users import Reader, UsersApi
from rookery.kit.paging import before_id
from rookery.posts.errors import AccountNotFound, BlockedAccount, PostNotFound, ProtectedAccount
from rookery.posts.hydration import Hydration, Sees
from rookery.posts.pages import Show, fill, page_json
from rookery.posts.repository import Act, Actors, Marked, Place, PostRepository

_encode = msgspec.json.Encoder().encode


class Lists:
    """Who asks for a list by name gets what they may see; mutes count in what they did not choose (quotes)."""

    def __init__(self, users: UsersApi, repository: PostRepository, hydration: Hydration) -> None:
        self._users = users
        self._repository = repository
        self._hydration = hydration

    async def by_user(
        self,
        viewer_id: int,
        user_id: int,
        *,
        with_replies: bool,
        only_media: bool,
        cursor: str | None,
        limit: int,
    ) -> bytes:
        """What an account posted and reposted, newest first. Without replies, those to the account itself stay.

        Only media: its own posts and replies with a picture or video.
        """
        before = before_id(cursor)
        reader = await self._users.reader(viewer_id)
        await self._check_account(reader, user_id)

        async def fetch(position: int, count: int) -> list[TimelineEntry]:
            if only_media:
                return await self._repository.user_media(user_id, position, count)
            return await self._repository.user_entries(user_id, position, count, with_replies)

        async def show(entries: list[TimelineEntry]) -> list[tuple[TimelineEntry, bytes]]:
            view = await self._hydration.entries(reader, entries, may_see_content)
            items = ((entry, view.item(entry)) for entry in entries)
            return [(entry, body) for entry, body in items if body is not None]

        return page_json(*await fill(fetch, show, before, limit))

    async def marked(self, user_id: int, kind: Marked, *, cursor: str | None, limit: int) -> bytes:
        """The posts that a user liked or bookmarked, the newest mark first."""
        before = before_id(cursor)
        reader = await self._users.reader(user_id)

        async def fetch(position: int, count: int) -> list[Place]:
            return await self._repository.marked(kind, user_id, position, count)

        return page_json(*await fill(fetch, self._shower(reader, may_see_content), before, limit))

    async def quotes(self, viewer_id: int, post_id: int, *, cursor: str | None, limit: int) -> bytes:
        """The posts that quote a post, newest first."""
        before = before_id(cursor)
        reader = await self._users.reader(viewer_id)
        await self._check_post(reader, post_id)

        async def fetch(position: int, count: int) -> list[Place]:
            return await self._repository.quotes(post_id, position, count)

        return page_json(*await fill(fetch, self._shower(reader, will_see_content), before, limit))

    async def actors(self, viewer_id: int, post_id: int, kind: Actors, *, cursor: str | None, limit: int) -> bytes:
        """Who liked or reposted a post, newest first, as UserBrief; only those whose acts the viewer may see."""
        before = before_id(cursor)
        reader = await self._users.reader(viewer_id)
        await self._check_post(reader, post_id)

        async def fetch(position: int, count: int) -> list[Act]:
            return await self._repository.acts(kind, post_id, position, count)

        async def show(acts: list[Act]) -> list[tuple[Act, bytes]]:
            authors = await self._users.authors([act.user_id for act in acts]) if acts else {}
            found = ((act, authors.get(act.user_id)) for act in acts)
            return [(act, _encode(who.brief)) for act, who in found if who and may_see_content(reader, who)]

        return page_json(*await fill(fetch, show, before, limit))

    def _shower(self, reader: Reader, sees: Sees) -> Show[Place]:
        async def show(places: list[Place]) -> list[tuple[Place, bytes]]:
            view = await self._hydration.view(reader, [place.post_id for place in places], sees)
            posts = ((place, view.post(place.post_id)) for place in places)
            return [(place, body) for place, body in posts if body is not None]

        return show

    async def _check_post(self, reader: Reader, post_id: int) -> None:
        view = await self._hydration.view(reader, [post_id], may_see_content)
        if view.rendering(post_id) is None:
            raise PostNotFound

    async def _check_account(self, reader: Reader, user_id: int) -> None:
        """Raises what stands between a reader and the posts of an account."""
        author = (await self._users.authors([user_id])).get(user_id)
        if author is None:
            raise AccountNotFound
        if may_see_content(reader, author):
            return
        raise BlockedAccount if user_id in reader.blocking | reader.blocked_by else ProtectedAccount
