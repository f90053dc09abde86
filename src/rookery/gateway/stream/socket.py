"""The WebSocket protocol (RFC 6455) on a transport, without a task or a queue for each connection.

Frames are read and written by the sans-I/O part of `websockets`; what arrives is told to a receiver by plain calls from
the event loop. An idle one is this object, the parser's and the transport. No compression: it keeps a window of memory
for each connection.
"""

import asyncio
from collections.abc import MutableSet
from typing import Any, Protocol

from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

MESSAGE_MAX_BYTES = 16 * 1024  # of what is received, all fragments together
GOODBYE_S = 2.0  # from our last word to the end of the connection, whatever the client does
REASON_MAX_BYTES = 123  # RFC 6455, 5.5: a control frame has at most 125 bytes, two of them the code

INVALID_TEXT = 1007


class Receiver(Protocol):
    """What a WebSocket tells. Nothing here may wait or raise."""

    def frame_received(self) -> bool:
        """A frame of any kind came, pings and fragments too, before what it brought; False: ignore it."""

    def text_received(self, text: str) -> None:
        """A whole message came."""

    def binary_received(self) -> None:
        """A whole binary message came, and was dropped."""

    def writing_paused(self) -> None:
        """The client does not take what was sent: send nothing more."""

    def writing_resumed(self) -> None: ...

    def going_away(self) -> None:
        """The server ends: say goodbye."""

    def lost(self, code: int | None) -> None:
        """It is over; the last call. `code`: with which we closed it, None when the client or the network did."""


class WebSocket(asyncio.Protocol):
    """One connection after its handshake. Set `receiver` before `upgraded` is called."""

    __slots__ = ("_connections", "_goodbye", "_is_text", "_message", "_transport", "_wire", "receiver")

    receiver: Receiver
    _transport: asyncio.Transport
    _connections: MutableSet[Any]

    def __init__(self) -> None:
        self._wire = ServerProtocol(state=State.OPEN, max_size=MESSAGE_MAX_BYTES)
        self._goodbye: asyncio.TimerHandle | None = None
        self._message: bytearray | None = None  # the fragments so far of a message that comes in several
        self._is_text = False

    def upgraded(self, transport: asyncio.Transport, connections: MutableSet[Any]) -> None:
        """The handshake was answered. `connections` are the server's; this one is among them until it is lost."""
        self._transport = transport
        self._connections = connections
        connections.add(self)

    def send_text(self, text: str) -> None:
        """Once it is closing, nothing is sent any more."""
        if self._wire.state is State.OPEN and not self._transport.is_closing():
            self._wire.send_text(text.encode())
            self._flush()

    def close(self, code: int, reason: str) -> None:
        """Say goodbye, and wait GOODBYE_S for the client's; a client that takes nothing is dropped then."""
        if self._wire.state is State.OPEN:
            self._wire.send_close(code, reason.encode()[:REASON_MAX_BYTES].decode(errors="ignore"))
        self._flush()
        self._end_soon()

    def shutdown(self) -> None:
        """The server calls it when it is to end."""
        self.receiver.going_away()

    def data_received(self, data: bytes) -> None:
        self._wire.receive_data(data)
        for frame in self._wire.events_received():
            if isinstance(frame, Frame) and self._goodbye is None and self.receiver.frame_received():
                self._take(frame)
        self._flush()

    def pause_writing(self) -> None:
        """Who does not read what was sent is not listened to either: each ping is answered."""
        if self._goodbye is None:
            self._transport.pause_reading()
            self.receiver.writing_paused()

    def resume_writing(self) -> None:
        if self._goodbye is None and not self._transport.is_closing():
            self._transport.resume_reading()
            self.receiver.writing_resumed()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._goodbye is not None:
            self._goodbye.cancel()
        self._connections.discard(self)
        ours = self._wire.close_sent is not None and not self._wire.close_rcvd_then_sent
        self.receiver.lost(int(self._wire.close_sent.code) if ours and self._wire.close_sent else None)
        del self.receiver  # which knows us

    def _take(self, frame: Frame) -> None:
        if frame.opcode is Opcode.TEXT or frame.opcode is Opcode.BINARY:
            self._is_text = frame.opcode is Opcode.TEXT
            if frame.fin:
                self._deliver(bytes(frame.data))
            else:
                self._message = bytearray(frame.data)
        elif frame.opcode is Opcode.CONT and self._message is not None:
            self._message += frame.data
            if frame.fin:
                message, self._message = self._message, None
                self._deliver(bytes(message))

    def _deliver(self, message: bytes) -> None:
        if not self._is_text:
            self.receiver.binary_received()
            return
        try:
            text = message.decode()
        except UnicodeDecodeError:
            self._wire.fail(INVALID_TEXT, "text is not UTF-8")
            self._end_soon()
            return
        self.receiver.text_received(text)

    def _flush(self) -> None:
        """Write what the protocol has to say; an empty piece says that it has said all.

        Then only our half is closed: what the client has under way would reset the connection, and our goodbye with it.
        """
        pieces = self._wire.data_to_send()
        if pieces and not self._transport.is_closing():
            self._transport.write(b"".join(pieces))
            if not pieces[-1]:
                self._transport.write_eof()
                self._end_soon()

    def _end_soon(self) -> None:
        """Wait for the client to close, hearing what it still says."""
        if self._goodbye is None:
            if not self._transport.is_closing():
                self._transport.resume_reading()
            self._goodbye = asyncio.get_running_loop().call_later(GOODBYE_S, self._transport.abort)
