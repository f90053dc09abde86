"""What a page says of itself, and what it cannot make us say."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rookery.media.cards.links import read_link
from rookery.media.cards.page import DESCRIPTION_MAX, SITE_NAME_MAX, TITLE_MAX, Page, plain, read_page

HTML_TYPE = "text/html; charset=utf-8"


def read(html: str | bytes, content_type: str = HTML_TYPE, **headers: str) -> Page | None:
    link = read_link("https://www.example.org/a/b")
    assert link is not None
    body = html.encode() if isinstance(html, str) else html
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_page(link, {"content-type": content_type, **named}, body)


def title_of(html: str | bytes, content_type: str = HTML_TYPE) -> str | None:
    page = read(html, content_type)
    return None if page is None else page.title


def test_open_graph_comes_first() -> None:
    page = read("""<!doctype html><html><head><title>Plain</title>
        <meta name="description" content="plain words">
        <meta name="twitter:title" content="Bird"><meta name="twitter:description" content="bird words">
        <meta property="og:title" content="Graph"><meta property="og:description" content="graph words">
        <meta property="og:site_name" content="The Site"><meta property="og:image" content="/c.png">
        <link rel="alternate canonical" href="/canonical?x=1"></head>""")
    assert page is not None
    assert (page.title, page.description, page.site_name) == ("Graph", "graph words", "The Site")
    assert page.image is not None
    assert page.image.url == "https://www.example.org/c.png"
    assert page.canonical is not None
    assert page.canonical.url == "https://www.example.org/canonical?x=1"


@pytest.mark.parametrize(
    ("head", "title", "description"),
    [
        ("<title>Plain</title><meta name=description content=words>", "Plain", "words"),
        ("<meta name=twitter:title content=Bird><meta name=twitter:description content=w>", "Bird", "w"),
        ("<META PROPERTY='OG:Title' CONTENT='Loud'>", "Loud", None),
        ("<meta name='og:title' content='Misnamed'>", "Misnamed", None),
        ("<title>  a \n\t b  </title><title>second</title>", "a b", None),
        ("<meta property=og:title content=''><title>Filled</title>", "Filled", None),
        ("<svg><title>a picture's</title></svg>", "a picture's", None),
    ],
)
def test_what_there_is(head: str, title: str, description: str | None) -> None:
    page = read(f"<html><head>{head}")
    assert page is not None
    assert (page.title, page.description) == (title, description)


@pytest.mark.parametrize(
    "html", ["", " ", "no markup", "<html>", "<title></title>", "<title> \u200b\u202e </title>", "<!--", "\0", "<", "&"]
)
def test_no_title_no_card(html: str) -> None:
    assert read(html) is None


def test_linked_data() -> None:
    page = read("""<script type="application/ld+json">{broken</script><script type="application/ld+json">
        {"@graph": [{"@type": "WebSite"}, {"@type": "NewsArticle", "headline": "News &amp; more", "description": "d",
        "image": [{"url": "//cdn.example.org/i.jpg"}], "publisher": {"name": "Daily"}}]}</script><title>t</title>""")
    assert page is not None
    assert (page.title, page.description, page.site_name) == ("News &amp; more", "d", "Daily")
    assert page.image is not None
    assert page.image.url == "https://cdn.example.org/i.jpg"


@pytest.mark.parametrize(
    "graph",
    ["[" * 100_000, '{"a":' * 100_000, "null", "[1, [2]]", '{"headline": {"a": 1}, "name": 5}', '{"@graph": 7}'],
)
def test_linked_data_that_means_harm(graph: str) -> None:
    assert title_of(f'<script type="application/ld+json">{graph}</script><title>t</title>') == "t"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),  # text, for clients to show as text
        ("<b>bold</b>", "<b>bold</b>"),
        ("a&#0;b&#x202e;c\u2066d\u200be", "a\ufffdbcde"),
        ("\u202egnp.exe", "gnp.exe"),
        ("👨\u200d👩\u200d👧 می\u200cخواهم", "👨\u200d👩\u200d👧 می\u200cخواهم"),
        ("e\u0301", "é"),
    ],
)
def test_titles_are_plain_text(title: str, shown: str) -> None:
    assert title_of(f"<title>{title}</title>") == shown


def test_long_values_are_cut() -> None:
    page = read(
        f"<title>{'word ' * 100_000}</title><meta name=description content='{'x' * 300_000}'>"
        f"<meta property=og:site_name content='{'s' * 1000}'>"
    )
    assert page is not None
    assert page.description is not None
    assert page.site_name is not None
    assert (len(page.description), len(page.site_name)) == (DESCRIPTION_MAX, SITE_NAME_MAX)
    assert page.title.endswith("word…")
    assert len(page.title) <= TITLE_MAX


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<title>Grüße</title>".encode(), "text/html"),
        ("<title>Grüße</title>".encode("latin-1"), "text/html"),
        ("<title>Grüße</title>".encode("latin-1"), "text/html; charset=ISO-8859-1"),
        ("<meta charset=windows-1252><title>Grüße</title>".encode("cp1252"), "text/html"),
        ("<title>Grüße</title>".encode(), "text/html; charset=nonsense"),
        ("\ufeff<title>Grüße</title>".encode(), "text/html; charset=latin-1"),
        ("\ufeff<title>Grüße</title>".encode("utf-16-le"), "text/html"),
        ("<title>Grüße</title>".encode("utf-16-be"), "text/html; charset='UTF-16BE'"),
        ("<title>Grüße</title>".encode(), "text/html; charset=idna"),
        ("<title>Grüße</title>".encode(), "text/html; charset=zlib"),
    ],
)
def test_encodings(body: bytes, content_type: str) -> None:
    assert title_of(body, content_type) == "Grüße"


@pytest.mark.parametrize(
    ("encoding", "word"),
    [("shift_jis", "鳥の巣"), ("euc_jp", "鳥の巣"), ("gb2312", "鸟巢"), ("big5", "鳥巢"), ("koi8-r", "гнездо"),
     ("windows-1251", "гнездо"), ("euc-kr", "둥지")],
)  # fmt: skip
def test_encodings_of_the_world(encoding: str, word: str) -> None:
    assert title_of(f"<title>{word}</title>".encode(encoding), f"text/html; charset={encoding}") == word


def test_a_head_cut_within_a_character() -> None:
    assert title_of("<title>A rook</title><!-- ä".encode()[:-1], "text/html") == "A rook"


@pytest.mark.parametrize(
    ("robots", "has_description", "has_image"),
    [
        ("nosnippet", False, True),
        ("index, NoSnippet, noimageindex", False, False),
        ("max-snippet: 0, max-image-preview:none", False, False),
        ("noindex, nofollow, max-snippet:50", True, True),
        ("otherbot: nosnippet", True, True),
        ("rookery: nosnippet", False, True),
    ],
)
def test_what_robots_are_told(robots: str, has_description: bool, has_image: bool) -> None:
    head = "<title>t</title><meta name=description content=d><meta property=og:image content=/i.png>"
    for page in (read(head + f"<meta name=robots content='{robots}'>"), read(head, x_robots_tag=robots)):
        assert page is not None
        assert (page.description is not None, page.image is not None) == (has_description, has_image)


def test_a_page_speaks_for_its_own_host_alone() -> None:
    page = read("<title>t</title><link rel=canonical href='https://bank.example/'>")
    assert page is not None
    assert page.canonical is None
    page = read("<title>t</title><meta property=og:image content='file:///etc/passwd'>")
    assert page is not None
    assert page.image is None


@pytest.mark.parametrize("meta", ["", "<meta property=og:image>", "<meta property=og:image content=''>"])
def test_a_page_is_not_its_own_picture(meta: str) -> None:
    page = read(f"<title>t</title>{meta}")
    assert page is not None
    assert page.image is None


@pytest.mark.parametrize("filler", ["<div>" * 100_000, "<div>" * 65 + "</span>" * 100_000, "<meta name=a>" * 60_000])
def test_a_page_that_goes_on_is_left(filler: str) -> None:
    """What stands behind it is not read: the parser had stopped. What stood before it holds."""
    assert title_of(f"<title>first</title>{filler}<meta property=og:title content=late>") == "first"


@given(st.text(), st.binary())
def test_anything_is_read(text: str, raw: bytes) -> None:
    for page in (read(f"<title>{text}"), read(raw, "text/html"), read(b"<title>" + raw, "text/html; charset=gbk")):
        assert page is None or 0 < len(page.title) <= TITLE_MAX


@given(st.text(), st.integers(2, 30))
@example("0 \x1b\r0", 4)
def test_plain_text(text: str, length_max: int) -> None:
    cut = plain(text, length_max)
    assert len(cut) <= length_max
    assert cut == cut.strip()
    assert not set(cut) & set("\n\r\t\0\u202e\u2066")
    assert plain(cut, length_max) == cut
