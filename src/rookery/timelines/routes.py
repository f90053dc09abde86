"""HTTP of timelines."""

import re

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec

from rookery.contracts.posts import TimelineItem
from rookery.kit.identity import requires_user, signed_in
from rookery.kit.paging import LIMIT_DEFAULT, Page, before_id
from rookery.kit.params import PageCursor, PageLimit, refusals
from rookery.kit.rendering import AnyRequest
from rookery.timelines.ranking.routes import ROUTES as RANKING_ROUTES
from rookery.timelines.service import Timelines

HOME_PATH = "/v1/timelines/home"

# The queries that clients send; anything else is for the route, which names what is wrong.
PLAIN_QUERY = re.compile(rb"(?:limit=([1-9][0-9]?|100))?(?:(?:^|&)cursor=([A-Za-z0-9_-]{1,100}))?")


@get(
    HOME_PATH,
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


async def home_lane(timelines: Timelines, user_id: int, query: bytes) -> bytes | None:
    """The same answer without the router, for a plain query; None for any other."""
    plain = PLAIN_QUERY.fullmatch(query)
    if plain is None:
        return None
    limit, cursor = plain.groups()
    before = before_id(None if cursor is None else cursor.decode())
    return await timelines.home_page(user_id, before, int(limit or LIMIT_DEFAULT))


ROUTES = [get_home_timeline, *RANKING_ROUTES]
