"""HTTP of the ranked timeline and of what readers set about it."""

from typing import Annotated, Any

from litestar import Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody, Parameter

from rookery.kit.identity import requires_user, signed_in, viewer_id
from rookery.kit.ids import parse_id
from rookery.kit.paging import LIMIT_DEFAULT
from rookery.kit.params import PageCursor, PageLimit, PathId, refusals
from rookery.kit.rendering import AnyRequest
from rookery.timelines.ranking.errors import malformed_ids
from rookery.timelines.ranking.popular import POPULAR_MAX
from rookery.timelines.ranking.schemas import PopularPage, RankedPage, Ranking, RankingUpdate, SeenPosts
from rookery.timelines.ranking.service import ForYou

COMMON: dict[str, Any] = {"tags": ["timelines"], "security": [{"bearer": []}], "guards": [requires_user]}
PUBLIC: dict[str, Any] = {"tags": ["timelines"], "security": [{}, {"bearer": []}]}

PopularLimit = Annotated[int, Parameter(ge=1, le=POPULAR_MAX, description="How many posts there are at most.")]


@get(
    "/v1/timelines/for-you",
    operation_id="getForYouTimeline",
    summary="The ranked timeline, each item with its reasons",
    responses={200: ResponseSpec(RankedPage, generate_examples=False), **refusals(400, 401)},
    **COMMON,
)
async def get_for_you(
    request: AnyRequest,
    for_you: NamedDependency[ForYou],
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: PageCursor = None,
) -> Response[bytes]:
    page = await for_you.page(signed_in(request).user_id, cursor, limit)
    return Response(page, media_type="application/json")


@get(
    "/v1/timelines/popular",
    operation_id="listPopularPosts",
    summary="What many like and repost now, one post of each author",
    responses={200: ResponseSpec(PopularPage, generate_examples=False), **refusals(400, 401)},
    **PUBLIC,
)
async def list_popular_posts(
    request: AnyRequest, for_you: NamedDependency[ForYou], limit: PopularLimit = LIMIT_DEFAULT
) -> Response[bytes]:
    items = await for_you.popular.items(viewer_id(request), limit)
    return Response(b'{"data":[%s],"next_cursor":null}' % b",".join(items), media_type="application/json")


@put(
    "/v1/timelines/for-you/less/{post_id:int}",
    operation_id="showLess",
    summary="Show less like this post",
    status_code=204,
    responses=refusals(401, 404),
    **COMMON,
)
async def show_less(request: AnyRequest, for_you: NamedDependency[ForYou], post_id: PathId) -> None:
    await for_you.tuning.show_less(signed_in(request).user_id, post_id)


@delete(
    "/v1/timelines/for-you/less/{post_id:int}",
    operation_id="undoShowLess",
    summary="Undo showing less like this post",
    responses=refusals(401, 404),
    **COMMON,
)
async def undo_show_less(request: AnyRequest, for_you: NamedDependency[ForYou], post_id: PathId) -> None:
    await for_you.tuning.undo_less(signed_in(request).user_id, post_id)


@post(
    "/v1/timelines/for-you/seen",
    operation_id="markSeen",
    summary="Tell which posts were on the screen",
    status_code=204,
    responses=refusals(400, 401),
    **COMMON,
)
async def mark_seen(request: AnyRequest, for_you: NamedDependency[ForYou], data: JSONBody[SeenPosts]) -> None:
    post_ids = [parse_id(text) for text in data.post_ids]
    known = [post_id for post_id in post_ids if post_id is not None]
    if len(known) < len(post_ids):
        raise malformed_ids(f"post_ids[{post_ids.index(None)}]")
    await for_you.tuning.mark_seen(signed_in(request).user_id, known)


@get(
    "/v1/users/me/ranking",
    operation_id="getRanking",
    summary="How your timeline is ranked",
    responses=refusals(401),
    **COMMON,
)
async def get_ranking(request: AnyRequest, for_you: NamedDependency[ForYou]) -> Ranking:
    return await for_you.tuning.ranking(signed_in(request).user_id)


@patch(
    "/v1/users/me/ranking",
    operation_id="updateRanking",
    summary="Change how your timeline is ranked",
    responses=refusals(400, 401),
    **COMMON,
)
async def update_ranking(
    request: AnyRequest, for_you: NamedDependency[ForYou], data: JSONBody[RankingUpdate]
) -> Ranking:
    return await for_you.tuning.update(signed_in(request).user_id, data)


@delete(
    "/v1/users/me/ranking/less",
    operation_id="forgetShowLess",
    summary="Forget every wish to be shown less",
    responses=refusals(401),
    **COMMON,
)
async def forget_less(request: AnyRequest, for_you: NamedDependency[ForYou]) -> None:
    await for_you.tuning.forget_less(signed_in(request).user_id)


ROUTES = [
    get_for_you,
    list_popular_posts,
    show_less,
    undo_show_less,
    mark_seen,
    get_ranking,
    update_ranking,
    forget_less,
]
