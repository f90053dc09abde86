"""Logs: structured, one line per event, with the id of the request they belong to and without secrets.

Modules log by `structlog.get_logger(__name__)`; what libraries log by `logging` comes out in the same form.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any, TextIO

import msgspec
import structlog
from structlog.typing import Processor

from rookery.kit.settings import Settings, SettingsError

# The request (or the event that it caused) on whose behalf this task works; the edge and the consumers set it.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")

REDACTED = "[redacted]"
SECRET_NAME = re.compile(r"password|passwd|secret|token|authorization|cookie|credential|api_?key", re.IGNORECASE)
SECRET_TEXT = re.compile(
    r"""(?P<bearer>\bbearer\s+)[\w.~+/=-]+             # Authorization: Bearer ...
      | \beyJ[\w-]+\.[\w-]+\.[\w-]*                    # a JWT
      | (?P<userinfo>\w://[^\s/:@]*:)[^\s/@]+(?=@)     # the password in a URL
    """,
    re.IGNORECASE | re.VERBOSE,
)
LEVELS = ("debug", "info", "warning", "error", "critical")

EventDict = MutableMapping[str, Any]


def configure_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Send all logs to `stream` (None: standard error) in the form and from the level that the settings name."""
    if settings.log_level not in LEVELS:
        raise SettingsError(f"ROOKERY_LOG_LEVEL: must be one of {', '.join(LEVELS)}")
    if settings.log_format not in ("json", "console"):
        raise SettingsError("ROOKERY_LOG_FORMAT: must be json or console")
    output = stream or sys.stderr
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    structlog.configure(
        processors=[*_shared(), *_rendering(settings, output)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(output),
        cache_logger_on_first_use=False,
    )
    _configure_standard_logging(settings, output, level)


def add_request_id(_: Any, __: str, event: EventDict) -> EventDict:
    if request_id := REQUEST_ID.get():
        event.setdefault("request_id", request_id)
    return event


def redact(_: Any, __: str, event: EventDict) -> EventDict:
    """Blot out values whose name or form says that they are secrets, however deep."""
    for name, value in event.items():
        event[name] = REDACTED if _is_secret(name, value) else _redacted(value)
    return event


def _is_secret(name: str, value: Any) -> bool:
    return not isinstance(value, bool | int | float | None) and SECRET_NAME.search(name) is not None


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return SECRET_TEXT.sub(_blot, value)
    if isinstance(value, dict):
        return {key: REDACTED if _is_secret(str(key), item) else _redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(item) for item in value]
    return value


def _blot(match: re.Match[str]) -> str:
    return (match["bearer"] or match["userinfo"] or "") + REDACTED


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        add_request_id,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _rendering(settings: Settings, output: TextIO) -> list[Processor]:
    """Redaction comes after exceptions have become text, since their texts quote values."""
    if settings.log_format == "console":
        colors = hasattr(output, "isatty") and output.isatty()
        plain = structlog.dev.plain_traceback
        console = structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain)
        return [structlog.processors.format_exc_info, redact, console]
    return [structlog.processors.format_exc_info, redact, structlog.processors.JSONRenderer(serializer=_to_json)]


def _to_json(event: Any, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()


def _configure_standard_logging(settings: Settings, output: TextIO, level: int) -> None:
    handler = logging.StreamHandler(output)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_shared(), structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(settings, output)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
