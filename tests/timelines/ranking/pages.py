"""How these tests look at the ranked timeline."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from tests.people import Person

Settle = Callable[[], Awaitable[None]]
PATH = "/v1/timelines/for-you"
HIDING = ["block", "blocked", "mute", "protect", "delete"]  # acts that take a post out of a stranger's sight


async def for_you(reader: Person, **params: Any) -> list[dict[str, Any]]:
    """The items of one page, by default of 100."""
    page: list[dict[str, Any]] = (await reader.get(PATH, **{"limit": 100, **params}))["data"]
    return page


def ids(posts: Iterable[dict[str, Any]]) -> list[str]:
    return [post["id"] for post in posts]


def find(items: Iterable[dict[str, Any]], post: dict[str, Any]) -> dict[str, Any] | None:
    """The item of a post, or None where there is none; never two."""
    found = [item for item in items if item["id"] == post["id"]]
    assert len(found) < 2
    return found[0] if found else None


def names_of(item: dict[str, Any]) -> list[str]:
    """The signals that an item names, strongest first."""
    return [signal["name"] for signal in item["why"]["signals"]]


async def hide(post: dict[str, Any], author: Person, reader: Person, act: str) -> None:
    """Do one of HIDING."""
    match act:
        case "block":
            await reader.block(author)
        case "blocked":
            await author.block(reader)
        case "mute":
            await reader.mute(author)
        case "protect":
            await author.protect()
        case "delete":
            await author.delete(f"/v1/posts/{post['id']}")
