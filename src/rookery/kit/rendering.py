"""How Litestar answers: msgspec JSON, and every failure as an RFC 9457 problem document."""

from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from rookery.kit.problems import FieldError, Invalid, NotFound, Problem, Unavailable
from rookery.kit.validation import field_error_of, missing_parameter

PROBLEM_JSON = "application/problem+json"

log = structlog.get_logger(__name__)

AnyRequest = Request[Any, Any, Any]


def problem_response(problem: Problem, request_id: str) -> Response[bytes]:
    return Response(
        msgspec.json.encode(problem.document(request_id)),
        status_code=problem.status,
        media_type=PROBLEM_JSON,
        headers=problem.headers,
    )


def render_problem(request: AnyRequest, problem: Problem) -> Response[bytes]:
    if problem.status >= 500:
        log.warning("http.problem", code=problem.code, cause=repr(problem.__cause__))
    return problem_response(problem, request_id_of(request))


def render_validation(request: AnyRequest, error: ValidationException) -> Response[bytes]:
    errors = _field_errors(request, error)
    detail = "; ".join(f"{each.field}: {each.message}" for each in errors)
    return problem_response(Invalid(detail, errors=errors), request_id_of(request))


def render_http_exception(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    if error.status_code == 404:
        return problem_response(NotFound("No such address."), request_id_of(request))
    detail = str(error.detail) if error.status_code < 500 else ""
    if error.status_code == 405 and (allowed := (error.headers or {}).get("allow")):
        detail = f"This address takes {allowed}."
    problem = Problem(detail, code=_code_of(error.status_code))
    problem.status = error.status_code
    problem.title = HTTPStatus(error.status_code).phrase
    response = problem_response(problem, request_id_of(request))
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def render_unexpected(request: AnyRequest, error: Exception) -> Response[bytes]:
    log.error("http.unexpected", exc_info=error, method=request.method, path=request.url.path)
    return problem_response(Problem(), request_id_of(request))


def render_timeout(request: AnyRequest, _: TimeoutError) -> Response[bytes]:
    return problem_response(Unavailable("This took too long; try again in a moment."), request_id_of(request))


def request_id_of(request: AnyRequest) -> str:
    return str(request.scope.get("rookery.request_id", ""))


def _code_of(status: int) -> str:
    return {400: "invalid", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}.get(
        status, "error" if status < 500 else "internal_error"
    )


def _field_errors(request: AnyRequest, error: ValidationException) -> list[FieldError]:
    """The parameters that a failed validation names, as Litestar reports them; `request` when it names none."""
    extra = error.extra if isinstance(error.extra, list) else []
    errors = [_parameter_error(request, item) for item in extra if isinstance(item, dict)]
    if not errors and (missing := missing_parameter(error.detail)):
        errors = [missing]
    return errors or [FieldError("request", "invalid", str(error.detail))]


def _parameter_error(request: AnyRequest, item: dict[str, Any]) -> FieldError:
    """Parameters are reported as handlers call them: an absent body as a missing `data`, headers as `if_match`."""
    key = str(item.get("key") or "request")
    message = str(item.get("message", "is not valid"))
    if key == "data":
        return FieldError("body", "required", "is required")
    parameter = request.route_handler.parsed_fn_signature.parameters.get(key)
    name = getattr(parameter and parameter.kwarg_definition, "name", None)
    return field_error_of(message, name or key)


EXCEPTION_HANDLERS: dict[Any, Any] = {
    Problem: render_problem,
    ValidationException: render_validation,
    HTTPException: render_http_exception,
    TimeoutError: render_timeout,
    Exception: render_unexpected,
}
