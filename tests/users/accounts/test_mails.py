"""Mails from the command to the mailbox, and what their links do.

On a database of their own: the worker of the other tests would deliver these mails into its folder.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio

from rookery.gateway.wiring import Services
from rookery.kit.mail import make_mailer
from rookery.kit.resources import Resources
from rookery.kit.settings import Settings
from rookery.users.accounts import mail_queue
from rookery.users.accounts.mail_delivery import ATTEMPTS_MAX, PER_HOUR, MailDelivery
from tests.own_database import own_database
from tests.people import PASSWORD, Person, ok, sign_up
from tests.smtp_server import SmtpProcess, smtp_server
from tests.users.accounts.processes import Process, running

NEW_PASSWORD = "a new horse in battery"
VERIFY = "Confirm your e-mail address"
RESET = "Choose a new password"


class Post:
    """The worker's mail job, delivering to a real server."""

    def __init__(self, resources: Resources, server: SmtpProcess) -> None:
        settings = msgspec.structs.replace(resources.settings, smtp_url=f"smtp://127.0.0.1:{server.port}")
        self._delivery = MailDelivery(resources, make_mailer(settings))
        self._database = resources.database
        self.server = server

    async def mails(self, email: str) -> list[EmailMessage]:
        """Deliver what is due, and return all that has arrived for this address."""
        await self._delivery.run()
        return self.server.mails(email)

    async def queued(self, email: str) -> list[dict[str, Any]]:
        async with self._database.connection() as connection:
            rows = await connection.fetch("SELECT * FROM users.mails WHERE email = $1", email)
        return [dict(row) for row in rows]

    async def let_time_pass(self, email: str) -> None:
        """Until the next attempt is due."""
        async with self._database.connection() as connection:
            await connection.execute("UPDATE users.mails SET next_attempt_at = now() WHERE email = $1", email)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def process(settings: Settings) -> AsyncIterator[Process]:
    async with own_database(settings.database_url) as url, running(settings, database_url=url) as process:
        yield process


@pytest.fixture
def services(process: Process) -> Services:
    return process.services


@pytest.fixture
async def client(process: Process) -> AsyncIterator[httpx.AsyncClient]:
    async with process.client() as client:
        yield client


@pytest.fixture
async def post(services: Services, tmp_path: Path) -> AsyncIterator[Post]:
    async with smtp_server(tmp_path) as server:
        yield Post(services.resources, server)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content


def token_of(mail: EmailMessage) -> str:
    match = re.search(r"^http://127\.0\.0\.1:8000/[a-z-]+\?token=([\w-]{43})\r?$", text_of(mail), re.MULTILINE)
    assert match is not None
    return match[1]


def tokens_of(mails: list[EmailMessage], subject: str) -> list[str]:
    """By subject, since mails that are due together arrive in any order."""
    return [token_of(mail) for mail in mails if mail["Subject"] == subject]


