"""What works while one service is away: the table of docs/flows/apart.md, row by row, by killing processes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
import websockets

from rookery.embedded.apart import with_role
from tests.faults.load import check_unavailable
from tests.faults.machine import Machine, kill, until
from tests.media.files import png
from tests.people import PASSWORD, Person, ok, sign_up


@asynccontextmanager
async def without(machine: Machine, *names: str) -> AsyncIterator[None]:
    """These processes are killed, and started again behind the block."""
    parts = [machine.programs[name] for name in names]
    for part in parts:
        await kill(part)
    try:
        yield
    finally:
        for part in parts:
            if part.pid is None:
                await part.start()
        await machine.until_ready()


async def works(person: Person, *requests: str) -> None:
    for each in requests:
        method, _, path = each.partition(" ")
        answer = await person.request(method, path, json={"content": "still here"} if method == "POST" else None)
        assert answer.status_code < 300, f"{each}: {answer.status_code} {answer.text}"


async def away(person: Person, name: str, *requests: str) -> None:
    """A 503 that names the service that is away, and says when to come back."""
    for each in requests:
        method, _, path = each.partition(" ")
        answer = await person.request(method, path, json={"content": "in vain"} if method == "POST" else None)
        assert answer.status_code == 503, f"{each}: {answer.status_code} {answer.text}"
        check_unavailable(answer)
        assert f"The {name} service does not answer" in answer.json()["detail"], each


async def readiness(machine: Machine, name: str) -> tuple[int, str, Sequence[str]]:
    """Status code, status, and the names of what is away, of one web server process."""
    port = next(each.port for each in machine.instances if each.name == name)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        answer = await client.get("/readyz")
    body = answer.json()
    return answer.status_code, body["status"], [check for check, state in body["checks"].items() if state != "ok"]


async def acquainted(client: httpx.AsyncClient) -> tuple[Person, Person, str]:
    """Two who know each other and have read everything lately; a post of the first."""
    ana, ben = await sign_up(client, "ana"), await sign_up(client, "ben")
    await ben.follow(ana)
    post = await ana.post("before anything broke")
    for person in (ana, ben):  # one after the other: callers ask the instances of posts in turn, so that both meet both
        for _ in range(4):
            await works(person, "GET /v1/timelines/home", f"GET /v1/posts/{post['id']}", "GET /v1/notifications")
    return ana, ben, post["id"]


async def test_users_away(machine: Machine, client: httpx.AsyncClient) -> None:
    """Nobody signs in or changes a profile; who has been here reads, writes and reacts as before."""
    ana, ben, post_id = await acquainted(client)
    async with without(machine, "serve-users"):
        await away(ben, "users", "GET /v1/users/me", f"GET /v1/users/{ana.id}", "POST /v1/sessions")
        await works(ben, "GET /v1/timelines/home", f"GET /v1/posts/{post_id}", f"PUT /v1/posts/{post_id}/like")
        await works(ana, "POST /v1/posts", "GET /v1/notifications")
        stranger = await client.get(f"/v1/posts/{post_id}")
        assert stranger.status_code == 200
        for name in ("media", "posts", "timelines", "notifications", "search", "gateway"):
            name = f"serve-{name}"
            assert await readiness(machine, name) == (200, "degraded", ["users"])
    signed_in = await client.post("/v1/sessions", json={"login": ana.username, "password": PASSWORD})
    assert signed_in.status_code == 201, signed_in.text


async def test_posts_away(machine: Machine, client: httpx.AsyncClient) -> None:
    """Accounts and their graph work; what shows posts does not."""
    ana, ben, post_id = await acquainted(client)
    async with without(machine, "serve-posts", "serve-posts-2"):
        await works(ben, f"GET /v1/users/{ana.id}", "GET /v1/users/me", f"PUT /v1/users/me/following/{ana.id}")
        await works(ben, "GET /v1/notifications/unread-count", f"GET /v1/users/{ana.id}/followers")
        await away(ben, "posts", "GET /v1/timelines/home", f"GET /v1/posts/{post_id}", "POST /v1/posts")
        assert await readiness(machine, "serve-users") == (200, "ready", [])
        assert await readiness(machine, "serve-timelines") == (200, "degraded", ["posts"])
        signed_in = await client.post("/v1/sessions", json={"login": ana.username, "password": PASSWORD})
        assert signed_in.status_code == 201, signed_in.text
    await works(ben, "GET /v1/timelines/home", f"GET /v1/posts/{post_id}")


async def test_timelines_away(machine: Machine, client: httpx.AsyncClient) -> None:
    """Only the timelines are away; a post that is written meanwhile stands in them afterwards."""
    ana, ben, post_id = await acquainted(client)
    async with without(machine, "serve-timelines", "work-timelines"):
        await away(ben, "timelines", "GET /v1/timelines/home", "GET /v1/timelines/for-you")
        await works(ben, f"GET /v1/posts/{post_id}", f"GET /v1/users/{ana.id}/posts", "GET /v1/notifications")
        written = ok(await ana.request("POST", "/v1/posts", json={"content": "written meanwhile"}))
        assert (await readiness(machine, "serve-gateway"))[:2] == (200, "ready")

    async def arrived() -> bool:
        return written["id"] in [item["id"] for item in await ben.home()]

    await until(arrived)


async def test_notifications_away(machine: Machine, client: httpx.AsyncClient) -> None:
    """Nothing is lost: what others did meanwhile is told afterwards, each once."""
    ana, ben, post_id = await acquainted(client)
    async with without(machine, "serve-notifications", "work-notifications"):
        await away(ana, "notifications", "GET /v1/notifications", "GET /v1/notifications/unread-count")
        await works(ben, f"PUT /v1/posts/{post_id}/like", "GET /v1/timelines/home", "POST /v1/posts")
        replied = await ben.request("POST", "/v1/posts", json={"content": "a reply", "reply_to_id": post_id})
        assert replied.status_code == 201

    async def told() -> bool:
        kinds = [each["type"] for each in (await ana.get("/v1/notifications"))["data"]]
        return sorted(kinds) == ["follow", "like", "reply"]

    await until(told)


async def test_media_away(machine: Machine, client: httpx.AsyncClient) -> None:
    """Words can be posted and read; posts with pictures show without them until it is back."""
    ana, ben, post_id = await acquainted(client)
    uploaded = await ana.request("POST", "/v1/media", files={"file": ("a.png", png(8, 8), "image/png")})
    assert uploaded.status_code == 202, uploaded.text
    fields = {"content": "with a picture", "media_ids": [uploaded.json()["id"]]}
    pictured = ok(await ana.request("POST", "/v1/posts", json=fields))
    async with without(machine, "serve-media", "work-media"):
        await works(ana, "POST /v1/posts", "GET /v1/timelines/home")
        await works(ben, f"GET /v1/posts/{post_id}", f"GET /v1/posts/{pictured['id']}", "GET /v1/timelines/home")
        await away(ana, "media", f"GET /v1/media/{uploaded.json()['id']}", "GET /v1/users/me/media/usage")
        refused = await ana.request("POST", "/v1/posts", json={**fields, "content": "another"})
        check_unavailable(refused)
        assert "The media service does not answer" in refused.json()["detail"]
        assert await readiness(machine, "serve-posts") == (200, "degraded", ["media"])

    async def shown() -> bool:
        return [each["kind"] for each in (await ana.get(f"/v1/posts/{pictured['id']}"))["media"]] == ["image"]

    await until(shown)


async def test_search_away(machine: Machine, client: httpx.AsyncClient) -> None:
    """Everything but finding works; what was written meanwhile is found afterwards."""
    ana, ben, post_id = await acquainted(client)
    async with without(machine, "serve-search", "work-search"):
        await away(ben, "search", "GET /v1/search/posts?q=meanwhile", "GET /v1/trends", "GET /v1/users/me/suggestions")
        await works(ben, "GET /v1/timelines/home", f"GET /v1/posts/{post_id}", "GET /v1/notifications")
        written = ok(await ana.request("POST", "/v1/posts", json={"content": f"written meanwhile {ana.id}"}))
        assert (await readiness(machine, "serve-gateway"))[:2] == (200, "ready")

    async def found() -> bool:
        page = await ben.get("/v1/search/posts", q=f"meanwhile {ana.id}")
        return [each["id"] for each in page["data"]] == [written["id"]]

    await until(found)


async def test_the_gateway_away(machine: Machine, client: httpx.AsyncClient) -> None:
    """The API works without it; web app, description and live stream are its own."""
    _, ben, post_id = await acquainted(client)
    stream = machine.url.replace("http", "ws") + "/v1/stream"
    async with without(machine, "serve-gateway"):
        await works(
            ben, "GET /v1/timelines/home", f"GET /v1/posts/{post_id}", "GET /v1/notifications", "GET /v1/users/me"
        )
        await away(ben, "gateway", "GET /v1/openapi.json", "GET /somebody")
        try:
            async with websockets.connect(stream):
                raise AssertionError("the stream is open")
        except websockets.InvalidStatus as refusal:
            assert refusal.response.status_code == 503
    async with websockets.connect(stream) as socket:
        assert socket.response is not None and socket.response.status_code == 101


async def test_workers_away(machine: Machine, client: httpx.AsyncClient) -> None:
    """Everything is answered; counts, fan-out and notifications come when they are back."""
    ana, ben, post_id = await acquainted(client)
    async with without(machine, *machine.work.programs):
        await works(ben, f"PUT /v1/posts/{post_id}/like", "GET /v1/timelines/home", "POST /v1/posts")
        await works(ana, "POST /v1/posts", "GET /v1/notifications")

    async def counted() -> bool:
        return bool((await ana.get(f"/v1/posts/{post_id}"))["likes_count"] == 1)

    await until(counted)


async def test_a_service_starts_while_those_that_it_needs_are_away(machine: Machine, client: httpx.AsyncClient) -> None:
    timelines = machine.programs["serve-timelines"]
    async with without(machine, "serve-users", "serve-posts", "serve-posts-2"):
        await timelines.stop()
        await timelines.start()

        async def answers() -> bool:
            try:
                return await readiness(machine, "serve-timelines") == (200, "degraded", ["posts", "users"])
            except httpx.TransportError:
                return False

        await until(answers)


async def test_its_own_database_decides_whether_a_service_is_ready(machine: Machine) -> None:
    assert await readiness(machine, "serve-posts") == (200, "ready", [])
    await machine.postgres.stop()
    try:
        status, word, missing = await readiness(machine, "serve-posts")
        assert (status, word) == (503, "not_ready") and "database" in missing
    finally:
        await machine.postgres.start()
        await machine.until_ready()


def test_every_process_but_the_kits_has_a_role_of_its_own() -> None:
    told = with_role({"ROOKERY_DATABASE_URL": "postgresql://rookery@/rookery?host=/run"}, "posts")
    assert told["ROOKERY_DATABASE_URL"].endswith("?host=/run&role=rookery_posts")
