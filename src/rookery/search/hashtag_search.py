"""Hashtags by their beginning, most used by different accounts first."""

from typing import Final

from rookery.contracts.posts import PostsApi
from rookery.contracts.users import Reader, UsersApi
from rookery.kit.paging import Page, encode_cursor
from rookery.kit.problems import invalid_field
from rookery.search.repository import SearchRepository, TagCount
from rookery.search.schemas import FoundHashtag
from rookery.search.terms import hashtag_key

HASHTAGS_MAX: Final = 500  # of one search, over all pages
USES_LOOKED_AT: Final = 20  # of each hashtag, until the reader sees one
USES_SHOWN: Final = 2
POSTS_AT_ONCE: Final = 200  # PostsApi.posts


class HashtagSearch:
    def __init__(self, repository: SearchRepository, users: UsersApi, posts: PostsApi) -> None:
        self._repository = repository
        self._users = users
        self._posts = posts

    async def page(self, reader_id: int, text: str, skipped: int, limit: int) -> Page[FoundHashtag]:
        prefix = read_prefix(text)
        if not prefix:
            raise invalid_field("q", "blank", "needs the beginning of a hashtag")
        if skipped >= HASHTAGS_MAX:
            return Page([])
        reader = await self._users.reader(reader_id)
        return await self._page(reader, prefix, skipped, limit)

    async def _page(self, reader: Reader, prefix: str, skipped: int, limit: int) -> Page[FoundHashtag]:
        shown: list[FoundHashtag] = []
        while skipped < HASHTAGS_MAX:
            tags = await self._repository.tags(prefix, skipped=skipped, limit=limit + 1)
            visible = {found.tag: found for found in await self.visible(reader, tags[:limit])}
            for nth, tag in enumerate(tags[:limit], start=1):
                if tag.tag in visible:
                    shown.append(visible[tag.tag])
                if len(shown) == limit:
                    goes_on = nth < len(tags) and skipped + nth < HASHTAGS_MAX
                    return Page(shown, encode_cursor(skipped + nth) if goes_on else None)
            skipped += limit
            if len(tags) <= limit:
                break
        return Page(shown)

    async def suggestions(self, reader: Reader, text: str, limit: int) -> list[FoundHashtag]:
        prefix = read_prefix(text)
        if not prefix:
            return []
        tags = await self._repository.tags(prefix, skipped=0, limit=2 * limit)
        return (await self.visible(reader, tags))[:limit]

    async def visible(self, reader: Reader, tags: list[TagCount]) -> list[FoundHashtag]:
        """Those of which the reader sees a use, as posts are now: a name alone tells what hidden people write about."""
        if not tags:
            return []
        uses = await self._repository.uses_of_tags(
            reader, [tag.tag for tag in tags], uses_max=USES_LOOKED_AT, limit=USES_SHOWN
        )
        seen = await self._seen(reader, uses)
        return [
            FoundHashtag(tag=tag.tag, posts_count=tag.posts, authors_count=tag.authors)
            for tag in tags
            if tag.tag in seen
        ]

    async def _seen(self, reader: Reader, uses: dict[str, list[int]]) -> set[str]:
        post_ids = list({post_id for ids in uses.values() for post_id in ids})
        seen: set[str] = set()
        for start in range(0, len(post_ids), POSTS_AT_ONCE):
            posts = await self._posts.posts(reader, post_ids[start : start + POSTS_AT_ONCE])
            for post in posts.values():
                if int(post.author.id) not in reader.muting:
                    seen |= {hashtag_key(hashtag.tag) for hashtag in post.entities.hashtags}
        return seen


def read_prefix(text: str) -> str:
    """The beginning of a hashtag as it is kept; empty where there is none."""
    prefix = hashtag_key(text.strip().lstrip("#＃"))
    return prefix if prefix and not any(character.isspace() for character in prefix) else ""
