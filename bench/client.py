"""A blocking HTTP client of one connection, by http.client: a tenth of what others cost a request."""

import http.client
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from bench.errors import BenchError

TIMEOUT_S = 30.0


class Page(Struct):
    data: list[msgspec.Raw]
    next_cursor: str | None


class Client:
    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT_S)

    def get(self, path: str, token: str = "") -> bytes:
        """The body. Raises BenchError for any status but 2xx."""
        return self._ask("GET", path, {"Authorization": f"Bearer {token}"} if token else {}, None)

    def page(self, path: str, token: str) -> Page:
        """A page of a list."""
        return msgspec.json.decode(self.get(path, token), type=Page)

    def post(self, path: str, body: bytes, token: str = "") -> bytes:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        return self._ask("POST", path, headers, body)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> bytes:
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if not 200 <= answer.status < 300:
            raise BenchError(f"{method} {path} says {answer.status}: {content[:200].decode(errors='replace')}")
        return content

    def close(self) -> None:
        self._connection.close()
