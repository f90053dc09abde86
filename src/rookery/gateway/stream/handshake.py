"""The request with which a client asks for a WebSocket: an ordinary request, and its refusals ordinary answers."""

from websockets.datastructures import Headers
from websockets.exceptions import InvalidHandshake, InvalidProtocol, InvalidUpgrade
from websockets.http11 import Request
from websockets.server import ServerProtocol

from rookery.gateway.edge.exchange import Scope
from rookery.kit.problems import Invalid, Problem


class UpgradeRequired(Problem):
    status = 426
    code = "upgrade_required"
    title = "This address speaks WebSocket"

    @property
    def headers(self) -> dict[str, str]:
        return {"Upgrade": "websocket", "Connection": "Upgrade"}


def accept_handshake(scope: Scope) -> bytes:
    """The lines of headers with which to accept a GET (RFC 6455, 4.2). Raises UpgradeRequired and Invalid."""
    headers = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    if headers.get_all("Transfer-Encoding") or any(length != "0" for length in headers.get_all("Content-Length")):
        raise Invalid("A handshake has no body.")
    request = Request(scope["path"], headers, protocol=f"HTTP/{scope['http_version']}")
    try:
        key, _, _ = ServerProtocol().process_request(request)
    except (InvalidUpgrade, InvalidProtocol) as error:
        raise UpgradeRequired("Connect with a WebSocket, over HTTP/1.1.") from error
    except InvalidHandshake as error:
        raise Invalid(str(error)) from error
    return b"upgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: %b\r\n" % key.encode()
