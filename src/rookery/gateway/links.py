"""Links of the OpenAPI description: which requests take the id that an answer gives."""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]
Source = tuple[str, str, str]  # operation and status whose answer has such an id, and where in it

BY_PARAMETER: dict[str, Source] = {
    "post_id": ("createPost", "201", "$response.body#/id"),
    "user_id": ("signUp", "201", "$response.body#/user/id"),
    "username": ("signUp", "201", "$response.body#/user/username"),
    "media_id": ("createMedia", "202", "$response.body#/id"),
    "session_id": ("listSessions", "200", "$response.body#/data/0/id"),
}
# Where only some of the ids make sense.
BY_PATH: dict[str, Source] = {
    "/v1/users/me/follow-requests/{user_id}": ("listFollowRequests", "200", "$response.body#/data/0/id"),
}


def add_links(operations: Iterable[tuple[str, Json]]) -> None:
    """To each answer that gives an id, links to those operations, given with their paths, that take it."""
    listed = list(operations)
    by_id = {operation["operationId"]: operation for _, operation in listed}
    for path, operation in listed:
        for parameter in operation.get("parameters", ()):
            source = BY_PATH.get(path) or BY_PARAMETER.get(parameter["name"])
            if parameter["in"] == "path" and source is not None:
                _add_link(by_id[source[0]]["responses"][source[1]], operation["operationId"], parameter, source[2])


def _add_link(response: Json, operation_id: str, parameter: Json, expression: str) -> None:
    response.setdefault("links", {})[operation_id] = {
        "operationId": operation_id,
        "parameters": {f"path.{parameter['name']}": expression},
    }
