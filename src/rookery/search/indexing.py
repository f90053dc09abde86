"""Puts posts and accounts into the read model: always as they are now, so that it does not matter how often or late."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from rookery.contracts.posts import PostsApi, StoredPost
from rookery.contracts.users import Profile, UsersApi
from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.kit.text.language import detect
from rookery.search.analysis import fold
from rookery.search.repository import AuthorDocument, PostDocument, SearchRepository, TagUse
from rookery.search.terms import hashtag_key, post_vector, vector_text, word_places

DAY_MS: Final = 24 * 3_600_000
TAG_DAYS: Final = 7
TAG_USES_MAX: Final = 2_000  # counted of each hashtag
AUTHORS_AT_ONCE: Final = 1_000


class Indexer:
    def __init__(self, repository: SearchRepository, posts: PostsApi, users: UsersApi) -> None:
        self.repository = repository
        self._posts = posts
        self._users = users

    async def refresh_posts(self, authors: dict[int, int]) -> None:
        """Index these posts (ids, each with its author's) as they are now; those that are gone leave tombstones."""
        stored = await self._posts.stored_posts(list(authors))
        found = {post.id for post in stored}
        gone = [(post_id, author_id) for post_id, author_id in authors.items() if post_id not in found]
        tags = await self.store_posts(stored)
        if gone:
            tags |= await self.repository.bury_posts(gone)
        await self.count_tags(tags)

    async def store_posts(self, posts: Sequence[StoredPost]) -> set[str]:
        """The hashtags to be counted anew."""
        if not posts:
            return set()
        documents = [document(post, post.lang or await detect(post.content)) for post in posts]
        return await self.repository.index_posts(documents, list(uses(posts)))

    async def refresh_authors(self, user_ids: Sequence[int], *, have_changed: bool) -> None:
        """Index accounts as they are now. Where they may have become protected or public, their hashtags count anew."""
        for start in range(0, len(user_ids), AUTHORS_AT_ONCE):
            some = list(user_ids[start : start + AUTHORS_AT_ONCE])
            await self.store_authors(await self._users.profiles_of(some))
            if have_changed:
                await self.count_tags(await self.repository.tags_of_authors(some, since=_counted_since()))

    async def store_authors(self, profiles: Sequence[Profile]) -> None:
        if profiles:
            documents = [author_document(profile, await detect(profile.bio)) for profile in profiles]
            await self.repository.index_authors(documents)

    async def count_tags(self, tags: Iterable[str]) -> None:
        if tags := list(tags):
            await self.repository.count_tags(tags, since=_counted_since(), uses_max=TAG_USES_MAX)


def document(post: StoredPost, lang: str | None) -> PostDocument:
    """`lang` beside the post: those from before languages were told at creation are told when they are indexed."""
    post = msgspec.structs.replace(post, lang=lang)
    return PostDocument(post.id, post.author_id, post.revision, lang, post_vector(post))


def uses(posts: Iterable[StoredPost]) -> Iterable[TagUse]:
    for post in posts:
        for tag in {hashtag_key(hashtag.tag) for hashtag in post.entities.hashtags}:
            yield TagUse(tag, post.id, post.author_id)


def author_document(profile: Profile, bio_lang: str | None) -> AuthorDocument:
    names = f" {fold(profile.username)} {fold(profile.display_name)}"
    text = f"{profile.username} {profile.display_name} {profile.bio}"
    words = vector_text(word_places(text, bio_lang))
    return AuthorDocument(
        profile.id, profile.username.lower(), names, words, profile.protected, profile.followers_count
    )


def _counted_since() -> int:
    return first_id_at(wall_clock_ms() - TAG_DAYS * DAY_MS)
