"""Logs: their form, their request id, and what they leave out."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from rookery.kit.settings import Settings, SettingsError
from rookery.kit.telemetry import REQUEST_ID, configure_logging

JWT = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.fixture(autouse=True)
def restore_logging() -> Iterator[None]:
    """Leave the loggers of the test session as they were."""
    root = logging.getLogger()
    handlers, level, config = root.handlers, root.level, structlog.get_config()
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**config)


def logged(stream: io.StringIO) -> dict[str, Any]:
    """The one line in the stream."""
    (line,) = stream.getvalue().splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.fixture
def stream() -> io.StringIO:
    stream = io.StringIO()
    configure_logging(Settings(), stream)
    return stream


def test_one_json_object_per_event(stream: io.StringIO) -> None:
    structlog.get_logger("x").info("post.created", post_id=7, at=frozenset({1}))
    line = logged(stream)
    assert (line["event"], line["level"], line["post_id"]) == ("post.created", "info", 7)
    assert line["timestamp"].endswith("Z")


def test_request_id_is_added(stream: io.StringIO) -> None:
    token = REQUEST_ID.set("request-1")
    structlog.get_logger("x").info("event")
    REQUEST_ID.reset(token)
    assert logged(stream)["request_id"] == "request-1"


def test_libraries_log_in_the_same_form(stream: io.StringIO) -> None:
    token = REQUEST_ID.set("request-2")
    logging.getLogger("some.library").warning("could not connect to %s", "postgresql://ana:hunter2@db/x")
    REQUEST_ID.reset(token)
    line = logged(stream)
    assert line["event"] == "could not connect to postgresql://ana:[redacted]@db/x"
    assert (line["logger"], line["level"], line["request_id"]) == ("some.library", "warning", "request-2")


@pytest.mark.parametrize(
    "name",
    ["password", "new_password", "access_token", "refresh_token", "Authorization", "cookie", "secret_key", "api_key"],
)
def test_secrets_by_name(stream: io.StringIO, name: str) -> None:
    structlog.get_logger("x").info("event", **{name: "hunter2"}, nested={"deep": [{name: "hunter2"}]})
    assert "hunter2" not in stream.getvalue()
    assert logged(stream)[name] == "[redacted]"


@pytest.mark.parametrize(
    "text",
    [f"sent {JWT} to them", f"Authorization: Bearer {JWT}", "Bearer hunter2abc", "redis://:hunter2@cache:6379/0"],
)
def test_secrets_by_form(stream: io.StringIO, text: str) -> None:
    structlog.get_logger("x").info("event", detail=text, list=[text])
    assert "hunter2" not in stream.getvalue()
    assert JWT not in stream.getvalue()
    assert "[redacted]" in logged(stream)["detail"]


def test_secrets_in_exceptions(stream: io.StringIO) -> None:
    try:
        raise ValueError(f"bad token {JWT}")
    except ValueError:
        structlog.get_logger("x").exception("event")
    line = logged(stream)
    assert "ValueError" in line["exception"]
    assert JWT not in line["exception"]


def test_numbers_and_ordinary_words_stay(stream: io.StringIO) -> None:
    structlog.get_logger("x").info("event", tokens_left=3, url="https://rookery.example/@ana", detail="a token bucket")
    line = logged(stream)
    assert (line["tokens_left"], line["url"]) == (3, "https://rookery.example/@ana")
    assert line["detail"] == "a token bucket"


def test_level(stream: io.StringIO) -> None:
    configure_logging(Settings(log_level="warning"), stream)
    structlog.get_logger("x").info("quiet")
    logging.getLogger("y").info("quiet")
    assert stream.getvalue() == ""


def test_console_form() -> None:
    stream = io.StringIO()
    configure_logging(Settings(log_format="console"), stream)
    structlog.get_logger("x").info("post.created", password="hunter2", post_id=7)
    assert "post.created" in stream.getvalue()
    assert "hunter2" not in stream.getvalue()


@pytest.mark.parametrize(
    ("values", "name"), [({"log_level": "loud"}, "LOG_LEVEL"), ({"log_format": "xml"}, "LOG_FORMAT")]
)
def test_wrong_settings_are_named(values: dict[str, str], name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        configure_logging(Settings(**values))  # type: ignore[arg-type]
