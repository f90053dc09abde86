"""The whole way on one machine: the worker puts mails into the folder, `rookery mail` reads them there."""

import asyncio
import re
from pathlib import Path

import httpx

from rookery.cli.mail import newest, show
from rookery.gateway.worker import Worker
from rookery.kit.settings import Settings
from tests.people import Person

DEADLINE_S = 30.0


async def test_mail_reaches_the_folder(
    client: httpx.AsyncClient, ana: Person, worker: Worker, settings: Settings
) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not (mails := newest(Path(settings.mail_dir), 1, ana.email)):
            await asyncio.sleep(0.05)
    match = re.search(r"/verify-email\?token=([\w-]+)", show(mails[0]))
    assert match is not None
    response = await client.post("/v1/email-verifications/confirm", json={"token": match[1]})
    assert response.status_code == 204
    assert (await ana.get("/v1/users/me"))["email_verified"]
