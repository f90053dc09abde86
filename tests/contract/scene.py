"""People and things for bad input to meet, and the two promises about it: a problem document, and nothing written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from rookery.gateway.wiring import Services
from rookery.gateway.worker import Worker
from tests.contract.description import BODIES, Operation, encoded
from tests.people import Person, sign_up
from tests.settling import settled

JSON = {"Content-Type": "application/json"}

# What requests write. Left out: what consumers and jobs alone write, in their own time.
TABLES = (
    *(f"users.{name}" for name in ("users", "follows", "follow_requests", "blocks", "mutes", "sessions")),
    *(f"posts.{name}" for name in ("posts", "revisions", "likes", "reposts", "bookmarks")),
    "kit.idempotency_keys",
    "bus.outbox",
)
COUNT = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in TABLES)


class Scene:
    """`ana` asks; `ben` is somebody else. Each has posted."""

    def __init__(self, services: Services, worker: Worker, client: httpx.AsyncClient, ana: Person, ben: Person) -> None:
        self.services = services
        self.worker = worker
        self.client = client
        self.ana = ana
        self.ben = ben
        self.post_id = ""
        self.bens_post_id = ""

    async def open(self) -> None:
        self.post_id = (await self.ana.post("mine"))["id"]
        self.bens_post_id = (await self.ben.post("his"))["id"]

    def own(self, operation: Operation) -> str:
        """What the parameter of its path names sensibly; empty when it has none."""
        values = {
            "": "",
            "post_id": self.post_id,
            "user_id": self.ben.id,
            "username": self.ben.username,
            "session_id": "current",
            "media_id": "1",
        }
        return values[operation.path_parameter]

    async def ask(self, operation: Operation, value: object = None, **options: Any) -> httpx.Response:
        """As ana; the path's parameter and the body are good ones unless given."""
        url = operation.url(self.own(operation) if value is None else value)
        if operation.body and "content" not in options:
            options["content"] = encoded(BODIES[operation.body])
        options["headers"] = {**JSON, **options.get("headers", {})} if operation.body else options.get("headers", {})
        return await self.ana.request(operation.method, url, **options)

    @asynccontextmanager
    async def nothing_written(self) -> AsyncIterator[None]:
        """Waits for the consumers first, which answer events by events."""
        await settled(self.worker)
        before = await self._counts()
        yield
        after = await self._counts()
        assert after == before, {
            table: (before[table], after[table]) for table in after if after[table] != before[table]
        }

    async def _counts(self) -> dict[str, int]:
        async with self.services.resources.database.connection() as connection:
            return dict(await connection.fetch(COUNT))


@pytest.fixture
async def scene(services: Services, worker: Worker, client: httpx.AsyncClient, ana: Person, ben: Person) -> Scene:
    scene = Scene(services, worker, client, ana, ben)
    await scene.open()
    return scene


@pytest.fixture
async def stranger(client: httpx.AsyncClient) -> Person:
    """Whom ana has nothing to do with, and who has blocked her."""
    return await sign_up(client, "cem")


def problem(answer: httpx.Response, *statuses: int) -> list[dict[str, str]]:
    """The errors of an answer that must be a problem document with one of `statuses`; any 4xx when none is given."""
    asked = f"{answer.request.method} {answer.request.url!r:.300}: {answer.status_code} {answer.text:.500}"
    assert 400 <= answer.status_code < 500, asked
    assert not statuses or answer.status_code in statuses, asked
    assert answer.headers["content-type"] == "application/problem+json", asked
    document = answer.json()
    assert document["status"] == answer.status_code, asked
    assert document["code"] and document["title"] and document["request_id"], asked
    errors: list[dict[str, str]] = document.get("errors", [])
    assert all(error["field"] and error["code"] and error["message"] for error in errors), asked
    return errors


def refused_for(answer: httpx.Response, field: str, *codes: str) -> None:
    """A 400 that names the field, with one of `codes`; any code when none is given."""
    errors = problem(answer, 400)
    assert any(error["field"] == field and (not codes or error["code"] in codes) for error in errors), (
        f"{answer.request.method} {answer.request.url} {answer.request.content[:300]!r}: {answer.text}"
    )
