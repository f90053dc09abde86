"""HTTP of notifications."""

from typing import Any

from litestar import Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import JSONBody

from rookery.kit.identity import Claims, requires_user, signed_in
from rookery.kit.ids import parse_id
from rookery.kit.paging import LIMIT_DEFAULT, before_id
from rookery.kit.params import PageCursor, PageLimit, refusals
from rookery.notifications.errors import malformed_id
from rookery.notifications.schemas import NotificationPage, NotificationsRead, UnreadCount
from rookery.notifications.service import Notifications

SignedIn = Request[Claims, Claims, State]

COMMON: dict[str, Any] = {"tags": ["notifications"], "security": [{"bearer": []}], "guards": [requires_user]}


@get(
    "/v1/notifications",
    operation_id="listNotifications",
    summary="What others did that concerns you, newest first",
    responses=refusals(400, 401),
    **COMMON,
)
async def list_notifications(
    request: SignedIn,
    notifications: NamedDependency[Notifications],
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: PageCursor = None,
) -> NotificationPage:
    return await notifications.page(signed_in(request).user_id, before_id(cursor), limit)


@get(
    "/v1/notifications/unread-count",
    operation_id="getUnreadCount",
    summary="How many notifications are unread",
    responses=refusals(401),
    **COMMON,
)
async def get_unread_count(request: SignedIn, notifications: NamedDependency[Notifications]) -> UnreadCount:
    return UnreadCount(await notifications.unread_count(signed_in(request).user_id))


@post(
    "/v1/notifications/read",
    operation_id="markNotificationsRead",
    summary="Mark notifications as read, all or up to one",
    status_code=200,
    responses=refusals(400, 401),
    **COMMON,
)
async def mark_notifications_read(
    request: SignedIn, notifications: NamedDependency[Notifications], data: JSONBody[NotificationsRead]
) -> UnreadCount:
    up_to = None if data.up_to_id is None else parse_id(data.up_to_id)
    if up_to is None and data.up_to_id is not None:
        raise malformed_id("up_to_id")
    return UnreadCount(await notifications.mark_read(signed_in(request).user_id, up_to))


ROUTES = [list_notifications, get_unread_count, mark_notifications_read]
