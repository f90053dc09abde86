"""The frames of `/v1/stream`, JSON in text messages, and the codes with which the server closes."""

from collections.abc import Collection
from enum import IntEnum, StrEnum

import msgspec
from msgspec import Struct

from rookery.kit import live
from rookery.kit.live import StreamId, format_id, parse_id

HEARTBEAT_S = 25


class Channel(StrEnum):
    HOME = live.HOME
    NOTIFICATIONS = live.NOTIFICATIONS
    MEDIA = live.MEDIA


class Close(IntEnum):
    """Why a connection is closed. 4408 and 1001: come back and resume."""

    GOING_AWAY = 1001
    TRY_AGAIN_LATER = 1013
    BAD_MESSAGE = 4400
    UNAUTHENTICATED = 4401
    TOO_SLOW = 4408
    TOO_MANY = 4429


class Closed(Exception):
    """The connection is to be closed with this code; the text tells the client why."""

    def __init__(self, code: Close, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Auth(Struct, frozen=True, tag_field="type", tag="auth"):
    token: str


class Subscribe(Struct, frozen=True, tag_field="type", tag="subscribe"):
    """`last_event_id`: what the client saw last; None begins with what comes next."""

    channels: list[Channel]
    last_event_id: str | None = None


class Unsubscribe(Struct, frozen=True, tag_field="type", tag="unsubscribe"):
    channels: list[Channel]


class Ack(Struct, frozen=True, tag_field="type", tag="ack"):
    event_id: str | None = None


class Ping(Struct, frozen=True, tag_field="type", tag="ping"):
    pass


class Pong(Struct, frozen=True, tag_field="type", tag="pong"):
    """The answer to the server's ping. Any other frame says as well that the client is there."""


ClientFrame = Auth | Subscribe | Unsubscribe | Ack | Ping | Pong

_decoder: msgspec.json.Decoder[ClientFrame] = msgspec.json.Decoder(ClientFrame)

READY = f'{{"type":"ready","heartbeat_s":{HEARTBEAT_S}}}'
PING = '{"type":"ping"}'
PONG = '{"type":"pong"}'


def decode_frame(text: str, size_max: int) -> ClientFrame:
    """Raises Closed with 4400 for what is no frame of a client."""
    if len(text) > size_max:
        raise Closed(Close.BAD_MESSAGE, f"a message has at most {size_max} bytes")
    try:
        return _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError) as error:
        raise Closed(Close.BAD_MESSAGE, str(error)) from error


def decode_event_id(text: str) -> StreamId:
    """Raises Closed with 4400."""
    try:
        return parse_id(text)
    except ValueError as error:
        raise Closed(Close.BAD_MESSAGE, "last_event_id is not an id of an event") from error


def subscribed(channels: Collection[Channel], position: StreamId) -> str:
    return msgspec.json.encode(
        {"type": "subscribed", "channels": list(channels), "event_id": format_id(position)}
    ).decode()


def gap(channels: Collection[Channel]) -> str:
    return msgspec.json.encode({"type": "gap", "channels": list(channels)}).decode()


def error(code: str, detail: str) -> str:
    return msgspec.json.encode({"type": "error", "code": code, "detail": detail}).decode()


def event(event_id: StreamId, channel: Channel, name: str, data: bytes) -> str:
    """`data` is JSON already and goes in as it is."""
    head = f'{{"type":"event","id":"{format_id(event_id)}","channel":"{channel}","event":"{name}","data":'
    return head + data.decode() + "}"
