"""Searching posts: the index finds, the reader's sets narrow, the posts service shows what is still so.

Both orders go down through the matches from the newest. `latest` shows them so. `relevance` takes blocks of the newest
BLOCK matches and orders each by score; the next block follows when one is at its end. A cursor holds what makes its
page: where the block lies and behind which score it goes on, so that new posts neither repeat nor hide anything.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Final, NamedTuple

from rookery.contracts.posts import Post, PostsApi
from rookery.contracts.users import Reader, UsersApi
from rookery.kit.ids import MAX_ID
from rookery.kit.paging import Page, decode_cursor, encode_cursor
from rookery.kit.problems import Unauthenticated
from rookery.search.compiling import Search, compile_query, names_of
from rookery.search.grammar import parse
from rookery.search.highlights import highlights_of, snippet_of
from rookery.search.matching import document_of
from rookery.search.places import Place, Places
from rookery.search.repository import Bounds, Match, Matches, SearchRepository
from rookery.search.schemas import FoundPost, Order
from rookery.search.terms import time_cover
from rookery.search.windows import GROWTH, Stretch, Windows

BLOCK: Final = 500
SPARE: Final = 5  # looked for beyond the page, since some posts may be gone or hidden meanwhile
ROUNDS_MAX: Final = 5
EXAMINED_MAX: Final = 20_000  # matches that a page looks at; where the next stretch would bring more, it is short
HALF_LIFE_MS: Final = 3 * 24 * 3_600_000


class Found(NamedTuple):
    """Newest first. Everything from `bottom` on was looked at.

    `ended`: there is nothing below it. `cut`: there may be, and enough was looked at for one page.
    """

    posts: list[Match]
    bottom: int
    ended: bool = False
    cut: bool = False


class PostSearch:
    def __init__(self, repository: SearchRepository, users: UsersApi, posts: PostsApi, places: Places) -> None:
        self._repository = repository
        self._users = users
        self._posts = posts
        self._places = places
        self._windows = Windows(repository)

    async def page(self, reader_id: int, query: str, order: Order, cursor: str | None, limit: int) -> Page[FoundPost]:
        """Raises QueryError, Invalid for what is no cursor of this order, and Unauthenticated for `filter:follows`."""
        node = parse(query)
        names = names_of(node)
        search = compile_query(node, await self._users.ids_by_username(names) if names else {})
        if search.follows_only and not reader_id:
            raise Unauthenticated("filter:follows asks whom you follow: sign in first.")
        reader = await self._users.reader(reader_id)
        if order == "latest":
            before = MAX_ID if cursor is None else decode_cursor(cursor)[0]
            return await self._latest(search, reader, before, limit)
        place = Place() if cursor is None else self._places.read(query, cursor)
        posts, following = await self._by_relevance(search, reader, place, limit)
        return Page(posts, None if following is None else self._places.cursor(query, following))

    async def _latest(self, search: Search, reader: Reader, before: int, limit: int) -> Page[FoundPost]:
        shown: list[FoundPost] = []
        for _ in range(ROUNDS_MAX):
            found = await self._newest(search, reader, before, limit + SPARE)
            shown += await self._show(search, reader, found.posts)
            if len(shown) > limit:
                return Page(shown[:limit], encode_cursor(int(shown[limit - 1].id)))
            if found.ended:
                return Page(shown)
            before = found.bottom
            if found.cut:
                break
        return Page(shown, encode_cursor(before))

    async def _by_relevance(
        self, search: Search, reader: Reader, place: Place, limit: int
    ) -> tuple[list[FoundPost], Place | None]:
        """The page and where the next one begins; None where there is none."""
        shown: list[tuple[FoundPost, Place]] = []
        for _ in range(ROUNDS_MAX):
            block, found = await self._block(search, reader, place)
            ranked = await self._ranked(search, found.posts, place)
            async for score, post in self._shown(search, reader, ranked, limit + SPARE):
                if len(shown) == limit:
                    return [each for each, _ in shown], shown[-1][1]
                shown.append((post, Place(block.before, block.since, score, int(post.id))))
            place = Place(block.since)
            if found.ended or found.cut:
                break
        return [each for each, _ in shown], None if found.ended else place

    async def _shown(
        self, search: Search, reader: Reader, ranked: Sequence[tuple[int, Match]], at_once: int
    ) -> AsyncIterator[tuple[int, FoundPost]]:
        """Those of the ranked that the reader sees, with their scores, hydrated in portions."""
        for start in range(0, len(ranked), at_once):
            scores = {match.id: score for score, match in ranked[start : start + at_once]}
            for post in await self._show(search, reader, [match for _, match in ranked[start : start + at_once]]):
                yield scores[int(post.id)], post

    async def _block(self, search: Search, reader: Reader, place: Place) -> tuple[Stretch, Found]:
        """The block that a place lies in, and its matches. Its upper end is fixed too: new posts stay outside."""
        if place.bottom:
            stretch = Stretch(place.bottom, place.top)
            matches = await self._look(search, reader, stretch, BLOCK)
            return stretch, Found(matches.posts, place.bottom)
        found = await self._newest(search, reader, place.top, BLOCK)
        top = found.posts[0].id + 1 if found.posts else place.top
        return Stretch(found.bottom, top), found

    async def _ranked(self, search: Search, posts: list[Match], place: Place) -> list[tuple[int, Match]]:
        """(score, post), best first, of those behind the place."""
        words = " | ".join(words.query() for words in search.words)
        scores = await self._repository.score_posts([post.id for post in posts], words, HALF_LIFE_MS) if posts else {}
        ranked = sorted(((scores[post.id], post) for post in posts if post.id in scores), reverse=True)
        return [(score, post) for score, post in ranked if (score, post.id) < (place.score, place.post_id)]

    async def _newest(self, search: Search, reader: Reader, before: int, count: int) -> Found:
        """The `count` newest matches below `before`, or fewer where EXAMINED_MAX is reached or no more are left."""
        posts: list[Match] = []
        examined = 0
        bottom = before = min(before, search.until)
        async for stretch in self._windows.stretches(search.since, before):
            matches = await self._look(search, reader, stretch, count - len(posts))
            posts += matches.posts
            examined += matches.examined
            bottom = stretch.since
            if len(posts) >= count:
                return Found(posts, posts[-1].id)
            if examined + GROWTH * matches.examined > EXAMINED_MAX and bottom > search.since:
                return Found(posts, bottom, cut=True)
        return Found(posts, bottom, ended=True)

    async def _look(self, search: Search, reader: Reader, stretch: Stretch, count: int) -> Matches:
        bounds = Bounds(search.min_likes, search.min_reposts, search.follows_only)
        return await self._repository.find_posts(
            condition_of(search, stretch), reader, bounds, since=stretch.since, before=stretch.before, limit=count
        )

    async def _show(self, search: Search, reader: Reader, matches: Sequence[Match]) -> list[FoundPost]:
        """The posts that the reader may and will see, and that still match."""
        if not matches:
            return []
        posts = await self._posts.posts(reader, [match.id for match in matches])
        outdated = await self._no_longer(search, matches, posts)
        return [
            _found(posts[match.id], search)
            for match in matches
            if match.id in posts and match.id not in outdated and match.author_id not in reader.muting
        ]

    async def _no_longer(self, search: Search, matches: Sequence[Match], posts: dict[int, Post]) -> set[int]:
        """Those that were edited since they were indexed, and do not say any more what was looked for."""
        edited = [match.id for match in matches if match.id in posts and posts[match.id].revision != match.revision]
        if not edited or search.condition is None:
            return set()
        now = {post.id: post for post in await self._posts.stored_posts(edited)}
        return {
            post_id for post_id in edited if post_id not in now or not search.condition.holds(document_of(now[post_id]))
        }


def condition_of(search: Search, stretch: Stretch) -> str:
    """The tsquery of a search within a stretch of time."""
    cover = time_cover(stretch.since >> 16, (stretch.before - 1) >> 16)
    spans = " | ".join(f"'{term}'" for term in cover)
    return f"({spans})" if search.condition is None else f"{search.condition.query()} & ({spans})"


def _found(post: Post, search: Search) -> FoundPost:
    highlights = highlights_of(post, search.words)
    fields = {name: getattr(post, name) for name in Post.__struct_fields__}
    return FoundPost(**fields, highlights=highlights, snippet=snippet_of(post.content, highlights))
