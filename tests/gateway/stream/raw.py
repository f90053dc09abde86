"""A client that may do what no decent client does: bytes and frames by hand, over a real socket."""

import asyncio
import base64
import json
from typing import Any
from urllib.parse import urlsplit

from websockets.frames import Close, Frame, Opcode

PATIENCE_S = 20.0
KEY = base64.b64encode(bytes(16))
ACCEPT = b"ICX+Yqv66kxgM0FcWaLWlFLwTAI="  # of KEY, by RFC 6455, 4.2.2


def masked(opcode: Opcode, data: bytes = b"", *, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=True)


def text(**frame: Any) -> bytes:
    return masked(Opcode.TEXT, json.dumps(frame).encode())


def handshake(url: str, *lines: bytes, without: bytes = b"-") -> bytes:
    """A good one, with `lines` more; `without`: less the header that begins so."""
    parts = urlsplit(url)
    good = [
        b"Host: %b" % parts.netloc.encode(),
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Key: " + KEY,
        b"Sec-WebSocket-Version: 13",
    ]
    kept = [line for line in good if not line.startswith(without)]
    return b"\r\n".join((b"GET %b HTTP/1.1" % parts.path.encode(), *kept, *lines, b"", b""))


class Answer:
    """An HTTP answer."""

    def __init__(self, head: bytes, body: bytes) -> None:
        first, *lines = head.decode("latin-1").rstrip().split("\r\n")
        self.status = int(first.split()[1])
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        self.body = body

    def problem(self) -> dict[str, Any]:
        assert self.headers["content-type"] == "application/problem+json"
        document: dict[str, Any] = json.loads(self.body)
        assert document["status"] == self.status
        assert document["request_id"] == self.headers["x-request-id"]
        return document


class RawClient:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, url: str, address: str = "127.0.0.1") -> "RawClient":
        """A connection from `address` on which nothing was said."""
        parts = urlsplit(url)
        return cls(*await asyncio.open_connection(parts.hostname, parts.port, local_addr=(address, 0)))

    @classmethod
    async def opened(cls, url: str, address: str = "127.0.0.1") -> "RawClient":
        client = await cls.connect(url, address)
        client.writer.write(handshake(url))
        answer = await client.answer()
        assert answer.status == 101
        assert answer.headers["sec-websocket-accept"].encode() == ACCEPT
        return client

    async def answer(self) -> Answer:
        async with asyncio.timeout(PATIENCE_S):
            head = await self.reader.readuntil(b"\r\n\r\n")
            answer = Answer(head, b"")
            if length := int(answer.headers.get("content-length", "0")):
                answer.body = await self.reader.readexactly(length)
        return answer

    def say(self, data: bytes) -> None:
        self.writer.write(data)

    async def frame(self) -> tuple[Opcode, bytes]:
        """The next one. Raises IncompleteReadError when the connection ends before it."""
        async with asyncio.timeout(PATIENCE_S):
            first, length = await self.reader.readexactly(2)
            if length == 126:
                length = int.from_bytes(await self.reader.readexactly(2))
            elif length == 127:
                length = int.from_bytes(await self.reader.readexactly(8))
            return Opcode(first & 15), await self.reader.readexactly(length)

    async def closed(self) -> int:
        """The server's close code, after whatever comes before it; the goodbye is answered."""
        while True:
            opcode, data = await self.frame()
            if opcode is Opcode.CLOSE:
                self.say(masked(Opcode.CLOSE, data))
                return int(Close.parse(data).code)

    async def ended(self) -> None:
        """Returns when the server has ended the connection, in whichever way."""
        async with asyncio.timeout(PATIENCE_S):
            try:
                while await self.reader.read(65536):
                    pass
            except ConnectionError:
                return

    async def leave(self) -> None:
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except ConnectionError:
            return
