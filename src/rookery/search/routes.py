"""HTTP of search. Signed out, it finds what everybody may see."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.openapi.spec import Example
from litestar.params import Parameter, QueryParameter

from rookery.contracts.users import User
from rookery.kit.identity import viewer_id
from rookery.kit.paging import LIMIT_DEFAULT, Page, decode_cursor
from rookery.kit.params import PageCursor, PageLimit, refusals
from rookery.kit.patterns import CURSOR_FORM, whole
from rookery.kit.rendering import AnyRequest
from rookery.search.grammar import QUERY_LENGTH_MAX
from rookery.search.schemas import FoundHashtag, FoundPost, Order, Typeahead
from rookery.search.service import SearchService

PUBLIC: dict[str, Any] = {"tags": ["search"], "security": [{}, {"bearer": []}]}
NAME_LENGTH_MAX = 100
QUERIES = [
    Example(summary="Words and a phrase", value='rook "on the roof" -crow'),
    Example(summary="Either of two, by whom and since when", value="(rook OR jackdaw) from:ana since:2026-01-31"),
    Example(summary="What many liked, with links", value="#birds min_likes:10 has:link -is:reply"),
]

Query = Annotated[
    str,
    QueryParameter(
        min_length=1,
        max_length=QUERY_LENGTH_MAX,
        description='Words, "phrases", #tags, @names, $symbols, operators such as `from:ana`; `-` excludes, `OR` and '
        "parentheses combine.",
        examples=QUERIES,
    ),
]
Text = Annotated[str, QueryParameter(min_length=1, max_length=NAME_LENGTH_MAX, description="The beginning of a name.")]
SearchOrder = Annotated[Order, QueryParameter(description="Best first, or newest first.")]
# One number in the order `latest`, four by relevance.
SearchCursor = Annotated[
    str | None,
    Parameter(
        pattern=whole("[A-Za-f][A-Za-z0-9_-]{10}([A-Za-z0-9_-]{43})?", CURSOR_FORM),
        description="`next_cursor` of the page before; absent for the first page.",
    ),
]


@get(
    "/v1/search/posts",
    operation_id="searchPosts",
    summary="Posts that match a query",
    responses=refusals(400, 401),
    **PUBLIC,
)
async def search_posts(
    request: AnyRequest,
    search: NamedDependency[SearchService],
    q: Query,
    order: SearchOrder = "relevance",
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: SearchCursor = None,
) -> Page[FoundPost]:
    return await search.posts.page(viewer_id(request), q, order, cursor, limit)


@get(
    "/v1/search/users",
    operation_id="searchUsers",
    summary="Accounts by name and bio",
    responses=refusals(400, 401),
    **PUBLIC,
)
async def search_users(
    request: AnyRequest,
    search: NamedDependency[SearchService],
    q: Text,
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: PageCursor = None,
) -> Page[User]:
    return await search.accounts.page(viewer_id(request), q, _skipped(cursor), limit)


@get(
    "/v1/search/hashtags",
    operation_id="searchHashtags",
    summary="Hashtags by their beginning",
    responses=refusals(400, 401),
    **PUBLIC,
)
async def search_hashtags(
    request: AnyRequest,
    search: NamedDependency[SearchService],
    q: Text,
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: PageCursor = None,
) -> Page[FoundHashtag]:
    return await search.hashtags.page(viewer_id(request), q, _skipped(cursor), limit)


@get(
    "/v1/search/typeahead",
    operation_id="searchTypeahead",
    summary="What the beginning of a search may become",
    responses=refusals(400, 401),
    **PUBLIC,
)
async def search_typeahead(request: AnyRequest, search: NamedDependency[SearchService], q: Text) -> Typeahead:
    return await search.typeahead.suggest(viewer_id(request), q)


def _skipped(cursor: str | None) -> int:
    """How many places the pages before have taken."""
    return 0 if cursor is None else decode_cursor(cursor)[0]


ROUTES = [search_posts, search_users, search_hashtags, search_typeahead]
