"""What a Protocol says, as messages: each method's arguments and result, encoded by their annotations."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_type_hints

import msgspec
from msgspec import Struct

Function = TypeVar("Function", bound=Callable[..., Any])

# Types that travel by reference: the name of the attribute, an integer, by which the other side finds its own.
References = Mapping[type, str]

_encode = msgspec.msgpack.Encoder().encode


def read(method: Function) -> Function:
    """Marks a method of a contract that changes nothing, so that it may be called again when no answer came."""
    method.__rpc_read__ = True  # type: ignore[attr-defined]
    return method


class Method(Struct, frozen=True):
    """One method of a contract. `by_reference` are the places of arguments of which only the reference travels."""

    name: str
    reads: bool
    by_reference: dict[int, tuple[type, str]]
    _arguments: msgspec.msgpack.Decoder[Any]
    _result: msgspec.msgpack.Decoder[Any]

    def encode_arguments(self, arguments: tuple[Any, ...]) -> bytes:
        if self.by_reference:
            arguments = tuple(
                getattr(value, self.by_reference[place][1]) if place in self.by_reference else value
                for place, value in enumerate(arguments)
            )
        return _encode(arguments)

    def decode_arguments(self, body: bytes) -> list[Any]:
        """In order; references are left as they came. Raises msgspec.MsgspecError for anything else."""
        return list(msgspec.structs.astuple(self._arguments.decode(body)))

    def encode_result(self, result: Any) -> bytes:
        return _encode(result)

    def decode_result(self, body: bytes) -> Any:
        """Raises msgspec.MsgspecError."""
        return self._result.decode(body)


def methods_of(protocol: type, references: References) -> dict[str, Method]:
    """The public methods of a Protocol by name, those that it inherits included. Arguments are called by position."""
    functions = inspect.getmembers(protocol, inspect.iscoroutinefunction)
    return {name: _method(function, references) for name, function in functions if not name.startswith("_")}


def _method(function: Any, references: References) -> Method:
    hints = get_type_hints(function, include_extras=True)
    result = hints.pop("return")
    by_reference = {
        place: (kind, references[kind])
        for place, kind in enumerate(hints.values())
        if isinstance(kind, type) and kind in references
    }
    fields = [(name, int if place in by_reference else kind) for place, (name, kind) in enumerate(hints.items())]
    arguments = msgspec.defstruct(function.__name__, fields, array_like=True, frozen=True)
    return Method(
        function.__name__,
        getattr(function, "__rpc_read__", False),
        by_reference,
        msgspec.msgpack.Decoder(arguments),
        msgspec.msgpack.Decoder(result),
    )
