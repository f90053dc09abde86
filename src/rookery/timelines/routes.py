"""HTTP of timelines."""

from typing import Annotated

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.openapi import ResponseSpec
from litestar.params import Parameter

from rookery.contracts.posts import TimelineItem
from rookery.kit.identity import Claims, requires_user, signed_in
from rookery.kit.paging import LIMIT_DEFAULT, LIMIT_MAX, Page, before_id
from rookery.kit.problems import ProblemDocument
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
        400: ResponseSpec(ProblemDocument, media_type="application/problem+json", generate_examples=False),
        401: ResponseSpec(ProblemDocument, media_type="application/problem+json", generate_examples=False),
    },
)
async def get_home_timeline(
    request: Request[Claims, Claims, State],
    timelines: Timelines,
    limit: Annotated[int, Parameter(ge=1, le=LIMIT_MAX)] = LIMIT_DEFAULT,
    cursor: Annotated[str | None, Parameter(max_length=100)] = None,
) -> Response[bytes]:
    page = await timelines.home_page(signed_in(request).user_id, before_id(cursor), limit)
    return Response(page, media_type="application/json")


ROUTES = [get_home_timeline]