async def confirm_email(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/v1/email-verifications/confirm", json={"token": token})


async def ask_reset(client: httpx.AsyncClient, email: str) -> None:
    response = await client.post("/v1/password-resets", json={"email": email})
    assert (response.status_code, response.content) == (202, b"")


async def reset(client: httpx.AsyncClient, token: str, password: str = NEW_PASSWORD) -> httpx.Response:
    return await client.post("/v1/password-resets/confirm", json={"token": token, "password": password})


async def sign_in(client: httpx.AsyncClient, person: Person, password: str) -> int:
    response = await client.post("/v1/sessions", json={"login": person.username, "password": password})
    return response.status_code


def refused_token(response: httpx.Response) -> bool:
    problem = response.json()
    return response.status_code == 400 and [error["field"] for error in problem["errors"]] == ["token"]


async def test_sign_up_verifies(client: httpx.AsyncClient, ana: Person, post: Post) -> None:
    [mail] = await post.mails(ana.email)
    assert mail["Subject"] == VERIFY
    assert ana.username in text_of(mail)
    assert await post.queued(ana.email) == []
    assert not (await ana.get("/v1/users/me"))["email_verified"]
    assert (await confirm_email(client, token_of(mail))).status_code == 204
    assert (await ana.get("/v1/users/me"))["email_verified"]
    assert refused_token(await confirm_email(client, token_of(mail)))


async def test_verification_again(client: httpx.AsyncClient, ana: Person, post: Post) -> None:
    first = (await post.mails(ana.email))[0]
    for _ in range(3):
        assert (await ana.request("POST", "/v1/email-verifications")).status_code == 202
    assert len(await post.queued(ana.email)) == 1
    second = (await post.mails(ana.email))[1]
    assert (await confirm_email(client, token_of(first))).status_code == 204
    assert refused_token(await confirm_email(client, token_of(second)))
    assert (await ana.request("POST", "/v1/email-verifications")).status_code == 202
    assert len(await post.mails(ana.email)) == 2


async def test_verification_needs_sign_in(client: httpx.AsyncClient) -> None:
    assert (await client.post("/v1/email-verifications")).status_code == 401


async def test_reset(client: httpx.AsyncClient, ana: Person, post: Post) -> None:
    await ask_reset(client, ana.email.upper())
    [token] = tokens_of(await post.mails(ana.email), RESET)
    assert (await reset(client, token)).status_code == 204
    assert (await ana.request("GET", "/v1/users/me")).json()["code"] == "session_revoked"
    assert await sign_in(client, ana, PASSWORD) == 401
    assert await sign_in(client, ana, NEW_PASSWORD) == 201
    assert refused_token(await reset(client, token))


async def test_reset_verifies_the_address(client: httpx.AsyncClient, ana: Person, post: Post) -> None:
    await ask_reset(client, ana.email)
    [token] = tokens_of(await post.mails(ana.email), RESET)
    ok(await reset(client, token))
    body = {"login": ana.email, "password": NEW_PASSWORD}
    assert ok(await client.post("/v1/sessions", json=body))["user"]["email_verified"]


async def test_weak_password_keeps_the_token(client: httpx.AsyncClient, ana: Person, post: Post) -> None:
    await ask_reset(client, ana.email)
    [token] = tokens_of(await post.mails(ana.email), RESET)
    for password in ("password", ana.username, "x" * 129):
        response = await reset(client, token, password)
        assert response.status_code == 400
        assert response.json()["errors"][0]["field"] == "password"
    assert (await reset(client, token)).status_code == 204


async def test_one_reset_of_many_tokens(client: httpx.AsyncClient, ana: Person, post: Post) -> None:
    """The first that is used takes the others with it."""
    for _ in range(2):
        await ask_reset(client, ana.email)
        tokens = tokens_of(await post.mails(ana.email), RESET)
    assert (await reset(client, tokens[1])).status_code == 204
    assert refused_token(await reset(client, tokens[0]))


async def test_links_used_at_once(client: httpx.AsyncClient, ana: Person, post: Post) -> None:
    """One link of each kind counts; nobody waits for each other in a ring."""
    await post.mails(ana.email)
    for _ in range(2):
        await ask_reset(client, ana.email)
        assert (await ana.request("POST", "/v1/email-verifications")).status_code == 202
        await post.mails(ana.email)
    mails = post.server.mails(ana.email)
    resets, verifications = tokens_of(mails, RESET), tokens_of(mails, VERIFY)
    assert (len(resets), len(verifications)) == (2, 3)
    reset_answers = asyncio.gather(*(reset(client, token) for token in resets * 2))
    verification_answers = asyncio.gather(*(confirm_email(client, token) for token in verifications * 2))
    by_hand = ana.request(
        "PUT", "/v1/users/me/password", json={"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    )
    answers = [*await reset_answers, await by_hand]
    assert {answer.status_code for answer in answers} <= {204, 400, 401, 503}
    assert sorted(answer.status_code for answer in answers).count(204) == 1
    assert sorted(answer.status_code for answer in await verification_answers) == [204, *[400] * 5]


async def test_tokens_are_for_one_purpose(client: httpx.AsyncClient, ana: Person, post: Post) -> None:
    await ask_reset(client, ana.email)
    mails = await post.mails(ana.email)
    [verification], [reset_token] = tokens_of(mails, VERIFY), tokens_of(mails, RESET)
    assert refused_token(await reset(client, verification))
    assert refused_token(await confirm_email(client, reset_token))


async def test_token_expires(client: httpx.AsyncClient, ana: Person, post: Post, services: Services) -> None:
    await ask_reset(client, ana.email)
    mails = await post.mails(ana.email)
    async with services.resources.database.connection() as connection:
        await connection.execute("UPDATE users.mail_tokens SET expires_at = now() WHERE user_id = $1", int(ana.id))
    assert refused_token(await reset(client, *tokens_of(mails, RESET)))
    assert refused_token(await confirm_email(client, *tokens_of(mails, VERIFY)))


@pytest.mark.parametrize("token", ["x", "x" * 128, "%00", "ä"])
async def test_unknown_token(client: httpx.AsyncClient, token: str) -> None:
    assert refused_token(await reset(client, token))
    assert refused_token(await confirm_email(client, token))


async def test_unknown_address_is_not_told(client: httpx.AsyncClient, ana: Person, post: Post) -> None:
    """The same answer after the same writing; the worker finds nobody and drops it."""
    stranger = f"nobody_{secrets.token_hex(4)}@example.org"
    await post.mails("")
    for email in (ana.email, stranger):
        await ask_reset(client, email)
        assert len(await post.queued(email)) == 1
    assert len(await post.mails(ana.email)) == 2
    assert await post.mails(stranger) == []
    assert await post.queued(stranger) == []


async def test_malformed_address(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/password-resets", json={"email": "no address"})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "email")


async def test_mailbox_is_not_flooded(client: httpx.AsyncClient, ana: Person, post: Post) -> None:
    await post.mails(ana.email)
    for _ in range(PER_HOUR + 3):
        await ask_reset(client, ana.email)
        await post.mails(ana.email)
    assert len(await post.mails(ana.email)) == 1 + PER_HOUR
    assert await post.queued(ana.email) == []


async def test_busy_server_is_tried_again(client: httpx.AsyncClient, post: Post) -> None:
    """More often than anybody may ask in an hour, until it is given up."""
    email = f"busy_{secrets.token_hex(4)}@example.org"
    body = {"username": email[:13], "email": email, "password": PASSWORD}
    ok(await client.post("/v1/users", json=body))
    for attempt in range(1, ATTEMPTS_MAX + 1):
        await post.mails(email)
        [row] = await post.queued(email)
        assert row["attempts"] == attempt
        assert "451" in row["last_error"]
        assert (row["dead_at"] is not None) == (attempt == ATTEMPTS_MAX)
        await post.let_time_pass(email)
    await post.mails(email)
    assert [row["attempts"] for row in await post.queued(email)] == [ATTEMPTS_MAX]


async def test_pauses_grow(client: httpx.AsyncClient, services: Services, post: Post) -> None:
    email = f"busy_{secrets.token_hex(4)}@example.org"
    ok(await client.post("/v1/users", json={"username": email[:13], "email": email, "password": PASSWORD}))
    for minutes in (1, 2, 4):
        await post.mails(email)
        async with services.resources.database.connection() as connection:
            pause_s = await connection.fetchval(
                "SELECT extract(epoch FROM next_attempt_at - now()) FROM users.mails WHERE email = $1", email
            )
        assert (minutes - 0.75) * 60 < pause_s <= minutes * 60
        await post.let_time_pass(email)


async def test_refused_recipient_is_given_up(client: httpx.AsyncClient, post: Post) -> None:
    email = f"gone_{secrets.token_hex(4)}@example.org"
    ok(await client.post("/v1/users", json={"username": email[:13], "email": email, "password": PASSWORD}))
    await post.mails(email)
    [row] = await post.queued(email)
    assert row["dead_at"] is not None
    assert "550" in row["last_error"]
    await ask_reset(client, email)
    assert len(await post.queued(email)) == 2


async def test_server_away_and_back(client: httpx.AsyncClient, services: Services, tmp_path: Path) -> None:
    """Nothing that was acknowledged is lost while there is no server."""
    person = await sign_up(client, "eve")
    async with smtp_server(tmp_path) as server:
        port = server.port
    post = Post(services.resources, server)
    assert await post.mails(person.email) == []
    assert len(await post.queued(person.email)) == 1
    await post.let_time_pass(person.email)
    async with smtp_server(tmp_path, port=port):
        [mail] = await post.mails(person.email)
    assert (await confirm_email(client, token_of(mail))).status_code == 204
    assert await post.queued(person.email) == []


async def test_crash_after_claiming_sends_later(client: httpx.AsyncClient, services: Services, post: Post) -> None:
    """A worker that died with a claimed mail: the claim runs out, and the mail is sent."""
    person = await sign_up(client, "eve")
    async with services.resources.database.connection() as connection:
        claimed = await mail_queue.claim_mails(connection, 1000)
    assert person.email in {mail.email for mail in claimed}
    assert await post.mails(person.email) == []
    await post.let_time_pass(person.email)
    assert len(await post.mails(person.email)) == 1


async def test_two_workers_send_once(client: httpx.AsyncClient, services: Services, post: Post) -> None:
    people = [await sign_up(client, "eve") for _ in range(8)]
    await asyncio.gather(*(post.mails("") for _ in range(4)))
    assert [len(post.server.mails(person.email)) for person in people] == [1] * 8


async def test_queue_holds_no_secret(client: httpx.AsyncClient, ana: Person, post: Post, services: Services) -> None:
    await ask_reset(client, ana.email)
    rows = await post.queued(ana.email)
    assert {key for row in rows for key in row} == {
        *("id", "purpose", "email", "attempts", "next_attempt_at", "last_error", "dead_at")
    }
    [token] = tokens_of(await post.mails(ana.email), RESET)
    async with services.resources.database.connection() as connection:
        stored = await connection.fetch("SELECT token_hash FROM users.mail_tokens WHERE user_id = $1", int(ana.id))
    assert token.encode() not in {row["token_hash"] for row in stored}
    assert {len(row["token_hash"]) for row in stored} == {32}
