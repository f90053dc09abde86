"""The cast of the tests: people who act over HTTP, each with a name that no other test has."""

import secrets
from typing import Any

import httpx

PASSWORD = "correct-horse-battery-staple"


class Person:
    """A signed-in account and the calls that it makes. Methods assert success; use `request` to be refused."""

    def __init__(self, client: httpx.AsyncClient, grant: dict[str, Any], email: str) -> None:
        self.client = client
        self.email = email
        self.grant = grant
        self.id: str = grant["user"]["id"]
        self.username: str = grant["user"]["username"]
        self.token: str = grant["access_token"]

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **options)

    async def get(self, path: str, **params: Any) -> Any:
        return ok(await self.request("GET", path, params=params or None))

    async def put(self, path: str) -> Any:
        return ok(await self.request("PUT", path))

    async def delete(self, path: str) -> Any:
        return ok(await self.request("DELETE", path))

    async def follow(self, other: "Person") -> Any:
        return await self.put(f"/v1/users/me/following/{other.id}")

    async def unfollow(self, other: "Person") -> Any:
        return await self.delete(f"/v1/users/me/following/{other.id}")

    async def block(self, other: "Person") -> Any:
        return await self.put(f"/v1/users/me/blocks/{other.id}")

    async def mute(self, other: "Person") -> Any:
        return await self.put(f"/v1/users/me/mutes/{other.id}")

    async def protect(self, protected: bool = True) -> Any:
        return ok(await self.request("PATCH", "/v1/users/me", json={"protected": protected}))

    async def post(self, content: str, **fields: Any) -> Any:
        return ok(await self.request("POST", "/v1/posts", json={"content": content, **fields}))

    async def like(self, post: dict[str, Any]) -> Any:
        return await self.put(f"/v1/posts/{post['id']}/like")

    async def repost(self, post: dict[str, Any]) -> Any:
        return await self.put(f"/v1/posts/{post['id']}/repost")

    async def home(self, **params: Any) -> list[dict[str, Any]]:
        page: list[dict[str, Any]] = (await self.get("/v1/timelines/home", **params))["data"]
        return page


def ok(response: httpx.Response) -> Any:
    """The body of an answer that must be a success."""
    assert response.status_code < 300, f"{response.request.method} {response.request.url}: {response.text}"
    return response.json() if response.content else None


async def sign_up(client: httpx.AsyncClient, name: str) -> Person:
    return await sign_up_as(client, f"{name}_{secrets.token_hex(4)}")


async def sign_up_as(client: httpx.AsyncClient, username: str) -> Person:
    """With exactly this username, for servers that a test has to itself."""
    email = f"{username}@example.org"
    body = {"username": username, "email": email, "password": PASSWORD}
    return Person(client, ok(await client.post("/v1/users", json=body)), email)
