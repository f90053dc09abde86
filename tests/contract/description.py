"""The operations of the API, read off its description, so that the tests beside this file cover new ones."""

import re
from functools import reduce
from typing import Any

import msgspec
from msgspec import Struct

from rookery.gateway.app import create_litestar
from rookery.gateway.docs import openapi_document
from rookery.gateway.wiring import Services
from rookery.kit.settings import Settings

Json = dict[str, Any]

# A body that each operation accepts as far as its form goes, by the name of its schema.
BODIES: dict[str, Json] = {
    "EmailVerificationConfirm": {"token": "x" * 43},
    "MediaUpdate": {"alt": "never to be seen", "focus": [0.5, -0.5], "sensitive": True},
    "NotificationsRead": {"up_to_id": "1"},
    "PasswordChange": {"current_password": "wrong-horse", "new_password": "battery-staple-correct"},
    "PasswordResetConfirm": {"token": "x" * 43, "password": "battery-staple-correct"},
    "PasswordResetCreate": {"email": "nobody@example.org"},
    "PictureChoice": {"media_id": "1", "crop": {"x": 0.0, "y": 0.0, "width": 1.0, "height": 1.0}},
    "PostCreate": {"content": "never to be seen", "reply_to_id": None, "quote_of_id": None, "media_ids": []},
    "PostUpdate": {"content": "never to be seen"},
    "ProfileUpdate": {
        "display_name": "Nobody",
        "bio": "never to be seen",
        "location": "nowhere",
        "website": "https://example.org/",
        "protected": False,
        "alt_reminder": False,
    },
    "RankingUpdate": {"weights": {"recency": 1.5}, "half_life_hours": 24},
    "Refresh": {"refresh_token": "x" * 43},
    "SeenPosts": {"post_ids": ["1"]},
    "SignIn": {"login": "nobody", "password": "wrong-horse"},
    "SignUp": {"username": "nobody_yet", "email": "nobody@example.org", "password": "battery-staple-correct"},
}


# Parameters behind an id in a path; tests of what they name give others.
BESIDE = {"language": "en"}


class Field(Struct, frozen=True):
    """A member of a body, or a parameter."""

    name: str
    type: str
    nullable: bool
    required: bool
    rules: Json  # minLength, maxLength, pattern, minimum, maximum


class Operation(Struct, frozen=True):
    id: str
    method: str
    path: str
    secured: bool  # refuses who is signed out
    path_parameter: str  # one beside what BESIDE gives; empty: none
    query: list[Field]
    headers: list[Field]
    body: str  # the name of its schema; empty: none
    body_required: bool
    members: list[Field]

    def url(self, value: object = 1) -> str:
        """The path with `value` in place of its parameter."""
        return re.sub(r"\{\w+\}", str(value), self.path)


def document() -> Json:
    nowhere = Settings(database_url="postgresql://localhost", cache_url="redis://localhost", secret_key="-" * 32)
    return openapi_document(create_litestar(Services(nowhere), lifespan=False))


def operations(document: Json) -> list[Operation]:
    return [
        _operation(document, method, path, raw)
        for path, item in sorted(document["paths"].items())
        for method, raw in item.items()
    ]


def _operation(document: Json, method: str, path: str, raw: Json) -> Operation:
    parameters = raw.get("parameters", [])
    in_path = [each["name"] for each in parameters if each["in"] == "path"]
    body = raw.get("requestBody", {"content": {}})
    reference = re.findall(r"#/components/schemas/(\w+)", str(body["content"]))
    schema = document["components"]["schemas"][reference[0]] if reference else {}
    required = schema.get("required", [])
    return Operation(
        id=raw["operationId"],
        method=method.upper(),
        path=reduce(lambda before, name: before.replace(f"{{{name}}}", BESIDE[name]), BESIDE, path),
        secured=raw.get("security") == [{"bearer": []}],
        path_parameter="".join(name for name in in_path if name not in BESIDE),
        query=[_field(each["name"], each["schema"], each["required"]) for each in parameters if each["in"] == "query"],
        headers=[
            _field(each["name"], each["schema"], each["required"]) for each in parameters if each["in"] == "header"
        ],
        body=reference[0] if reference else "",
        body_required=body.get("required", False),
        members=[_field(name, each, name in required) for name, each in schema.get("properties", {}).items()],
    )


def _field(name: str, schema: Json, required: bool) -> Field:
    types = [each.get("type", "object") for each in schema.get("oneOf", [schema])]  # references are to objects
    kinds = [each for each in types if each != "null"]
    rules = {key: value for part in (schema, *schema.get("oneOf", [])) for key, value in part.items() if key in RULES}
    return Field(name, kinds[0], "null" in types, required, rules)


RULES = ("minLength", "maxLength", "pattern", "minimum", "maximum")
DOCUMENT = document()
OPERATIONS = operations(DOCUMENT)
WITH_BODY = [each for each in OPERATIONS if each.body]
WITH_PATH = [each for each in OPERATIONS if each.path_parameter]


def takes_line_breaks(pattern: str) -> bool:
    """Anywhere in the text, as a bio does."""
    return re.search(pattern, "a\nb") is not None


def encoded(body: Any) -> bytes:
    return msgspec.json.encode(body)
