"""Links of the description: they lead from an id to all that can be done with it."""

from typing import Any

import httpx

from rookery.gateway.links import BY_PARAMETER, BY_PATH


async def test_every_path_with_an_id_is_linked_to(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/v1/openapi.json")).json()["paths"]
    operations = {each["operationId"]: (path, each) for path, item in paths.items() for each in item.values()}
    linked = {name: link for _, each in operations.values() for name, link in links_of(each).items()}
    with_id = {name: path for name, (path, _) in operations.items() if "{" in path}
    assert set(linked) == set(with_id)
    for name, path in with_id.items():
        (parameter,) = linked[name]["parameters"]
        assert f"{{{parameter.removeprefix('path.')}}}" in path


async def test_sources_give_what_they_promise(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/v1/openapi.json")).json()["paths"]
    operations = {each["operationId"]: each for item in paths.values() for each in item.values()}
    for name, status, expression in [*BY_PARAMETER.values(), *BY_PATH.values()]:
        assert status in operations[name]["responses"]
        assert expression.startswith("$response.body#/")


def links_of(operation: dict[str, Any]) -> dict[str, Any]:
    return {name: link for answer in operation["responses"].values() for name, link in answer.get("links", {}).items()}
