"""The web app as the gateway serves it."""

import gzip
from pathlib import Path

import brotli
import httpx
import pytest

from rookery.gateway.web import WebApp
from tests.gateway.stage import Stage, settings

SCRIPT = "console.log('rookery');\n" * 100


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>Rookery</title>")
    (root / "favicon.svg").write_text("<svg/>")
    (root / "manifest.webmanifest").write_text("{}")
    script = root / "assets" / "index-4f2a.js"
    script.write_text(SCRIPT)
    script.with_name(script.name + ".br").write_bytes(brotli.compress(SCRIPT.encode()))
    script.with_name(script.name + ".gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (root / ".env").write_text("SECRET=1")
    (tmp_path / "outside.txt").write_text("outside")
    (root / "link.txt").symlink_to(tmp_path / "outside.txt")
    return root


@pytest.fixture
def client(dist: Path) -> httpx.AsyncClient:
    return Stage(settings(web_dist=str(dist))).client


async def test_assets_are_immutable(client: httpx.AsyncClient) -> None:
    answer = await client.get("/assets/index-4f2a.js", headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 200
    assert answer.text == SCRIPT
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["content-length"] == str(len(SCRIPT))


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.1", "gzip"),
        ("*", "br"),
        ("zstd", None),
        ("", None),
    ],
)
async def test_assets_come_as_the_build_compressed_them(
    client: httpx.AsyncClient, accepted: str, coding: str | None
) -> None:
    answer = await client.get("/assets/index-4f2a.js", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.text == SCRIPT


@pytest.mark.parametrize(
    "path", ["/", "/index.html", "/@ana", "/@ana/posts/123", "/settings/sessions", "/login", "/v1"]
)
async def test_routes_of_the_app_get_its_page(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert "Rookery" in answer.text


async def test_page_has_a_strict_policy(client: httpx.AsyncClient) -> None:
    policy = (await client.get("/")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "connect-src 'self' ws://127.0.0.1:8000;" in policy
    assert "unsafe" not in policy


async def test_other_files_are_asked_about_each_time(client: httpx.AsyncClient) -> None:
    for path, kind in (("/favicon.svg", "image/svg+xml"), ("/manifest.webmanifest", "application/manifest+json")):
        answer = await client.get(path)
        assert (answer.headers["content-type"], answer.headers["cache-control"]) == (kind, "no-cache")


async def test_etag(client: httpx.AsyncClient, dist: Path) -> None:
    first = await client.get("/")
    again = await client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == "no-cache"
    (dist / "index.html").write_text("<!doctype html><title>A new build of Rookery</title>")
    changed = await client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert "new build" in changed.text


async def test_head(client: httpx.AsyncClient) -> None:
    answer = await client.head("/favicon.svg")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "6"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone.js",
        "/assets/",
        "/missing.js",
        "/.env",
        "/link.txt",
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/assets/../../outside.txt",
        "/assets/..%2f..%2foutside.txt",
        "/..%5coutside.txt",
        "/assets%00.js",
        "/favicon.svg%00.html",
        "/etc/passwd.txt",
        "//etc/passwd.txt",
    ],
)
async def test_nothing_else_is_served(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert "outside" not in answer.text


async def test_raw_traversal(dist: Path) -> None:
    """As a server hands it over that does not normalise paths."""
    client = Stage(settings(web_dist=str(dist))).client
    transport = client._transport
    assert isinstance(transport, httpx.ASGITransport)
    request = httpx.Request("GET", "http://rookery.test/")
    request.url = request.url.copy_with(raw_path=b"/assets/../../outside.txt")
    assert (await transport.handle_async_request(request)).status_code == 404


async def test_pages_are_only_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/login")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


async def test_unknown_api_routes_are_no_pages(client: httpx.AsyncClient) -> None:
    for path in ("/v1/nowhere", "/v1/", "/.well-known/nowhere"):
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_without_a_build_there_are_no_pages(tmp_path: Path) -> None:
    answer = await Stage(settings(web_dist=str(tmp_path / "none"))).client.get("/")
    assert answer.status_code == 404


async def test_memory_is_bounded(dist: Path) -> None:
    for number in range(20):
        (dist / f"file{number}.txt").write_bytes(b"a" * 1000)
    web = WebApp(dist, cache_bytes=5000)
    for number in range(20):
        assert (await web.answer(f"/file{number}.txt", {})).body == b"a" * 1000
    assert sum(file.size_bytes for file in web._files.values()) == web._cached_bytes <= 5000
