"""A post among those it answers and those that answer it."""

from typing import Final

from rookery.access import may_see_content, will_see_content
from rookery.contracts.users import UsersApi
from rookery.kit.paging import decode_cursor
from rookery.posts.errors import PostNotFound
from rookery.posts.hydration import Hydration
from rookery.posts.pages import cursor_json, fill
from rookery.posts.repository import Place, PostRepository

ANCESTORS_MAX: Final = 40


class Threads:
    def __init__(self, users: UsersApi, repository: PostRepository, hydration: Hydration) -> None:
        self._users = users
        self._repository = repository
        self._hydration = hydration

    async def thread(self, viewer_id: int, post_id: int, *, cursor: str | None, limit: int) -> bytes:
        """The JSON of a Thread. What the reader may not see is left out, what stands above it is not.

        Replies of muted accounts are left out too. Every page has the ancestors and the post again.
        """
        after = post_id if cursor is None else decode_cursor(cursor)[0]
        reader = await self._users.reader(viewer_id)
        rendering = await self._hydration.rendering(post_id)
        is_reply = rendering is not None and rendering.reply_to_id is not None
        ancestor_ids = await self._repository.ancestors(post_id, ANCESTORS_MAX) if is_reply else []
        view = await self._hydration.view(reader, [*ancestor_ids, post_id], may_see_content)
        post = view.post(post_id)
        if post is None:
            raise PostNotFound
        ancestors = [body for ancestor_id in ancestor_ids if (body := view.post(ancestor_id)) is not None]

        async def fetch(position: int, count: int) -> list[Place]:
            return await self._repository.replies(post_id, position, count)

        async def show(places: list[Place]) -> list[tuple[Place, bytes]]:
            replies = await self._hydration.view(reader, [place.post_id for place in places], will_see_content)
            bodies = ((place, replies.post(place.post_id)) for place in places)
            return [(place, body) for place, body in bodies if body is not None]

        replies, next_cursor = await fill(fetch, show, after, limit)
        return b'{"ancestors":[%s],"post":%s,"replies":[%s],"next_cursor":%s}' % (
            b",".join(ancestors),
            post,
            b",".join(replies),
            cursor_json(next_cursor),
        )
