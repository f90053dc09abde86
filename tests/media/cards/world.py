"""A small Internet on the loopback interface: web servers that misbehave as told, and a name service."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Site:
    """A web server: what it answers by path, what it was asked, how many connections it has seen and has now."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: Counter[str] = Counter()
        self.heads: list[str] = []
        self.connections = 0
        self.open = 0
        self.open_most = 0
        self.port = 0

    def page(self, path: str, body: str | bytes, status: str = "200 OK", **headers: str) -> None:
        """Answer `path` so; `content_type` and the like name headers."""
        raw = body.encode() if isinstance(body, str) else body
        fields = {"content_type": "text/html; charset=utf-8", "content_length": str(len(raw)), **headers}
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + raw)

        self.answers[path] = answer

    def redirect(self, path: str, location: str) -> None:
        self.page(path, "", status="302 Found", location=location)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.open_most = max(self.open_most, self.open)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                self.heads.append(head)
                path = head.split(" ")[1]
                self.asked[path] += 1
                if path in self.answers:
                    await self.answers[path](writer)
                else:
                    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
        finally:
            self.open -= 1
            writer.close()


@asynccontextmanager
async def site(address: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Site]:
    """A running server at an address of this machine."""
    site = Site()
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(site.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, address, port)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


class Names:
    """A name service: each look-up of a name takes the next of its lists of addresses, the last for ever."""

    def __init__(self, **names: list[list[str]]) -> None:
        self.names = {name.replace("_", "."): lists for name, lists in names.items()}
        self.asked: Counter[str] = Counter()

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked[host] += 1
        lists = self.names.get(host)
        if lists is None:
            raise OSError(f"no such name: {host}")
        return lists[min(self.asked[host], len(lists)) - 1]
