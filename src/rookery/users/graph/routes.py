"""HTTP of the social graph."""

from typing import Any

from litestar import Request, delete, get, put
from litestar.di import NamedDependency

from rookery.kit.identity import requires_user, signed_in, viewer_id
from rookery.kit.paging import LIMIT_DEFAULT, Page, before_id
from rookery.kit.params import PageCursor, PageLimit, PathId, refusals
from rookery.users.schemas import Relationship, User
from rookery.users.service import Users

AnyRequest = Request[Any, Any, Any]

BEARER: list[dict[str, list[str]]] = [{"bearer": []}]
OPTIONAL: list[dict[str, list[str]]] = [{}, {"bearer": []}]


@put(
    "/v1/users/me/following/{user_id:int}",
    operation_id="followUser",
    summary="Follow an account",
    description="A protected account is asked: `requested` is then true. Repeating it changes nothing.",
    tags=["graph"],
    security=BEARER,
    guards=[requires_user],
    responses=refusals(400, 401, 403, 404, 409),
)
async def follow_user(request: AnyRequest, users: NamedDependency[Users], user_id: PathId) -> Relationship:
    return await users.graph.follow(signed_in(request).user_id, user_id)


@delete(
    "/v1/users/me/following/{user_id:int}",
    status_code=200,
    operation_id="unfollowUser",
    summary="Unfollow an account, or cancel the request",
    tags=["graph"],
    security=BEARER,
    guards=[requires_user],
    responses=refusals(400, 401, 404, 409),
)
async def unfollow_user(request: AnyRequest, users: NamedDependency[Users], user_id: PathId) -> Relationship:
    return await users.graph.unfollow(signed_in(request).user_id, user_id)


@delete(
    "/v1/users/me/followers/{user_id:int}",
    operation_id="removeFollower",
    summary="Make somebody a follower no longer",
    tags=["graph"],
    security=BEARER,
    guards=[requires_user],
    responses=refusals(400, 401, 404),
)
async def remove_follower(request: AnyRequest, users: NamedDependency[Users], user_id: PathId) -> None:
    await users.graph.remove_follower(signed_in(request).user_id, user_id)


@get(
    "/v1/users/{user_id:int}/followers",
    operation_id="listFollowers",
    summary="Who follows an account, newest first",
    tags=["graph"],
    security=OPTIONAL,
    responses=refusals(400, 403, 404),
)
async def list_followers(
    request: AnyRequest,
    users: NamedDependency[Users],
    user_id: PathId,
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: PageCursor = None,
) -> Page[User]:
    return await users.graph.followers(viewer_id(request), user_id, before_id(cursor), limit)


@get(
    "/v1/users/{user_id:int}/following",
    operation_id="listFollowing",
    summary="Whom an account follows, newest first",
    tags=["graph"],
    security=OPTIONAL,
    responses=refusals(400, 403, 404),
)
async def list_following(
    request: AnyRequest,
    users: NamedDependency[Users],
    user_id: PathId,
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: PageCursor = None,
) -> Page[User]:
    return await users.graph.following(viewer_id(request), user_id, before_id(cursor), limit)


@get(
    "/v1/users/me/follow-requests",
    operation_id="listFollowRequests",
    summary="Who asks to follow me, newest first",
    tags=["graph"],
    security=BEARER,
    guards=[requires_user],
    responses=refusals(400, 401),
)
async def list_follow_requests(
    request: AnyRequest, users: NamedDependency[Users], limit: PageLimit = LIMIT_DEFAULT, cursor: PageCursor = None
) -> Page[User]:
    return await users.graph.requests(signed_in(request).user_id, before_id(cursor), limit)


@put(
    "/v1/users/me/follow-requests/{user_id:int}",
    status_code=204,
    operation_id="acceptFollowRequest",
    summary="Let somebody follow me who asked",
    tags=["graph"],
    security=BEARER,
    guards=[requires_user],
    responses=refusals(400, 401, 404),
)
async def accept_follow_request(request: AnyRequest, users: NamedDependency[Users], user_id: PathId) -> None:
    await users.graph.accept(signed_in(request).user_id, user_id)


