"""The search service: its use cases. Reads `users` for who the reader is, and `posts` for what a post is now."""

from rookery.contracts.posts import PostsApi
from rookery.contracts.users import UsersApi
from rookery.kit.resources import Resources
from rookery.search.account_search import AccountSearch
from rookery.search.hashtag_search import HashtagSearch
from rookery.search.indexing import Indexer
from rookery.search.places import Places
from rookery.search.post_search import PostSearch
from rookery.search.repository import SearchRepository
from rookery.search.typeahead import TypeaheadSearch


class SearchService:
    """Built once per process."""

    def __init__(self, resources: Resources, users: UsersApi, posts: PostsApi) -> None:
        self.repository = SearchRepository(resources.database)
        self.indexer = Indexer(self.repository, posts, users)
        self.posts = PostSearch(self.repository, users, posts, Places(resources.settings.secret_key))
        self.accounts = AccountSearch(self.repository, users)
        self.hashtags = HashtagSearch(self.repository, users, posts)
        self.typeahead = TypeaheadSearch(users, self.accounts, self.hashtags)
