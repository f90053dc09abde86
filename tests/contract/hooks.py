"""What schemathesis cannot know of Rookery: who it is, and data that no JSON Schema describes.

`ana` makes the requests. What lists or ends sessions is asked by `ben`, in a session of its own for each request, so
that no case can sign the run out. `ben` is protected, and nothing changes that, so that people ask to follow him.
"""

import atexit
import json
import os
import secrets
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from hypothesis import strategies as st
from schemathesis import AuthContext, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import UseAfterFree

from tests.media.files import png
from tests.people import PASSWORD

Case = schemathesis.Case[Any]

URL = os.environ["ROOKERY_URL"]
SIGNED_OUT = os.environ.get("SIGNED_OUT") == "1"
AS_BEN = {"listSessions", "deleteSession", "listFollowRequests", "acceptFollowRequest", "refuseFollowRequest"}

schemathesis.openapi.format("password", st.integers(0, 2**32).map(lambda number: f"{PASSWORD}-{number}"))
schemathesis.openapi.format("email", st.integers(0, 2**32).map(lambda number: f"person-{number}@example.org"))

PICTURE = png(8, 8)

# Operation id and status, for each case that was answered.
answers: Counter[str] = Counter()


def sign_up(username: str) -> str:
    """The access token of a new account."""
    body = {"username": username, "email": f"{username}@example.org", "password": PASSWORD}
    answer = httpx.post(f"{URL}/v1/users", json=body, timeout=60)
    return str(answer.raise_for_status().json()["access_token"])


def ask_to_follow(username: str) -> None:
    """As somebody new."""
    headers = {"Authorization": f"Bearer {sign_up(new_name())}"}
    user_id = httpx.get(f"{URL}/v1/users/by-username/{username}", timeout=60).raise_for_status().json()["id"]
    httpx.put(f"{URL}/v1/users/me/following/{user_id}", headers=headers, timeout=60).raise_for_status()


def new_name() -> str:
    return f"user_{secrets.token_hex(6)}"


def sign_in(username: str) -> str:
    """An access token of a new session."""
    answer = httpx.post(f"{URL}/v1/sessions", json={"login": username, "password": PASSWORD}, timeout=60)
    return str(answer.raise_for_status().json()["access_token"])


class Tokens:
    """Gives each request its token; with SIGNED_OUT, none."""

    def __init__(self) -> None:
        self._of_ana: str | None = None

    def get(self, _: Case, context: AuthContext) -> str | None:
        if SIGNED_OUT:
            return None
        if operation_id(context.operation) in AS_BEN:
            return sign_in("ben")
        self._of_ana = self._of_ana or sign_in("ana")
        return self._of_ana

    def set(self, case: Case, data: str, _: AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


schemathesis.auth(refresh_interval=None)(Tokens)


@schemathesis.hook
def before_load_schema(_: HookContext, description: dict[str, Any]) -> None:
    """It knows by names what gives an id that another request takes: `media_ids` are of a Media, or no chain begins
    with a post."""
    renamed = json.dumps(description).replace("#/components/schemas/OwnMedia", "#/components/schemas/Media")
    description.update(json.loads(renamed))
    schemas = description["components"]["schemas"]
    schemas["Media"] = schemas.pop("OwnMedia")


@schemathesis.hook
def before_call(_: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """What a chain of requests begins with shall succeed: a name that is free, a post that answers none, a picture."""
    if case.meta is None or case.meta.phase.name != TestPhase.STATEFUL:
        return
    name = operation_id(case.operation)
    if name == "listFollowRequests":
        ask_to_follow("ben")
    elif name == "signUp" and isinstance(case.body, dict):
        username = new_name()
        case.body |= {"username": username, "email": f"{username}@example.org"}
    elif name == "createMedia":
        case.body = {"file": PICTURE}  # type: ignore[dict-item]
    elif name == "createPost" and isinstance(case.body, dict):
        case.body = {"content": f"{str(case.body.get('content', ''))[:100]} {secrets.token_hex(6)}"}


@schemathesis.hook
def after_call(_: HookContext, case: Case, response: Response) -> None:
    if case.method == case.operation.method.upper():
        answers[f"{operation_id(case.operation)} {response.status_code}"] += 1


@schemathesis.hook
def filter_failure(_: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    """An address that only begins with the same letters (/repost, /reposts) is not below the one that was deleted."""
    if not isinstance(failure, UseAfterFree):
        return True
    freed, used = (text.partition(" ")[2] for text in (failure.free, failure.usage))
    return f"{used}/".startswith(f"{freed}/")


def operation_id(operation: Any) -> str:
    return str(operation.definition.raw["operationId"])


def write_answers() -> None:
    Path(os.environ["ANSWERS"]).write_text(json.dumps(answers))


atexit.register(write_answers)
