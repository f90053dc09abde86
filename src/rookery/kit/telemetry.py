"""Logs with a request id."""

from contextvars import ContextVar

# The request (or the event that it caused) on whose behalf this task works; the edge and the consumers set it.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
