"""With Valkey away the ranked timeline still answers, and goes on from page to page."""

import httpx
import msgspec

from rookery.gateway.app import wrap
from rookery.gateway.wiring import Services
from rookery.kit.settings import Settings
from tests.own_servers import own_valkey
from tests.people import sign_up
from tests.timelines.ranking.pages import PATH, for_you, ids


async def test_pages_go_on_without_valkey(services: Services, settings: Settings) -> None:
    async with own_valkey() as valkey:
        alone = Services(msgspec.structs.replace(settings, cache_url=valkey.url))
        await alone.open()
        try:
            transport = httpx.ASGITransport(app=wrap(alone, lifespan=False))
            async with httpx.AsyncClient(transport=transport, base_url="http://rookery.test") as client:
                ana, ben = await sign_up(client, "ana"), await sign_up(client, "ben")
                await ben.follow(ana)
                posts = [await ana.post(f"Number {number}") for number in range(6)]
                first = await ben.get(PATH, limit=2)
                await valkey.stop()
                whole = ids(await for_you(ben))
                assert set(ids(posts)) <= set(whole)
                seen, cursor = ids(first["data"]), first["next_cursor"]
                while cursor:
                    page = await ben.get(PATH, limit=2, cursor=cursor)
                    seen, cursor = seen + ids(page["data"]), page["next_cursor"]
                assert set(ids(posts)) <= set(seen)
                assert len(set(seen)) == len(seen)
                await ben.put(f"{PATH}/less/{posts[0]['id']}")
                assert posts[0]["id"] not in ids(await for_you(ben))
        finally:
            await alone.close()
