"""Stopping so that a proxy in front loses no request, one that it may not send twice included."""

import asyncio
import ctypes
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn

# From <asm-generic/socket.h>; Python's socket module does not name it.
SO_ATTACH_FILTER = 26

# Classic BPF on a listening socket sees TCP segments: drop what has the SYN bit in its flags, byte 13, keep the rest.
# Load the byte; if it has 0x02 go on, else skip one; drop; keep whole.
_REFUSE_NEW = struct.pack("HBBI" * 4, 0x30, 0, 0, 13, 0x45, 0, 1, 0x02, 0x06, 0, 0, 0, 0x06, 0, 0, 0xFFFFFFFF)


class DrainingServer(uvicorn.Server):
    """Stops in this order: nothing new is accepted, which sends a proxy elsewhere; what comes on connections that stand
    is answered for `drain_s` more, and each connection ends with its answer, so that a proxy keeps none that may close
    under a request; then those that were silent all the time are closed.
    """

    def __init__(self, config: uvicorn.Config, drain_s: float) -> None:
        super().__init__(config)
        self._drain_s = drain_s

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            await self._stop_accepting(server)
        for connection in list(self.server_state.connections):
            if drain := getattr(connection, "drain", None):
                drain()
        await asyncio.sleep(self._drain_s)
        await super().shutdown(sockets)

    async def _stop_accepting(self, server: asyncio.Server) -> None:
        """Close the listener, but take those first whose connection the kernel has made: it would reset them."""
        waiting = [accepted for listener in server.sockets for accepted in _last_of(listener)]
        server.close()
        loop = asyncio.get_running_loop()
        for accepted in waiting:
            await loop.connect_accepted_socket(self._protocol, accepted)

    def _protocol(self) -> asyncio.Protocol:
        kind: Callable[..., asyncio.Protocol] = self.config.http_protocol_class
        return kind(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)


def _last_of(listener: Any) -> Iterator[socket.socket]:
    """The connections that wait to be accepted. On Linux none comes after them: who tries repeats it a second later."""
    with socket.socket(fileno=socket.dup(listener.fileno())) as accepting:
        accepting.setblocking(False)
        if sys.platform == "linux" and accepting.family in (socket.AF_INET, socket.AF_INET6):
            instructions = ctypes.create_string_buffer(_REFUSE_NEW)
            program = struct.pack("HP", len(_REFUSE_NEW) // 8, ctypes.addressof(instructions))
            accepting.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
        while True:
            try:
                accepted, _ = accepting.accept()
            except BlockingIOError:
                return
            accepted.setblocking(False)
            yield accepted
