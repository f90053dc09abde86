"""One GET, and all that a hostile host may do to whoever asks it."""

import asyncio
import gzip
import time
import zlib
from collections.abc import AsyncIterator

import pytest

from rookery.media.cards import fetching
from rookery.media.cards.errors import FetchError, Forbidden, Refused, Unreachable
from rookery.media.cards.fetching import Fetched, Fetcher, Wanted
from rookery.media.cards.links import read_link
from rookery.media.cards.page import HTML
from tests.media.cards.world import Names, Site, site

PAGE = "<html><head><title>A rook</title></head><body>and more</body></html>"


@pytest.fixture
async def server() -> AsyncIterator[Site]:
    async with site() as running:
        yield running


def fetcher_of(names: Names | None = None, allowed: tuple[str, ...] = ("127.0.0.1/32",)) -> Fetcher:
    return Fetcher("https://rooks.example", list(allowed), names or Names(a_example=[["127.0.0.1"]]))


async def get(server: Site, path: str, fetcher: Fetcher | None = None) -> Fetched:
    link = read_link(f"http://a.example:{server.port}{path}")
    assert link is not None
    return await (fetcher or fetcher_of()).get(link, HTML)


async def test_a_page(server: Site) -> None:
    server.page("/a?b=c", PAGE)
    fetched = await get(server, "/a?b=c")
    assert b"A rook" in fetched.body
    [head] = server.heads
    assert head.startswith("GET /a?b=c HTTP/1.1\r\n")
    assert f"Host: a.example:{server.port}\r\n" in head
    assert "(+https://rooks.example; link cards)" in head
    assert "ookie" not in head
    assert "eferer" not in head


async def test_a_compressed_page(server: Site) -> None:
    server.page("/", gzip.compress(PAGE.encode()), content_encoding="gzip")
    assert b"A rook" in (await get(server, "/")).body


async def test_reading_ends_with_the_head(server: Site) -> None:
    async def for_ever(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>A rook</title></HEAD><body>")
        while True:
            writer.write(b"x" * 1000)
            await writer.drain()
            await asyncio.sleep(0.001)

    server.answers["/"] = for_ever
    assert b"A rook" in (await get(server, "/")).body


async def test_an_endless_body_is_read_to_the_limit(server: Site) -> None:
    sent = 0

    async def for_ever(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            sent += 65536
            await writer.drain()

    server.answers["/"] = for_ever
    assert len((await get(server, "/")).body) == HTML.bytes_max
    assert sent < 16 * HTML.bytes_max  # what the sockets hold


async def test_a_bomb_is_unpacked_to_the_limit(server: Site) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join([packer.compress(b"\0" * (1 << 20)) for _ in range(256)]) + packer.flush()
    server.page("/", bomb, content_encoding="gzip")
    assert len((await get(server, "/")).body) == HTML.bytes_max


@pytest.mark.parametrize("slow", ["head", "body", "silence"])
async def test_a_host_that_drips(server: Site, slow: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        if slow == "body":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        elif slow == "head":
            writer.write(b"HTTP/1.1 200 OK\r\nX-A: ")
        while True:
            if slow != "silence":
                writer.write(b"x")
                await writer.drain()
            await asyncio.sleep(0.02)

    server.answers["/"] = drip
    monkeypatch.setattr(fetching, "DEADLINE_S", 0.5)
    began = time.monotonic()
    with pytest.raises(Unreachable):
        await get(server, "/")
    assert time.monotonic() - began < 5


async def test_headers_without_an_end(server: Site) -> None:
    async def headers(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for n in range(200_000):
            writer.write(b"X-%d: y\r\n" % n)
            await writer.drain()

    server.answers["/"] = headers
    with pytest.raises(Unreachable):
        await get(server, "/")


@pytest.mark.parametrize(
    "content_type", ["application/pdf", "image/png", "text/plain", "application/json", "", "video/mp4"]
)
async def test_what_is_no_page(server: Site, content_type: str) -> None:
    server.page("/", PAGE, content_type=content_type)
    with pytest.raises(Refused):
        await get(server, "/")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("404 Not Found", Refused), ("403 Forbidden", Refused), ("204 No Content", Refused), ("206 Partial", Refused),
        ("500 Oops", Unreachable), ("503 Away", Unreachable), ("429 Slowly", Unreachable),
    ],
)  # fmt: skip
async def test_status(server: Site, status: str, error: type[FetchError]) -> None:
    server.page("/", "" if status.startswith("204") else PAGE, status=status)
    with pytest.raises(error):
        await get(server, "/")


async def test_an_unknown_coding_and_a_broken_one(server: Site) -> None:
    server.page("/br", b"\x0b\x02\x80abc\x03", content_encoding="br")
    server.page("/broken", b"this is no gzip", content_encoding="gzip")
    for path in ("/br", "/broken"):
        with pytest.raises(Refused):
            await get(server, path)


async def test_no_http_at_all(server: Site) -> None:
    async def ssh(writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.9\r\n")

    server.answers["/"] = ssh
    with pytest.raises(Unreachable):
        await get(server, "/")


async def test_redirects_are_followed_three_times(server: Site) -> None:
    for n in range(4):
        server.redirect(f"/{n}", f"/{n + 1}")
    server.page("/4", PAGE)
    assert (await get(server, "/1")).link.target == "/4"
    with pytest.raises(Refused, match="redirects"):
        await get(server, "/0")
    server.redirect("/round", "/round")
    with pytest.raises(Refused, match="redirects"):
        await get(server, "/round")


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.2:{port}/", "http://[::1]:{port}/", "http://localhost:22/", "http://inside.example:{port}/",
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.2]:{port}/", "http://2130706434:{port}/",
        "file:///etc/passwd", "ftp://a.example/", "http://user:secret@a.example:{port}/secret", "gopher://a.example/",
        "",
    ],
)  # fmt: skip
async def test_a_redirect_to_where_we_must_not_go(server: Site, location: str) -> None:
    async with site("127.0.0.2", server.port) as inside:
        inside.page("/", PAGE)
        server.redirect("/", location.format(port=server.port))
        names = Names(
            a_example=[["127.0.0.1"]],
            inside_example=[["127.0.0.2"]],
            localhost=[["127.0.0.1", "::1"]],
            **{literal.replace(".", "_"): [[address]] for literal, address in LITERALS.items()},
        )
        with pytest.raises(Forbidden):
            await get(server, "/", fetcher_of(names))
        assert inside.connections == 0
        assert "/secret" not in server.asked


