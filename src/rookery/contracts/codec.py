"""Events to and from the bytes that the bus carries: JSON, tagged with the event's type, readable in any tool."""

import msgspec

from rookery.contracts.events import TOPIC_OF, AnyEvent, Event, Topic

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


class EventError(ValueError):
    """Bytes that are no event this version knows: a poison record, not an outage."""


def encode(event: Event) -> bytes:
    return _encoder.encode(event)


def decode(value: bytes) -> AnyEvent:
    """Raises EventError for anything that is not a known event; unknown fields are ignored (newer writers)."""
    try:
        return _decoder.decode(value)
    except msgspec.MsgspecError as error:
        raise EventError(f"not an event: {error}") from error


def topic_of(event: Event) -> Topic:
    """The topic an event is published to."""
    return TOPIC_OF[type(event)]
