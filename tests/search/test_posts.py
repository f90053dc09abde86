"""Searching posts."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.people import Person

Settle = Callable[[], Awaitable[None]]


async def found(person: Person, query: str, **params: Any) -> list[str]:
    return [post["content"] for post in (await person.get("/v1/search/posts", q=query, **params))["data"]]


async def test_words(ana: Person, ben: Person, settle: Settle) -> None:
    mark = ana.username
    await ana.post(f"Running along the harbour {mark} yesterday")
    await ana.post(f"今日はカラスと駅を見た {mark}")
    await settle()
    assert await found(ben, f"run {mark}") == [f"Running along the harbour {mark} yesterday"]
    assert await found(ben, f'カラス "{mark}"', order="latest") == [f"今日はカラスと駅を見た {mark}"]