# What the system's resolver makes of hosts that are numbers (see test_addresses).
LITERALS = {
    "127.0.0.2": "127.0.0.2", "::1": "::1", "169.254.169.254": "169.254.169.254",
    "::ffff:127.0.0.2": "::ffff:127.0.0.2", "2130706434": "127.0.0.2",
}  # fmt: skip


async def test_a_name_that_changes_its_mind(server: Site) -> None:
    """The address that was checked is the one that is talked to: nobody asks the name server again."""
    server.page("/", PAGE)
    async with site("127.0.0.2", server.port) as inside:
        inside.page("/", "<title>secret</title>")
        names = Names(a_example=[["127.0.0.1"], ["127.0.0.2"]])
        assert b"A rook" in (await get(server, "/", fetcher_of(names))).body
        assert names.asked["a.example"] == 1
        with pytest.raises(Forbidden):  # by now the name is a private one
            await get(server, "/", fetcher_of(names))
        assert inside.connections == 0


async def test_this_machine_is_private_by_default(server: Site) -> None:
    server.page("/", PAGE)
    with pytest.raises(Forbidden):
        await get(server, "/", fetcher_of(allowed=()))
    real = Fetcher("https://rooks.example", [])
    for host in ("127.0.0.1", "localhost"):
        link = read_link(f"http://{host}:{server.port}/")
        assert link is not None
        with pytest.raises(Forbidden):
            await real.get(link, HTML)
    assert server.connections == 0


async def test_the_next_address_is_tried(server: Site) -> None:
    server.page("/", PAGE)
    names = Names(a_example=[["127.0.0.3", "127.0.0.1"]])
    assert (await get(server, "/", fetcher_of(names, ("127.0.0.0/8",)))).body


PNG = b"\x89PNG\r\n\x1a\n" + bytes(2_000)
BY_CONTENT = Wanted(
    types=frozenset({"image/png"}),
    bytes_max=10_000,
    begins=lambda head: head.startswith(b"\x89PNG") and len(head) <= 64,
)


async def get_png(server: Site) -> Fetched:
    link = read_link(f"http://a.example:{server.port}/")
    assert link is not None
    return await fetcher_of().get(link, BY_CONTENT)


@pytest.mark.parametrize("content_type", ["image/png", "text/html", "application/octet-stream", ""])
async def test_where_the_content_decides_the_header_does_not(server: Site, content_type: str) -> None:
    server.page("/", PNG, content_type=content_type)
    assert (await get_png(server)).body == PNG
    assert "Accept: image/png\r\n" in server.heads[0]
    server.page("/", gzip.compress(PNG), content_type=content_type, content_encoding="gzip")
    assert (await get_png(server)).body == PNG
    for other in (PAGE, "", PNG[1:], b"\x89P"):
        server.page("/", other, content_type=content_type)
        with pytest.raises(Refused):
            await get_png(server)


async def test_what_is_to_be_whole_is_refused_when_it_is_too_large(server: Site) -> None:
    largest, larger = PNG.ljust(9_999, b"\0"), PNG.ljust(10_000, b"\0")
    server.page("/", largest)
    assert (await get_png(server)).body == largest
    server.page("/", gzip.compress(larger), content_encoding="gzip")
    with pytest.raises(Refused):
        await get_png(server)
    server.page("/", larger)
    with pytest.raises(Refused):
        await get_png(server)


async def test_what_says_that_it_is_too_large_or_begins_otherwise_is_not_read(server: Site) -> None:
    """Both hosts would go on for ever."""
    for head in (b"Content-Length: 10000\r\n\r\n", b"\r\n" + PAGE.encode()):

        async def stall(writer: asyncio.StreamWriter, head: bytes = head) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\n" + head)
            await asyncio.Event().wait()

        server.answers["/"] = stall
        with pytest.raises(Refused):
            await get_png(server)


async def test_nobody_there(server: Site) -> None:
    with pytest.raises(Unreachable):
        await get(server, "/", fetcher_of(Names(a_example=[["127.0.0.3"]]), ("127.0.0.0/8",)))
    with pytest.raises(Unreachable):
        await get(server, "/", fetcher_of(Names()))
    with pytest.raises(Unreachable):
        await get(server, "/", fetcher_of(Names(a_example=[[]])))
