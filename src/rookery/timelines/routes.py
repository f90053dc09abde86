"""HTTP of timelines."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec

from rookery.contracts.posts import TimelineItem
from rookery.kit.identity import requires_user, signed_in
from rookery.kit.paging import LIMIT_DEFAULT, Page, before_id
from rookery.kit.params import PageCursor, PageLimit, refusals
from rookery.kit.rendering import AnyRequest
from rookery.timelines.service import Timelines


@get(
    "/v1/timelines/home",
    operation_id="getHomeTimeline",
    summary="The home timeline: what you follow, newest first",
    tags=["timelines"],
    security=[{"bearer": []}],
    guards=[requires_user],
    responses={
        200: ResponseSpec(Page[TimelineItem], generate_examples=False),
        **refusals(400, 401),
    },
)
async def get_home_timeline(
    request: AnyRequest,
    timelines: NamedDependency[Timelines],
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: PageCursor = None,
) -> Response[bytes]:
    page = await timelines.home_page(signed_in(request).user_id, before_id(cursor), limit)
    return Response(page, media_type="application/json")


ROUTES = [get_home_timeline]
