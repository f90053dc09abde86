"""HTTP of trends."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import Parameter

from rookery.kit.identity import viewer_id
from rookery.kit.params import refusals
from rookery.kit.patterns import whole
from rookery.kit.rendering import AnyRequest
from rookery.search.trends.burst import Window
from rookery.search.trends.computing import TRENDS_MAX
from rookery.search.trends.schemas import TrendPage
from rookery.search.trends.service import Trends

WindowParameter = Annotated[Window, Parameter(description="What counts as now.")]
Language = Annotated[
    str | None,
    Parameter(
        pattern=whole("[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", "a language tag such as en or zh-TW"),
        description="Posts in this language only, such as `en`; absent for all.",
    ),
]
TrendLimit = Annotated[int, Parameter(ge=1, le=TRENDS_MAX, description="How many trends at most.")]

COMMON: dict[str, Any] = {"tags": ["search"], "security": [{}, {"bearer": []}]}


@get(
    "/v1/trends",
    operation_id="listTrends",
    summary="What more people speak of than is usual for it",
    responses=refusals(400, 401),
    **COMMON,
)
async def list_trends(
    request: AnyRequest,
    trends: NamedDependency[Trends],
    window: WindowParameter = "24h",
    lang: Language = None,
    limit: TrendLimit = 10,
) -> TrendPage:
    return await trends.page(viewer_id(request), window, lang, limit)


ROUTES = [list_trends]