@delete(
    "/v1/users/me/follow-requests/{user_id:int}",
    operation_id="refuseFollowRequest",
    summary="Refuse somebody who asked to follow me",
    tags=["graph"],
    security=BEARER,
    guards=[requires_user],
    responses=refusals(400, 401, 404),
)
async def refuse_follow_request(request: AnyRequest, users: NamedDependency[Users], user_id: PathId) -> None:
    await users.graph.refuse(signed_in(request).user_id, user_id)


@get(
    "/v1/users/me/blocks",
    operation_id="listBlocks",
    summary="Whom I block, newest first",
    tags=["graph"],
    security=BEARER,
    guards=[requires_user],
    responses=refusals(400, 401),
)
async def list_blocks(
    request: AnyRequest, users: NamedDependency[Users], limit: PageLimit = LIMIT_DEFAULT, cursor: PageCursor = None
) -> Page[User]:
    return await users.graph.blocked(signed_in(request).user_id, before_id(cursor), limit)


@put(
    "/v1/users/me/blocks/{user_id:int}",
    operation_id="blockUser",
    summary="Block an account",
    description="Ends follows and requests in both directions.",
    tags=["graph"],
    security=BEARER,
    guards=[requires_user],
    responses=refusals(400, 401, 404, 409),
)
async def block_user(request: AnyRequest, users: NamedDependency[Users], user_id: PathId) -> Relationship:
    return await users.graph.block(signed_in(request).user_id, user_id)


@delete(
    "/v1/users/me/blocks/{user_id:int}",
    status_code=200,
    operation_id="unblockUser",
    summary="Unblock an account",
    tags=["graph"],
    security=BEARER,
    guards=[requires_user],
    responses=refusals(400, 401, 404, 409),
)
async def unblock_user(request: AnyRequest, users: NamedDependency[Users], user_id: PathId) -> Relationship:
    return await users.graph.unblock(signed_in(request).user_id, user_id)


@get(
    "/v1/users/me/mutes",
    operation_id="listMutes",
    summary="Whom I mute, newest first",
    tags=["graph"],
    security=BEARER,
    guards=[requires_user],
    responses=refusals(400, 401),
)
async def list_mutes(
    request: AnyRequest, users: NamedDependency[Users], limit: PageLimit = LIMIT_DEFAULT, cursor: PageCursor = None
) -> Page[User]:
    return await users.graph.muted(signed_in(request).user_id, before_id(cursor), limit)


@put(
    "/v1/users/me/mutes/{user_id:int}",
    operation_id="muteUser",
    summary="Mute an account, which does not learn of it",
    tags=["graph"],
    security=BEARER,
    guards=[requires_user],
    responses=refusals(400, 401, 404, 409),
)
async def mute_user(request: AnyRequest, users: NamedDependency[Users], user_id: PathId) -> Relationship:
    return await users.graph.mute(signed_in(request).user_id, user_id)


@delete(
    "/v1/users/me/mutes/{user_id:int}",
    status_code=200,
    operation_id="unmuteUser",
    summary="Hear an account again",
    tags=["graph"],
    security=BEARER,
    guards=[requires_user],
    responses=refusals(400, 401, 404, 409),
)
async def unmute_user(request: AnyRequest, users: NamedDependency[Users], user_id: PathId) -> Relationship:
    return await users.graph.unmute(signed_in(request).user_id, user_id)


ROUTES = [
    follow_user,
    unfollow_user,
    remove_follower,
    list_followers,
    list_following,
    list_follow_requests,
    accept_follow_request,
    refuse_follow_request,
    list_blocks,
    block_user,
    unblock_user,
    list_mutes,
    mute_user,
    unmute_user,
]
