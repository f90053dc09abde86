"""How the tests of search ask: what is found, as contents in order, and pages to the end."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.people import Person

Settle = Callable[[], Awaitable[None]]

PATH = "/v1/search/posts"


async def found(person: Person, query: str, **params: Any) -> list[str]:
    """The contents of the first page, newest first."""
    page = await person.get(PATH, q=query, order="latest", **params)
    return [post["content"] for post in page["data"]]


async def found_ids(person: Person, query: str, **params: Any) -> list[str]:
    return [post["id"] for post in (await person.get(PATH, q=query, order="latest", **params))["data"]]


async def all_pages(person: Person, query: str, **params: Any) -> list[list[str]]:
    """The ids of each page."""
    pages: list[list[str]] = []
    cursor: str | None = None
    while True:
        page = await person.get(PATH, q=query, **params, **({"cursor": cursor} if cursor else {}))
        pages.append([post["id"] for post in page["data"]])
        cursor = page["next_cursor"]
        if cursor is None:
            return pages
