"""Bad bodies, for every operation that takes one."""

import json
from typing import Any

import pytest

from tests.contract.description import (
    BODIES,
    DOCUMENT,
    OPERATIONS,
    WITH_BODY,
    Field,
    Operation,
    encoded,
    takes_line_breaks,
)
from tests.contract.scene import JSON, Scene, problem, refused_for

EVERY_BODY = pytest.mark.parametrize("operation", WITH_BODY, ids=lambda operation: operation.id)
DEPTH = 10_000

# How each type of member looks, and what is none of it.
SAMPLES: dict[str, Any] = {"string": "text", "boolean": True, "integer": 7, "array": ["a"], "object": {"a": 1}}


def raw_with(body: dict[str, Any], name: str, raw: bytes) -> bytes:
    """The body with `raw` in place of a member's value, which need not be JSON."""
    return encoded({**body, name: "@@"}).replace(b'"@@"', raw)


def test_every_body_has_an_example() -> None:
    assert {operation.body for operation in WITH_BODY} == set(BODIES)
    for name, body in BODIES.items():
        assert set(body) == set(DOCUMENT["components"]["schemas"][name]["properties"])


@EVERY_BODY
async def test_wrong_types(scene: Scene, operation: Operation) -> None:
    async with scene.nothing_written():
        for member in operation.members:
            own = {member.type, "integer"} if member.type == "number" else {member.type}
            wrong = [value for kind, value in SAMPLES.items() if kind not in own]
            for value in [*wrong, *([] if member.nullable else [None])]:
                body = {**BODIES[operation.body], member.name: value}
                refused_for(await scene.ask(operation, content=encoded(body)), member.name, "wrong_type")


@EVERY_BODY
async def test_lengths(scene: Scene, operation: Operation) -> None:
    async with scene.nothing_written():
        for member in operation.members:
            for length, code in beyond(member):
                body = {**BODIES[operation.body], member.name: "0" * length}
                refused_for(await scene.ask(operation, content=encoded(body)), member.name, code, "malformed")


def beyond(member: Field) -> list[tuple[int, str]]:
    """Lengths just outside the bounds of a text, and far outside; every text has an upper one."""
    if member.type != "string":
        return []
    if "maxLength" not in member.rules:
        assert "{0,18}" in member.rules["pattern"], f"{member.name} is not bounded"
        return [(0, "malformed"), (20, "malformed"), (100_000, "malformed")]
    longest, shortest = member.rules["maxLength"], member.rules.get("minLength", 0)
    too_long = [(longest + 1, "too_long"), (100_000, "too_long")]
    return [*too_long, (shortest - 1, "too_short")] if shortest else too_long


@EVERY_BODY
async def test_texts_that_are_none(scene: Scene, operation: Operation) -> None:
    """U+0000, lone surrogates, bytes that are not UTF-8."""
    named = [rb'"a\u0000b"', rb'"\u0000"']
    unnamed = [rb'"\ud800"', rb'"x\udfff"', rb'"\udc00\ud800"', b'"\xff"', b'"\xc0\xaf"', b'"\xed\xa0\x80"', b'"a\x00"']
    async with scene.nothing_written():
        for member in operation.members:
            if member.type == "string":
                for raw in named:
                    content = raw_with(BODIES[operation.body], member.name, raw)
                    refused_for(await scene.ask(operation, content=content), member.name)
                for raw in unnamed:
                    content = raw_with(BODIES[operation.body], member.name, raw)
                    refused_for(await scene.ask(operation, content=content), "body", "malformed")


@EVERY_BODY
async def test_patterns_hold_to_the_end(scene: Scene, operation: Operation) -> None:
    """A line break at the end, which `$` overlooks in Python."""
    async with scene.nothing_written():
        for member in operation.members:
            if "pattern" in member.rules and not takes_line_breaks(member.rules["pattern"]):
                body = {**BODIES[operation.body], member.name: f"{BODIES[operation.body][member.name] or 1}\n"}
                refused_for(await scene.ask(operation, content=encoded(body)), member.name)


@EVERY_BODY
async def test_numbers_that_are_none(scene: Scene, operation: Operation) -> None:
    async with scene.nothing_written():
        for member in operation.members:
            for raw in (b"NaN", b"Infinity", b"-Infinity", b"01", b"1.", b"+1", b"0x1"):
                content = raw_with(BODIES[operation.body], member.name, raw)
                problem(await scene.ask(operation, content=content), 400)
            for raw in (b"1" * 5000, b"-" + b"9" * 400, b"1e400", b"1e-400", b"-0", b"1.5"):
                if member.type == "number" and raw == b"1.5":
                    continue
                content = raw_with(BODIES[operation.body], member.name, raw)
                refused_for(await scene.ask(operation, content=content), member.name)


@EVERY_BODY
async def test_members(scene: Scene, operation: Operation) -> None:
    """Missing, unknown and doubled ones."""
    body = BODIES[operation.body]
    async with scene.nothing_written():
        for member in operation.members:
            if member.required:
                rest = {name: value for name, value in body.items() if name != member.name}
                refused_for(await scene.ask(operation, content=encoded(rest)), member.name, "required")
            twice = encoded(body)[:-1] + b"," + encoded({member.name: body[member.name]})[1:]
            refused_for(await scene.ask(operation, content=twice), member.name, "duplicate")
        for name in ("id", "user_id", "ünknown", "__class__", "x" * 10_000):
            answer = await scene.ask(operation, content=encoded({**body, name: 1}))
            refused_for(answer, name, "unknown_field")


@EVERY_BODY
async def test_what_is_no_object(scene: Scene, operation: Operation) -> None:
    others = [b"[]", b'"text"', b"7", b"true", b"{", b"}", b"{}{}", b"{]", b"nothing", b"\xef\xbb\xbf{}", b"{'a': 1}"]
    utf_16 = json.dumps(BODIES[operation.body]).encode("utf-16")
    bodies = [*others, utf_16, *([b"", b"null"] if operation.body_required else [])]
    async with scene.nothing_written():
        for content in bodies:
            errors = problem(await scene.ask(operation, content=content), 400)
            assert errors, content


@EVERY_BODY
async def test_depth(scene: Scene, operation: Operation) -> None:
    deep_list = b"[" * DEPTH + b"]" * DEPTH
    deep_object = b'{"a":' * DEPTH + b"1" + b"}" * DEPTH
    types = {member.name: member.type for member in operation.members}
    async with scene.nothing_written():
        for deep, kind, part in ((deep_list, "array", "[0]"), (deep_object, "object", ".a")):
            assert problem(await scene.ask(operation, content=deep), 400)
            for name in (*types, "unknown"):
                content = raw_with(BODIES[operation.body], name, deep)
                wrong = name + part if types.get(name) == kind else name
                refused_for(await scene.ask(operation, content=content), wrong)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
async def test_size(scene: Scene, operation: Operation) -> None:
    """Over-long bodies, declared and not; also where no body is expected at all."""
    if operation.id in ("getPublicKeys", "createMedia"):
        return  # not of the API, and reads no body; takes files, whose bounds tests/media looks at
    too_long = b" " * (scene.services.resources.settings.max_body_bytes + 1)

    async def undeclared() -> Any:
        yield too_long

    async with scene.nothing_written():
        assert (await scene.ask(operation, content=too_long)).status_code == 413
        if operation.body:
            problem(await scene.ask(operation, content=undeclared()), 413)


@EVERY_BODY
async def test_media_types(scene: Scene, operation: Operation) -> None:
    async with scene.nothing_written():
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json", ""):
            problem(await scene.ask(operation, headers={**JSON, "Content-Type": kind}), 415)
