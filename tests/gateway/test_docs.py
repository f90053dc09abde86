"""The description of the API, served by the whole application."""

import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest


@pytest.fixture
async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = answer.json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(path, operation) for path, item in document["paths"].items() for operation in item.values()]


async def test_openapi_31_with_bearer_security(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["components"]["securitySchemes"]["bearer"] == {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
    }
    assert document["paths"]["/v1/timelines/home"]["get"]["security"] == [{"bearer": []}]


async def test_operations_are_named_and_tagged(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names)) >= 40
    assert {"signUp", "signIn", "createPost", "getHomeTimeline", "followUser"} <= set(names)
    assert all(re.fullmatch(r"[a-z][A-Za-z]+", name) for name in names)
    assert all(operation["tags"] and operation["summary"] for _, operation in operations(document))


async def test_refusals_of_the_edge_are_documented_everywhere(document: dict[str, Any]) -> None:
    for path, operation in operations(document):
        if path.startswith("/v1/"):
            assert {"400", "401", "429", "503"} <= set(operation["responses"])
            assert ("requestBody" in operation) == ("415" in operation["responses"])


async def test_every_refusal_is_a_problem_document(document: dict[str, Any]) -> None:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    for _, operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                shared = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
                assert shared["content"] == problem
                assert shared["description"]
                assert ("Retry-After" in shared["headers"]) == (status in ("429", "503"))
            else:
                assert response["description"]
                assert "X-Request-Id" in response["headers"]


async def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in references(document):
        node = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


async def test_unknown_fields_of_bodies_are_said_to_be_refused(document: dict[str, Any]) -> None:
    for _, operation in operations(document):
        for reference in references(operation.get("requestBody")):
            schema = document["components"]["schemas"][reference.rpartition("/")[2]]
            assert schema["additionalProperties"] is False


async def test_answers_without_a_body_are_said_to_have_none(document: dict[str, Any]) -> None:
    for _, operation in operations(document):
        for status in {"202", "204", "304"} & set(operation["responses"]):
            if (operation["operationId"], status) == ("createMedia", "202"):
                continue  # says what is to become of the file
            assert "content" not in operation["responses"][status]


async def test_options_names_all_methods_of_an_address(client: httpx.AsyncClient, document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        answer = await client.options(re.sub(r"\{[^}]*\}", "1", path))
        assert answer.status_code == 204
        documented = {method.upper() for method in item} | {"OPTIONS"}
        assert documented <= set(answer.headers["allow"].split(", ")) <= documented | {"HEAD"}


async def test_schemas_have_names_for_people(document: dict[str, Any]) -> None:
    names = document["components"]["schemas"]
    assert {"Post", "PostPage", "UserPage", "TimelineItemPage", "ProblemDocument"} <= set(names)
    assert all(re.fullmatch(r"[A-Z][A-Za-z]+", name) for name in names)


async def test_pages_load_nothing_from_elsewhere_and_nothing_inline(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/docs")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    page = Loaded()
    page.feed(answer.text)
    assert not page.inline
    assert page.addresses
    assert all(address.startswith("/") and not address.startswith("//") for address in page.addresses)


async def test_pages_start_by_a_script_of_their_own(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/docs/start.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "/v1/openapi.json" in answer.text


async def test_frameworks_own_pages_are_not_there(client: httpx.AsyncClient) -> None:
    for path in (
        "/v1/openapi",
        "/v1/swagger",
        "/v1/scalar",
        "/v1/openapi.yaml",
        "/v1/openapi/openapi.json",
        "/schema/x",
    ):
        assert "cdn" not in (await client.get(path)).text
    for path in ("/v1/swagger", "/v1/nowhere"):
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


class Loaded(HTMLParser):
    """What a page loads, and whether it has anything inline."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.addresses += [value for name in ("src", "href") if (value := attributes.get(name))]
        if (tag == "script" and not attributes.get("src")) or tag == "style" or "style" in attributes:
            self.inline.append(tag)
        self.inline += [name for name in attributes if name.startswith("on")]


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    if isinstance(node, list):
        return [found for value in node for found in references(value)]
    return []
