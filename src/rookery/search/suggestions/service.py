"""Whom to follow, with the reasons; what was dismissed; posts like a post."""

from collections.abc import Callable
from typing import Final

from rookery.access import may_see_content
from rookery.contracts.consumers import Subscription
from rookery.contracts.posts import PostsApi, TimelineEntry
from rookery.contracts.users import Author, Reader, UserBrief, UsersApi
from rookery.kit.ids import wall_clock_ms
from rookery.kit.jobs import Job
from rookery.kit.resources import Resources
from rookery.search.public_posts import PublicPosts
from rookery.search.suggestions.consumers import subscriptions
from rookery.search.suggestions.errors import AccountNotFound, PostNotFound
from rookery.search.suggestions.indexing import Indexing
from rookery.search.suggestions.ranking import Candidate, rank
from rookery.search.suggestions.repository import SuggestionRepository
from rookery.search.suggestions.schemas import Suggestion, SuggestionPage, SuggestionWhy
from rookery.search.suggestions.terms import terms_of, words_of
from rookery.search.suggestions.upkeep import jobs

SUGGESTIONS_MAX: Final = 50
ACQUAINTANCES: Final = 150  # asked for, since some may not be suggested
SIMILAR: Final = 100
LOOKED_UP_MAX: Final = 250  # candidates whose accounts are looked up
SIMILAR_POSTS: Final = 150  # candidates for a page of at most SUGGESTIONS_MAX


class Suggestions:
    """Reads `users` for the graph and for who may be shown, `posts` for what similar posts look like."""

    def __init__(self, resources: Resources, users: UsersApi, posts: PostsApi) -> None:
        self.repository = SuggestionRepository(resources.database)
        self.indexing = Indexing(self.repository, PublicPosts(users, posts))
        self._users = users
        self._posts = posts

    def subscriptions(self) -> list[Subscription]:
        return subscriptions(self.indexing)

    def jobs(self) -> list[Job]:
        return jobs(self.repository, self._users)

    async def page(self, user_id: int, limit: int) -> SuggestionPage:
        """The best `limit` suggestions. Five statements with warm caches, whatever is suggested."""
        reader = await self._users.reader(user_id)
        dismissed = await self.repository.dismissed(user_id)
        requested = await self._users.requested(user_id)
        never = (
            reader.following | reader.blocking | reader.blocked_by | reader.muting | dismissed | requested | {user_id}
        )
        ranked = rank(
            await self._users.acquaintances(user_id, sorted(dismissed), ACQUAINTANCES),
            await self.repository.similar_accounts(user_id, SIMILAR),
            await self.repository.popular(),
            lambda candidate_id: candidate_id not in never,
        )[:LOOKED_UP_MAX]
        authors = await self._users.authors(list(_people(ranked)))
        shown = [each for each in ranked if _may_be_suggested(each, authors.get(each.user_id))]
        return SuggestionPage(data=[_suggestion(reader, each, authors) for each in shown[:limit]])

    async def dismiss(self, user_id: int, dismissed_id: int) -> None:
        """Not to be suggested any more; a repetition changes nothing. Raises AccountNotFound."""
        if not await self._users.authors([dismissed_id]):
            raise AccountNotFound
        await self.repository.dismiss(user_id, dismissed_id, wall_clock_ms())

    async def similar_posts(self, reader_id: int, post_id: int, limit: int) -> list[bytes]:
        """The JSON of at most `limit` TimelineItems that the reader may and will see, most similar first.

        Raises PostNotFound where the reader may not know of the post.
        """
        reader = await self._users.reader(reader_id)
        post = (await self._posts.posts(reader, [post_id])).get(post_id)
        if post is None:
            raise PostNotFound
        await self.repository.learn_words(words_of(post))
        terms = terms_of(post, self.repository.stop_words)
        found = await self.repository.similar_posts(post_id, terms, SIMILAR_POSTS) if terms else []
        entries = [TimelineEntry(each.post_id, each.author_id, each.post_id) for each in found]
        return [item for _, item in await self._posts.items_json(reader, entries)][:limit]


def _people(ranked: list[Candidate]) -> set[int]:
    """At most 4 for each candidate, as many as UsersApi.authors takes."""
    return {user_id for each in ranked for user_id in (each.user_id, *each.via)}


def _may_be_suggested(candidate: Candidate, author: Author | None) -> bool:
    """A protected account only for whom people one follows follow: what it writes is nobody else's business."""
    return author is not None and (not author.protected or candidate.via_count > 0)


def _suggestion(reader: Reader, candidate: Candidate, authors: dict[int, Author]) -> Suggestion:
    why = SuggestionWhy(
        source=candidate.source,
        via=_briefs(reader, candidate.via, authors.get),
        via_count=candidate.via_count,
        terms=candidate.terms,
        followers_count=candidate.followers,
    )
    return Suggestion(user=authors[candidate.user_id].brief, why=why)


def _briefs(reader: Reader, ids: list[int], author_of: Callable[[int], Author | None]) -> list[UserBrief]:
    found = (author_of(user_id) for user_id in ids)
    return [author.brief for author in found if author is not None and may_see_content(reader, author)]
