"""HTTP of accounts: sign-up, sessions, keys."""

from typing import Annotated, Any

import msgspec
from litestar import MediaType, Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody, PathParameter

from rookery.kit.idempotency import REPLAYED_HEADER, IdempotencyKey
from rookery.kit.identity import claims_of, requires_user, signed_in
from rookery.kit.ids import parse_id
from rookery.kit.paging import Page
from rookery.kit.params import refusals
from rookery.kit.patterns import whole
from rookery.kit.problems import NotFound, Unauthenticated
from rookery.users.accounts.cookies import NAME, no_refresh_cookie, refresh_cookie
from rookery.users.accounts.device import Device, check_same_origin, device_of
from rookery.users.accounts.errors import RefreshTokenInvalid
from rookery.users.accounts.grants import Issued
from rookery.users.accounts.schemas import (
    AuthGrant,
    EmailVerificationConfirm,
    JsonWebKeySet,
    PasswordChange,
    PasswordResetConfirm,
    PasswordResetCreate,
    Refresh,
    Session,
    SignIn,
    SignUp,
)
from rookery.users.accounts.service import Accounts
from rookery.users.service import Users

AnyRequest = Request[Any, Any, Any]
CalledUsers = NamedDependency[Users]

TAGS = ["accounts"]
BEARER: list[dict[str, list[str]]] = [{"bearer": []}]
# Said here, because the type of a handler that returns a response promises a body.
EMPTY_202 = {202: ResponseSpec(None, description="Taken up, without a body.")}
EMPTY_204 = {204: ResponseSpec(None, description="Done, without a body.")}
SessionId = Annotated[
    str,
    PathParameter(
        description="The id of a session, or `current` for this one.",
        pattern=whole("(current|[0-9]{1,19})", "the id of a session, or `current`"),
    ),
]


def granted(accounts: Accounts, issued: Issued, device: Device, status: int) -> Response[AuthGrant]:
    """The grant; for the web app, the refresh token in its cookie instead of the body."""
    if not device.web:
        return Response(issued.grant, status_code=status, headers=_NO_STORE)
    token = issued.grant.refresh_token or ""
    cookie = refresh_cookie(token, accounts.settings.public_url, issued.session_lifetime_s)
    grant = msgspec.structs.replace(issued.grant, refresh_token=None)
    return Response(grant, status_code=status, headers=_NO_STORE, cookies=[cookie])


def accepted() -> Response[None]:
    """202 without a body."""
    return Response(None, status_code=202, media_type=MediaType.TEXT)


_NO_STORE = {"Cache-Control": "no-store"}


@post(
    "/v1/users",
    operation_id="signUp",
    summary="Make an account and sign in to it",
    tags=TAGS,
    responses=refusals(400, 409, 429, 503),
)
async def sign_up(
    request: AnyRequest, users: CalledUsers, data: JSONBody[SignUp], idempotency_key: IdempotencyKey = None
) -> Response[AuthGrant]:
    device = device_of(request)
    issued, replayed = await users.accounts.sign_ups.sign_up(data, device, idempotency_key)
    response = granted(users.accounts, issued, device, 201)
    if replayed:
        response.headers[REPLAYED_HEADER] = "true"
    return response


@post(
    "/v1/sessions",
    operation_id="signIn",
    summary="Sign in by username or e-mail address",
    tags=TAGS,
    responses=refusals(400, 401, 429, 503),
)
async def sign_in(request: AnyRequest, users: CalledUsers, data: JSONBody[SignIn]) -> Response[AuthGrant]:
    device = device_of(request)
    return granted(users.accounts, await users.accounts.sign_ins.sign_in(data, device), device, 201)


@post(
    "/v1/sessions/refresh",
    operation_id="refreshSession",
    summary="Get new tokens for a session",
    description="The refresh token comes in the body or, for the web app, in its cookie. It is replaced at each use.",
    tags=TAGS,
    status_code=200,
    responses=refusals(400, 401, 403, 429, 503),
)
async def refresh_session(
    request: AnyRequest, users: CalledUsers, data: JSONBody[Refresh | None] = None
) -> Response[AuthGrant]:
    device = device_of(request)
    token = None if data is None else data.refresh_token
    if token is None:
        token = request.cookies.get(NAME)
        if not token:
            raise RefreshTokenInvalid("No refresh token was sent.")
        check_same_origin(request, users.accounts.settings.public_url)
    return granted(users.accounts, await users.accounts.sessions.refresh(token, device), device, 200)


@get(
    "/v1/sessions",
    operation_id="listSessions",
    summary="List the devices that are signed in",
    tags=TAGS,
    security=BEARER,
    guards=[requires_user],
    responses=refusals(401, 503),
)
async def list_sessions(request: AnyRequest, users: CalledUsers) -> Page[Session]:
    claims = signed_in(request)
    return Page(await users.accounts.sessions.list_of(claims.user_id, claims.session_id))


