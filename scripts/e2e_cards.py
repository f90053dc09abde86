"""Posts with link cards in a running Rookery (its `--var` folder and URL), fetched from pages of a server of our own.

Written to standard output: the username of who posts them. Whoever asks for no name but ours asks no world; all else is
what a worker does.
"""

import asyncio
import os
import sys
from pathlib import Path

import httpx
import msgspec
from tests.media import files
from tests.media.cards.world import Names, Site, site

from rookery.embedded.attach import attached
from rookery.kit.resources import Resources
from rookery.kit.settings import Settings
from rookery.media.addresses import Addresses
from rookery.media.cards.fetching import Fetcher
from rookery.media.cards.service import Cards
from rookery.media.store import MediaStore

HOST = "rooks.example.org"
USERNAME = "linker"
START_S = 60
PICTURES = {"wide": files.jpeg(1600, 900), "square": files.png(300, 300), "none": b""}


async def main(var: Path, url: str, environment: dict[str, str]) -> None:
    async with attached(var, environment) as settings, site() as server:
        links = {kind: page(server, kind, bool(content)) for kind, content in PICTURES.items()}
        async with httpx.AsyncClient(base_url=url) as client:
            post_ids = await posted(client, links)
        own = msgspec.structs.replace(settings, link_cards=True, link_card_networks=["127.0.0.1/32"])
        await fetched(own, dict(zip(post_ids, links.values(), strict=True)))
    sys.stdout.write(USERNAME)


def page(server: Site, kind: str, has_picture: bool) -> str:
    picture = f'<meta property="og:image" content="/{kind}.picture">' if has_picture else ""
    server.page(
        f"/{kind}",
        f"<title>A nest, picture: {kind}</title>{picture}"
        '<meta name="description" content="Where rooks live, and for how long: all that is known about nests.">',
    )
    server.page(f"/{kind}.picture", PICTURES[kind], content_type="application/octet-stream")
    return f"http://{HOST}:{server.port}/{kind}"


async def posted(client: httpx.AsyncClient, links: dict[str, str]) -> list[int]:
    person = {"username": USERNAME, "email": f"{USERNAME}@example.org", "password": "quartz lantern 77 moss"}
    token = (await sent(client, "/v1/users", person))["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    posts = [await sent(client, "/v1/posts", {"content": f"card {kind} {link}"}) for kind, link in links.items()]
    return [int(post["id"]) for post in posts]


async def sent(client: httpx.AsyncClient, path: str, body: dict[str, str]) -> dict[str, str]:
    """The answer, as soon as the service behind `path` has started too."""
    async with asyncio.timeout(START_S):
        while (answer := await client.post(path, json=body)).status_code == 503:
            await asyncio.sleep(0.2)
    created: dict[str, str] = answer.raise_for_status().json()
    return created


async def fetched(settings: Settings, links: dict[int, str]) -> None:
    resources = Resources(settings)
    await resources.open()
    try:
        cards = Cards(resources, MediaStore(settings), Addresses(settings))
        names = Names()
        names.names = {HOST: [["127.0.0.1"]]}
        cards.crawler.fetcher = cards.pictures.fetcher = Fetcher(
            settings.public_url, settings.link_card_networks, names
        )
        await cards.want(links)
        while claim := await cards.repository.claim([], 60):
            await cards.crawler.fetch(claim)
        while claim := await cards.repository.claim_image([], 60):
            await cards.pictures.fetch(claim)
    finally:
        await resources.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], dict(os.environ)))
