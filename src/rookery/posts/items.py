"""Timeline items: the bytes of a page, for most entries the same for every reader.

An item that a reader's own marks, a quote or a repost do not touch is kept whole with its rendering and only handed out
(`Rendering.plain`). It contains what its author is called, so it holds for an epoch: the time between two changes of
any author. After a change each post looks its author up once more, which costs far less than every page looking up
every author; changes of names are rare beside reads.

What is asked per entry in the common case: is its author among `Reader.shown`, is it marked. The rest goes through a
View, whose answers are the same.
"""

from itertools import chain

from rookery.access import will_see_content
from rookery.contracts.posts import TimelineEntry
from rookery.contracts.users import Author, Reader, UsersApi
from rookery.kit.resources import Resources
from rookery.posts.hydration import Hydration
from rookery.posts.kept_pages import KeptPages, Shown
from rookery.posts.marks import Bits
from rookery.posts.rendering import Rendering
from rookery.posts.repeats import Repeats
from rookery.posts.repository import PostRepository


class Items:
    """Turns timeline entries into what a reader sees. With warm caches there is no SQL."""

    def __init__(self, resources: Resources, users: UsersApi, repository: PostRepository, hydration: Hydration) -> None:
        self._users = users
        self._hydration = hydration
        self._repeats = Repeats(resources, repository)
        self._kept = KeptPages(hydration, self._repeats)
        self._epoch = 0
        resources.invalidations.listen("author", self._end_epoch)
        resources.cache.on_connection(self._end_epoch)

    def _end_epoch(self, _: int | bool) -> None:
        self._epoch += 1

    async def json(self, reader: Reader, entries: list[TimelineEntry]) -> Shown:
        """As PostsApi.items_json has it: what the reader may and will see, reposts that repeat left out."""
        epoch = self._epoch  # before anything is looked up: an author who changes meanwhile ends it
        if not reader.id:
            return await self._make(reader, entries, epoch)
        kept = self._kept.find(reader, entries, epoch)
        if kept is not None:
            return kept
        basis = self._kept.basis(reader, entries, epoch)
        shown = await self._make(reader, entries, epoch)
        if basis is not None and epoch == self._epoch:
            self._kept.keep(basis, shown)
        return shown

    async def _make(self, reader: Reader, entries: list[TimelineEntry], epoch: int) -> Shown:
        renderings = await self._hydration.renderings({entry.post_id for entry in entries})
        reposts = [entry for entry in entries if entry.id != entry.post_id]
        if reposts and (repeats := await self._repeats.among(reader, reposts, renderings)):
            entries = [entry for entry in entries if entry.id not in repeats]
        if not reader.id:
            return await self._by_view(reader, entries, renderings, epoch, {})
        marks = await self._hydration.marks.on(reader.id, renderings)
        authors = await self._authors(reposts, renderings, epoch) if reposts else {}
        shown: Shown = []
        left: list[TimelineEntry] = []
        sources, me, mark_of, rendering_of = reader.shown, reader.id, marks.get, renderings.get
        for entry in entries:
            post_id = entry.post_id
            rendering = rendering_of(post_id)
            if rendering is None or rendering.deleted:
                continue
            author_id = rendering.author_id
            if rendering.plain_at != epoch:
                left.append(entry)
            elif entry.id != post_id:
                reposter = authors.get(entry.user_id)
                if reposter and will_see_content(reader, reposter) and will_see_content(reader, authors.get(author_id)):
                    shown.append((entry, rendering.item(mark_of(post_id, 0), entry.id, reposter)))
            elif not (author_id in sources or author_id == me):
                left.append(entry)
            elif bits := mark_of(post_id):
                shown.append((entry, rendering.item(bits, post_id, None)))
            else:
                shown.append((entry, rendering.plain))
        if not left:
            return shown
        return _in_order(entries, shown + await self._by_view(reader, left, renderings, epoch, marks))

    async def _authors(
        self, reposts: list[TimelineEntry], renderings: dict[int, Rendering], epoch: int
    ) -> dict[int, Author]:
        """Who wrote and who reposted what is handed out the short way; a View looks up its own."""
        posts = ((entry, renderings.get(entry.post_id)) for entry in reposts)
        pairs = [(entry.user_id, post.author_id) for entry, post in posts if post and post.plain_at == epoch]
        wanted = set(chain.from_iterable(pairs))
        return await self._users.authors(list(wanted)) if wanted else {}

    async def _by_view(
        self,
        reader: Reader,
        entries: list[TimelineEntry],
        renderings: dict[int, Rendering],
        epoch: int,
        marks: Bits,
    ) -> Shown:
        """The general way, which leaves behind what the short one needs."""
        reposters = [entry.user_id for entry in entries if entry.id != entry.post_id]
        wanted = {entry.post_id for entry in entries}
        posts = {post_id: rendering for post_id, rendering in renderings.items() if post_id in wanted}
        view = await self._hydration.complete(reader, posts, will_see_content, reposters, marks)
        for rendering in posts.values():
            if not rendering.deleted and rendering.author_id in view.authors:
                rendering.make_plain(view.authors, epoch)
        return [(entry, item) for entry in entries if (item := view.item(entry)) is not None]


def _in_order(entries: list[TimelineEntry], shown: Shown) -> Shown:
    """The shown ones as `entries` has them."""
    items = {entry.id: item for entry, item in shown}
    return [(entry, items[entry.id]) for entry in entries if entry.id in items]
