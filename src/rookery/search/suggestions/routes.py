"""HTTP of suggestions and of similar posts."""

from typing import Annotated, Any

from litestar import Response, delete, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import Parameter

from rookery.kit.identity import requires_user, signed_in, viewer_id
from rookery.kit.paging import LIMIT_DEFAULT
from rookery.kit.params import PathId, refusals
from rookery.kit.rendering import AnyRequest
from rookery.search.suggestions.schemas import SimilarPostPage, SuggestionPage
from rookery.search.suggestions.service import SUGGESTIONS_MAX, Suggestions

Limit = Annotated[int, Parameter(ge=1, le=SUGGESTIONS_MAX, description="How many entries there are at most.")]

SIGNED_IN: dict[str, Any] = {"tags": ["search"], "security": [{"bearer": []}], "guards": [requires_user]}
PUBLIC: dict[str, Any] = {"tags": ["search"], "security": [{}, {"bearer": []}]}


@get(
    "/v1/users/me/suggestions",
    operation_id="listSuggestions",
    summary="Whom you may want to follow, and why",
    responses=refusals(400, 401),
    **SIGNED_IN,
)
async def list_suggestions(
    request: AnyRequest, suggestions: NamedDependency[Suggestions], limit: Limit = LIMIT_DEFAULT
) -> SuggestionPage:
    return await suggestions.page(signed_in(request).user_id, limit)


@delete(
    "/v1/users/me/suggestions/{user_id:int}",
    operation_id="dismissSuggestion",
    summary="Do not suggest this account any more",
    responses=refusals(401, 404),
    **SIGNED_IN,
)
async def dismiss_suggestion(request: AnyRequest, suggestions: NamedDependency[Suggestions], user_id: PathId) -> None:
    await suggestions.dismiss(signed_in(request).user_id, user_id)


@get(
    "/v1/posts/{post_id:int}/similar",
    operation_id="listSimilarPosts",
    summary="Posts like this one, the most similar first",
    responses={200: ResponseSpec(SimilarPostPage, generate_examples=False), **refusals(400, 401, 404)},
    **PUBLIC,
)
async def list_similar_posts(
    request: AnyRequest, suggestions: NamedDependency[Suggestions], post_id: PathId, limit: Limit = LIMIT_DEFAULT
) -> Response[bytes]:
    items = await suggestions.similar_posts(viewer_id(request), post_id, limit)
    return Response(b'{"data":[%s],"next_cursor":null}' % b",".join(items), media_type="application/json")


ROUTES = [list_suggestions, dismiss_suggestion, list_similar_posts]
