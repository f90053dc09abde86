"""From ids to what a reader sees: one batched load, the rules of `rookery.access`, bytes joined.

Warm, a page asks PostgreSQL nothing: renderings, authors, the reader's marks and the reposts of reposted posts are in
the memory of the process. Cold, it is one statement for the posts, one for the posts they quote, one for marks, one for
reposts, one for media and one call for the cards of links (only when there are any), and what the users service needs
for the authors.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

import msgspec
import structlog

from rookery.access import may_see_content
from rookery.contracts.cards import CardsApi, LinkCard
from rookery.contracts.media import MediaApi, MediaAttachment, StoredMedia
from rookery.contracts.posts import Post, TimelineEntry
from rookery.contracts.users import Author, Reader, UsersApi
from rookery.kit.local_cache import LocalCache, Stamp
from rookery.kit.problems import Unavailable
from rookery.kit.resources import Resources
from rookery.posts import rendering as render
from rookery.posts.errors import PostNotFound
from rookery.posts.marks import Bits, Marks
from rookery.posts.rendering import Authors, PostRow, Rendering, no_media
from rookery.posts.repository import PostRepository

RENDERINGS_KEPT: Final = 50_000  # 1.5 KB each

Sees = Callable[[Reader, Author | None], bool]

log = structlog.get_logger(__name__)

_decode_post = msgspec.json.Decoder(Post).decode


class View:
    """Posts as one reader sees them. Everything is in memory: methods do no I/O."""

    def __init__(
        self, reader: Reader, renderings: dict[int, Rendering], authors: Authors, marks: Bits, sees: Sees
    ) -> None:
        self.reader = reader
        self.renderings = renderings
        self.authors = authors
        self.marks = marks
        self._sees = sees

    def rendering(self, post_id: int) -> Rendering | None:
        """The post, or None when there is none that this reader sees."""
        rendering = self.renderings.get(post_id)
        if rendering is None or rendering.deleted:
            return None
        return rendering if self._sees(self.reader, self.authors.get(rendering.author_id)) else None

    def post(self, post_id: int) -> bytes | None:
        """The JSON of a Post."""
        rendering = self.rendering(post_id)
        if rendering is None:
            return None
        return render.post_json(rendering.head(self.authors), self._quote(rendering), self._viewer(post_id))

    def item(self, entry: TimelineEntry) -> bytes | None:
        """The JSON of a TimelineItem; None too when the reader does not see the reposter."""
        rendering = self.rendering(entry.post_id)
        if rendering is None:
            return None
        reposter: Author | None = None
        if entry.id != entry.post_id:
            reposter = self.authors.get(entry.user_id)
            if not self._sees(self.reader, reposter):
                return None
        head, quote, viewer = rendering.head(self.authors), self._quote(rendering), self._viewer(entry.post_id)
        return render.item_json(head, quote, viewer, entry.id, reposter)

    def _viewer(self, post_id: int) -> bytes:
        return render.VIEWERS[self.marks.get(post_id, 0)] if self.reader.id else render.SIGNED_OUT_VIEWER

    def _quote(self, rendering: Rendering) -> bytes:
        quoted_id = rendering.quote_of_id
        if quoted_id is None:
            return render.NO_QUOTE
        quoted = self.renderings.get(quoted_id)
        if quoted is None or quoted.deleted or quoted.author_id not in self.authors:
            return render.unavailable_json(quoted_id, "deleted")
        if not self._sees(self.reader, self.authors[quoted.author_id]):
            return render.unavailable_json(quoted_id, "forbidden")
        return render.quoted_json(quoted_id, quoted.head(self.authors), self._viewer(quoted_id))


class Hydration:
    """Loads views. Renderings are kept by post id and dropped by `post:<post_id>`, which is published too when the card
    of a post's link is there."""

    def __init__(
        self, resources: Resources, users: UsersApi, media: MediaApi, cards: CardsApi, repository: PostRepository
    ) -> None:
        self._users = users
        self._media = media
        self._cards = cards
        self._repository = repository
        self.marks = Marks(resources, repository)
        self._renderings: LocalCache[int, Rendering] = LocalCache(self._load, size=RENDERINGS_KEPT)
        resources.invalidations.attach("post", self._renderings)

    async def posts(self, reader: Reader, post_ids: list[int]) -> dict[int, Post]:
        """As PostsApi has it: those that the reader may see."""
        view = await self.view(reader, post_ids, may_see_content)
        found = ((post_id, view.post(post_id)) for post_id in post_ids)
        return {post_id: _decode_post(body) for post_id, body in found if body is not None}

    async def post(self, reader: Reader, post_id: int) -> bytes:
        """The JSON of one Post; raises PostNotFound where the reader may not know of it."""
        body = (await self.view(reader, [post_id], may_see_content)).post(post_id)
        if body is None:
            raise PostNotFound
        return body

    async def entries(self, reader: Reader, entries: list[TimelineEntry], sees: Sees) -> View:
        """The view of the posts of timeline entries, and of those who reposted them."""
        reposters = [entry.user_id for entry in entries if entry.id != entry.post_id]
        return await self.view(reader, [entry.post_id for entry in entries], sees, reposters)

    async def view(self, reader: Reader, post_ids: Iterable[int], sees: Sees, user_ids: Iterable[int] = ()) -> View:
        """The view of these posts (and those that they quote), with the accounts `user_ids` beside the authors."""
        renderings = await self.renderings(dict.fromkeys(post_ids))
        return await self.complete(reader, renderings, sees, user_ids)

    async def complete(
        self,
        reader: Reader,
        renderings: dict[int, Rendering],
        sees: Sees,
        user_ids: Iterable[int] = (),
        marks: Bits | None = None,
    ) -> View:
        """The view of posts that are at hand, and perhaps the reader's marks on them."""
        quoted = {post.quote_of_id for post in renderings.values() if post.quote_of_id is not None}
        if quoted:
            renderings = renderings | await self.renderings(quoted - renderings.keys())
        wanted = set(user_ids)
        for post in renderings.values():
            wanted.add(post.author_id)
            if post.reply_to_author_id is not None:
                wanted.add(post.reply_to_author_id)
        authors = await self._users.authors(list(wanted)) if wanted else {}
        if quoted or marks is None:
            marks = await self.marks.on(reader.id, renderings) if reader.id else {}
        return View(reader, renderings, authors, marks, sees)

    async def renderings(self, post_ids: Iterable[int]) -> dict[int, Rendering]:
        """Those posts that exist; tombstones too."""
        return await self._renderings.get_many(post_ids)

    def stamps(self, post_ids: Iterable[int]) -> list[Stamp[Rendering]]:
        """As LocalCache has them."""
        return self._renderings.stamps(post_ids)

    async def rendering(self, post_id: int) -> Rendering | None:
        return await self._renderings.get(post_id)

    async def _load(self, post_ids: list[int]) -> dict[int, Rendering]:
        rows: list[PostRow] = await self._repository.posts(post_ids)
        wanted = [media_id for row in rows for media_id in row.media_ids]
        found = await self._media.stored(wanted) if wanted else {}
        cards = await self._cards_of([row.link for row in rows if row.link is not None])
        return {row.id: self._new(row, found, cards) for row in rows}

    def _new(self, row: PostRow, media: dict[int, StoredMedia], cards: dict[str, LinkCard]) -> Rendering:
        attached = [media[each] for each in row.media_ids if each in media]
        return self.new(row, attached, cards.get(row.link) if row.link else None)

    def new(self, row: PostRow, media: Sequence[StoredMedia], card: LinkCard | None = None) -> Rendering:
        """The rendering of a post with these attachments and this card."""
        return Rendering(row, partial(self._shown, media) if media else no_media, card)

    def _shown(self, media: Sequence[StoredMedia], protected: bool) -> list[MediaAttachment]:
        return self._media.attachments(media, protected=protected)

    async def _cards_of(self, links: list[str]) -> dict[str, LinkCard]:
        """Posts are shown without cards while the service that has them is away."""
        if not links:
            return {}
        try:
            return await self._cards.cards(list(dict.fromkeys(links)))
        except Unavailable as error:
            log.warning("posts.without_cards", error=repr(error.__cause__ or error))
            return {}
