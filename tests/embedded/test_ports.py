"""Where a web server could listen."""

import os
import socket
import sys

import pytest

from rookery.embedded.errors import EmbeddedError
from rookery.embedded.ports import check_port, connect_host, web_url


def test_a_taken_port_names_who_took_it() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        port = listener.getsockname()[1]
        who = str(os.getpid()) if sys.platform == "linux" else ""  # macOS tells root alone
        with pytest.raises(EmbeddedError, match=rf"port {port} is taken.*{who}.*PORT="):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)


@pytest.mark.parametrize("host", ["no such host", "192.0.2.1"])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(EmbeddedError, match="choose another --host"):
        check_port(host, 8123)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may")
def test_a_low_port_is_refused_for_ordinary_users() -> None:
    with pytest.raises(EmbeddedError, match="reserved for root"):
        check_port("127.0.0.1", 1)


def test_where_a_person_goes() -> None:
    assert web_url("0.0.0.0", 8000) == "http://127.0.0.1:8000"
    assert web_url("::", 8000) == "http://[::1]:8000"
    assert web_url("rookery.example", 80) == "http://rookery.example:80"
    assert connect_host("") == "127.0.0.1"
