"""What schemathesis cannot know of Rookery: who it is, and data that no JSON Schema describes.

`ana` makes the requests. What lists or ends sessions is asked by `ben`, in a session of its own for each request, so
that no case can sign the run out. `ben` is protected, and nothing changes that, so that people ask to follow him.
"""

import atexit
import json
import os
import re
import secrets
import time
from collections import Counter, deque
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from hypothesis import strategies as st
from schemathesis import AuthContext, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import RejectedPositiveData, UseAfterFree

from tests.media.files import png
from tests.people import PASSWORD

Case = schemathesis.Case[Any]

URL = os.environ["ROOKERY_URL"]
SIGNED_OUT = os.environ.get("SIGNED_OUT") == "1"
AS_BEN = {"listSessions", "deleteSession", "listFollowRequests", "acceptFollowRequest", "refuseFollowRequest"}

schemathesis.openapi.format("password", st.integers(0, 2**32).map(lambda number: f"{PASSWORD}-{number}"))
schemathesis.openapi.format("email", st.integers(0, 2**32).map(lambda number: f"person-{number}@example.org"))

# What is refused though it is as the description says, by operation and by member or parameter: weighted length,
# characters of no text, strength of passwords, reserved names, tokens from mails, references, the grammar of searches,
# cursors of another order. And bounds that the framework leaves out of the description: a minimum of 0, the pattern of
# a list's entries, names in a nested object.
BEYOND_SCHEMA = {
    "changePassword": {"current_password", "new_password"},
    "confirmEmailVerification": {"token"},
    "confirmPasswordReset": {"token", "password"},
    "createPost": {"content", "reply_to_id", "quote_of_id", "media_ids"},
    "markSeen": {"post_ids"},
    "searchHashtags": {"q"},
    "searchPosts": {"q", "cursor"},
    "searchTypeahead": {"q"},
    "searchUsers": {"q"},
    "setAvatar": {"media_id", "crop"},
    "setHeader": {"media_id", "crop"},
    "signUp": {"username", "email", "password"},
    "updateMedia": {"alt", "focus"},
    "updatePost": {"content"},
    "updateRanking": {"weights", "half_life_hours"},
}

client = httpx.Client(base_url=URL, timeout=60)

PICTURE = png(8, 8)
WAITING_MAX = 10  # half of what may

# Ids of pictures sent in chains, oldest first, without the first of them that were processed.
waiting: deque[str] = deque()
# Operation id and status, for each case that was answered.
answers: Counter[str] = Counter()


def sign_up(username: str) -> str:
    """The access token of a new account."""
    body = {"username": username, "email": f"{username}@example.org", "password": PASSWORD}
    answer = client.post("/v1/users", json=body)
    return str(answer.raise_for_status().json()["access_token"])


def ask_to_follow(username: str) -> None:
    """As somebody new."""
    headers = {"Authorization": f"Bearer {sign_up(new_name())}"}
    user_id = client.get(f"/v1/users/by-username/{username}").raise_for_status().json()["id"]
    client.put(f"/v1/users/me/following/{user_id}", headers=headers).raise_for_status()


def new_name() -> str:
    return f"user_{secrets.token_hex(6)}"


def sign_in(username: str) -> str:
    """An access token of a new session."""
    answer = client.post("/v1/sessions", json={"login": username, "password": PASSWORD})
    return str(answer.raise_for_status().json()["access_token"])


@cache
def token_of_ana() -> str:
    return sign_in("ana")


def let_pictures_be_processed() -> None:
    """Until a few wait: an account that has many waiting may send no other."""
    headers = {"Authorization": f"Bearer {token_of_ana()}"}
    while len(waiting) > WAITING_MAX:
        answer = client.get(f"/v1/media/{waiting[0]}", headers=headers)
        if answer.status_code == 200 and answer.json()["state"] in {"uploaded", "processing"}:
            time.sleep(0.02)
        else:
            waiting.popleft()


class Tokens:
    """Gives each request its token; with SIGNED_OUT, none."""

    def get(self, _: Case, context: AuthContext) -> str | None:
        if SIGNED_OUT:
            return None
        if operation_id(context.operation) in AS_BEN:
            return sign_in("ben")
        return token_of_ana()

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
    """What a chain of requests begins with succeeds each time: a name that is free, a post that answers none, a file.

    schemathesis generates the beginning of a chain again and again, and ends all chains, without a word, as soon as one
    leads elsewhere than before. So nothing that was sent may be in the way: no name, no key, no picture that waits.
    """
    if case.meta is None or case.meta.phase.name != TestPhase.STATEFUL:
        return
    name = operation_id(case.operation)
    case.headers.pop("Idempotency-Key", None)
    if name == "listFollowRequests":
        ask_to_follow("ben")
    elif name == "signUp" and isinstance(case.body, dict):
        username = new_name()
        case.body |= {"username": username, "email": f"{username}@example.org"}
    elif name == "createMedia":
        let_pictures_be_processed()
        case.body = {"file": PICTURE}  # type: ignore[dict-item]
    elif name == "createPost":
        case.body = {"content": f"a post {secrets.token_hex(6)}"}


@schemathesis.hook
def after_call(_: HookContext, case: Case, response: Response) -> None:
    name = operation_id(case.operation)
    if case.method == case.operation.method.upper():
        answers[f"{name} {response.status_code}"] += 1
    if name == "createMedia" and response.status_code == 202:
        waiting.append(response.json()["id"])


@schemathesis.hook
def filter_failure(_: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    """Whether it is one."""
    if isinstance(failure, UseAfterFree):
        return is_below_what_was_freed(failure)
    if isinstance(failure, RejectedPositiveData) and response.status_code == 400:
        refused = {re.split(r"[.[]", error["field"])[0] for error in response.json().get("errors", [])}
        return not refused or not refused <= BEYOND_SCHEMA.get(operation_id(case.operation), set())
    return True


def is_below_what_was_freed(failure: UseAfterFree) -> bool:
    """An address that only begins with the same letters (/repost, /reposts) is not below the one that was deleted."""
    freed, used = (text.partition(" ")[2] for text in (failure.free, failure.usage))
    return f"{used}/".startswith(f"{freed}/")


def operation_id(operation: Any) -> str:
    return str(operation.definition.raw["operationId"])


def write_answers() -> None:
    Path(os.environ["ANSWERS"]).write_text(json.dumps(answers))


atexit.register(write_answers)