@delete(
    "/v1/sessions",
    operation_id="deleteOtherSessions",
    summary="Sign out all other devices",
    tags=TAGS,
    security=BEARER,
    guards=[requires_user],
    responses=refusals(401, 503),
)
async def delete_other_sessions(request: AnyRequest, users: CalledUsers) -> None:
    claims = signed_in(request)
    await users.accounts.sessions.end_others(claims.user_id, claims.session_id)


@delete(
    "/v1/sessions/{session_id:str}",
    operation_id="deleteSession",
    summary="Sign out a device",
    description="The web app may sign out `current` by its cookie alone, when its access token has expired.",
    tags=TAGS,
    security=BEARER,
    responses={**EMPTY_204, **refusals(400, 401, 403, 404, 503)},
)
async def delete_session(request: AnyRequest, users: CalledUsers, session_id: SessionId) -> Response[None]:
    claims = claims_of(request)
    ends_current = session_id == "current" or (claims is not None and session_id == str(claims.session_id))
    cookie = request.cookies.get(NAME)
    if ends_current and cookie and device_of(request).web:
        check_same_origin(request, users.accounts.settings.public_url)
        await users.accounts.sessions.end_by_token(cookie)
        if claims is not None:
            await users.accounts.sessions.end_if_there(claims.user_id, claims.session_id)
        return Response(None, status_code=204, cookies=[no_refresh_cookie(users.accounts.settings.public_url)])
    if claims is None:
        raise Unauthenticated("This needs a valid access token.")
    await users.accounts.sessions.end(claims.user_id, _session_number(session_id, claims.session_id))
    return Response(None, status_code=204)


def _session_number(text: str, current_id: int) -> int:
    if text == "current":
        return current_id
    if (number := parse_id(text)) is None:
        raise NotFound("You have no such session.")
    return number


@put(
    "/v1/users/me/password",
    operation_id="changePassword",
    summary="Change the password",
    description="Ends all other sessions.",
    tags=TAGS,
    status_code=204,
    security=BEARER,
    guards=[requires_user],
    responses=refusals(400, 401, 429, 503),
)
async def change_password(request: AnyRequest, users: CalledUsers, data: JSONBody[PasswordChange]) -> None:
    await users.accounts.password_changes.change(signed_in(request), data, device_of(request))


@post(
    "/v1/password-resets",
    operation_id="requestPasswordReset",
    summary="Ask for a mail with which to choose a new password",
    description="The answer is the same whether or not the address belongs to an account.",
    tags=TAGS,
    status_code=202,
    responses={**EMPTY_202, **refusals(400, 429, 503)},
)
async def request_password_reset(users: CalledUsers, data: JSONBody[PasswordResetCreate]) -> Response[None]:
    await users.accounts.password_changes.request_reset(data.email)
    return accepted()


@post(
    "/v1/password-resets/confirm",
    operation_id="confirmPasswordReset",
    summary="Choose a new password with the token from the mail",
    description="Ends all sessions.",
    tags=TAGS,
    status_code=204,
    responses=refusals(400, 429, 503),
)
async def confirm_password_reset(request: AnyRequest, users: CalledUsers, data: JSONBody[PasswordResetConfirm]) -> None:
    await users.accounts.password_changes.reset(data, device_of(request))


@post(
    "/v1/email-verifications",
    operation_id="requestEmailVerification",
    summary="Ask again for the mail that confirms the address",
    tags=TAGS,
    status_code=202,
    security=BEARER,
    guards=[requires_user],
    responses={**EMPTY_202, **refusals(401, 429, 503)},
)
async def request_email_verification(request: AnyRequest, users: CalledUsers) -> Response[None]:
    await users.accounts.email_verification.request(signed_in(request).user_id)
    return accepted()


@post(
    "/v1/email-verifications/confirm",
    operation_id="confirmEmailVerification",
    summary="Confirm the address with the token from the mail",
    tags=TAGS,
    status_code=204,
    responses=refusals(400, 429, 503),
)
async def confirm_email_verification(users: CalledUsers, data: JSONBody[EmailVerificationConfirm]) -> None:
    await users.accounts.email_verification.confirm(data.token)


@get(
    "/.well-known/jwks.json",
    operation_id="getPublicKeys",
    summary="The public keys that verify access tokens",
    tags=TAGS,
    responses=refusals(503),
)
async def public_keys(users: CalledUsers) -> Response[JsonWebKeySet]:
    return Response(await users.accounts.public_keys(), headers={"Cache-Control": "public, max-age=300"})


ROUTES = [
    sign_up,
    sign_in,
    refresh_session,
    list_sessions,
    delete_other_sessions,
    delete_session,
    change_password,
    request_password_reset,
    confirm_password_reset,
    request_email_verification,
    confirm_email_verification,
    public_keys,
]
