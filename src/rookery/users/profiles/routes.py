"""HTTP of profiles."""

from typing import Annotated, Any

from litestar import Request, Response, get, patch
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody, Parameter

from rookery.kit.etag import conditional
from rookery.kit.identity import requires_user, signed_in, viewer_id
from rookery.kit.params import PathId, refusals
from rookery.kit.patterns import USERNAME
from rookery.users.profiles.schemas import ProfileUpdate
from rookery.users.schemas import Me, User
from rookery.users.service import Users

AnyRequest = Request[Any, Any, Any]

NOT_MODIFIED = {304: ResponseSpec(None, description="What If-None-Match names is still so.", generate_examples=False)}


@get(
    "/v1/users/me",
    operation_id="getMe",
    summary="My account",
    tags=["users"],
    security=[{"bearer": []}],
    guards=[requires_user],
    responses={**NOT_MODIFIED, **refusals(401)},
)
async def get_me(request: AnyRequest, users: NamedDependency[Users]) -> Response[Me]:
    return conditional(request, await users.profiles.me(signed_in(request).user_id))


@patch(
    "/v1/users/me",
    operation_id="updateMe",
    summary="Change my profile",
    description="What is absent stays. An account that is no longer protected accepts all who asked to follow it.",
    tags=["users"],
    security=[{"bearer": []}],
    guards=[requires_user],
    responses=refusals(400, 401),
)
async def update_me(request: AnyRequest, users: NamedDependency[Users], data: JSONBody[ProfileUpdate]) -> Me:
    return await users.profiles.update(signed_in(request).user_id, data)


@get(
    "/v1/users/{user_id:int}",
    operation_id="getUser",
    summary="An account",
    tags=["users"],
    security=[{}, {"bearer": []}],
    responses={**NOT_MODIFIED, **refusals(400, 404)},
)
async def get_user(request: AnyRequest, users: NamedDependency[Users], user_id: PathId) -> Response[User]:
    return conditional(request, await users.profiles.user(viewer_id(request), user_id))


@get(
    "/v1/users/by-username/{username:str}",
    operation_id="getUserByUsername",
    summary="An account by its username, without regard to case",
    tags=["users"],
    security=[{}, {"bearer": []}],
    responses={**NOT_MODIFIED, **refusals(400, 404)},
)
async def get_user_by_username(
    request: AnyRequest,
    users: NamedDependency[Users],
    username: Annotated[str, Parameter(min_length=1, max_length=20, pattern=USERNAME)],
) -> Response[User]:
    return conditional(request, await users.profiles.user_by_username(viewer_id(request), username))


ROUTES = [get_me, update_me, get_user, get_user_by_username]
