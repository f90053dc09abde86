"""What a page says of itself, in plain text.

Read are OpenGraph, Twitter cards, JSON-LD (its simplest form), `<title>`, the meta description, the canonical link, and
what the page forbids to robots that concerns a card: `nosnippet` and `max-snippet:0` (no description), `noimageindex`
and `max-image-preview:none` (no picture).

The parser (libxml2) reports tags as it meets them and keeps no tree. It gets the text in pieces and stops behind the
head, or where a page that has no end of it becomes too long or too deep: its work per end tag grows with the depth.
"""

import codecs
import re
import unicodedata
from typing import Any, Final

import msgspec
import regex
from lxml import etree
from msgspec import Struct

from rookery.media.cards.fetching import Wanted
from rookery.media.cards.links import Link, read_link

HTML: Final = Wanted(
    types=frozenset({"text/html", "application/xhtml+xml"}), bytes_max=1024 * 1024, ends=(b"</head", b"<body")
)
TITLE_MAX: Final = 200  # characters, as the other two
DESCRIPTION_MAX: Final = 400
SITE_NAME_MAX: Final = 80

TAGS_MAX: Final = 5_000
DEPTH_MAX: Final = 64
PIECE: Final = 16 * 1024  # characters given to the parser at once
VALUE_MAX: Final = 64 * 1024  # characters kept of one text or attribute

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,10}=\s{0,10}[\"']?\s{0,10}([\w.:-]{1,40})", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s{0,10}=\s{0,10}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_CHARSET_WITHIN: Final = 4096
# The encodings of the web (https://encoding.spec.whatwg.org/) by Python's names, and what to read them as.
_ENCODINGS: Final = {
    "utf-8": "utf-8", "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "tis-620": "cp874", "iso8859-11": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "big5hkscs": "big5hkscs",
    "shift_jis": "cp932", "cp932": "cp932", "euc_jp": "euc_jp", "iso2022_jp": "iso2022_jp", "euc_kr": "cp949",
    "cp949": "cp949", "koi8-r": "koi8-r", "koi8-u": "koi8-u",
    "mac-roman": "mac-roman", "cp866": "cp866", "cp874": "cp874",
    **{f"iso8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"cp125{n}": f"cp125{n}" for n in range(9)},
}  # fmt: skip
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# Control, unassigned, private and format characters, those that turn the direction of text among them; the joiners that
# emoji, Persian and Indic scripts need may stay.
_UNPRINTABLE = regex.compile(r"[[\p{C}]--[\u200c\u200d]]", flags=regex.V1)

_decode_json = msgspec.json.Decoder().decode


class Page(Struct, frozen=True, kw_only=True):
    """What a card is made of. `canonical` is on the machine that answered; `image` may be anywhere."""

    title: str
    description: str | None
    site_name: str | None
    canonical: Link | None
    image: Link | None


def read_page(link: Link, headers: dict[str, str], body: bytes) -> Page | None:
    """The page at `link`, or None when it does not say what it is called."""
    said = _collect(_text(body, headers.get("content-type", "")))
    graph = said.json_ld()
    title = said.first("og:title", "twitter:title") or graph.get("headline") or graph.get("name") or said.title
    if not (title := plain(title, TITLE_MAX)):
        return None
    description = said.first("og:description", "twitter:description") or graph.get("description")
    image = said.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
    image = image or graph.get("image", "")
    forbidden = _rules(headers.get("x-robots-tag", ""), said.first("robots"), said.first("rookery"))
    canonical = read_link(said.canonical, link) if said.canonical else None
    return Page(
        title=title,
        description=None
        if forbidden & {"nosnippet", "max-snippet:0"}
        else plain(description or said.first("description"), DESCRIPTION_MAX) or None,
        site_name=plain(said.first("og:site_name") or graph.get("site_name"), SITE_NAME_MAX) or None,
        canonical=canonical if canonical and canonical.host == link.host else None,
        image=None if not image or forbidden & {"noimageindex", "max-image-preview:none"} else read_link(image, link),
    )


def plain(text: str | None, length_max: int) -> str:
    """One line of text, normalised (NFC), without what cannot be seen; cut with an ellipsis, at a space where near."""
    text = (text or "")[: length_max * 8]
    seen = _UNPRINTABLE.sub("", " ".join(text.split()))  # line breaks first: they part words, and are unprintable
    text = unicodedata.normalize("NFC", " ".join(seen.split()))
    if len(text) <= length_max:
        return text
    cut = text[: length_max - 1]
    at_space = cut.rfind(" ")
    return (cut[:at_space] if at_space > length_max * 3 // 4 else cut).rstrip() + "…"


class _Said:
    """The target of the parser: collects what a head says. The first value of a name stands."""

    def __init__(self) -> None:
        self.metas: dict[str, str] = {}
        self.canonical = ""
        self.title = ""
        self.done = False
        self._graphs: list[str] = []
        self._text: list[str] | None = None
        self._tags = 0
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._tags += 1
        self._depth += 1
        self.done = self.done or self._tags > TAGS_MAX or self._depth > DEPTH_MAX
        if tag == "meta":
            self._meta(attributes)
        elif tag == "link":
            if "canonical" in attributes.get("rel", "").lower().split() and not self.canonical:
                self.canonical = attributes.get("href", "")
        elif tag == "title" or (tag == "script" and attributes.get("type", "").lower() == "application/ld+json"):
            self._text = []

    def _meta(self, attributes: dict[str, str]) -> None:
        content = attributes.get("content", "")
        for attribute in ("property", "name"):
            name = attributes.get(attribute, "").strip().lower()
            if name and content.strip():
                self.metas.setdefault(name, content[:VALUE_MAX])

    def data(self, data: str) -> None:
        if self._text is not None and sum(map(len, self._text)) < VALUE_MAX:
            self._text.append(data)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self.done = self.done or tag == "head"
        if tag in ("title", "script") and self._text is not None:
            text, self._text = "".join(self._text), None
            if tag == "title":
                self.title = self.title or text
            elif len(self._graphs) < 4:
                self._graphs.append(text)

    def close(self) -> None:
        pass

    def first(self, *names: str) -> str:
        return next((self.metas[name] for name in names if name in self.metas), "")

    def json_ld(self) -> dict[str, str]:
        """`headline`, `name`, `description`, `image` and the publisher as `site_name`, of the first thing that has
        one of the first two."""
        for graph in self._graphs:
            try:
                things = _things(_decode_json(graph))
            except (msgspec.DecodeError, RecursionError, ValueError):
                continue
            for thing in things:
                if _text_of(thing, "headline") or _text_of(thing, "name"):
                    return _summary(thing)
        return {}


def _collect(text: str) -> _Said:
    said = _Said()
    parser = etree.HTMLParser(target=said)
    try:
        for start in range(0, len(text), PIECE):
            parser.feed(text[start : start + PIECE])
            if said.done:
                break
        parser.close()
    except etree.LxmlError:
        pass  # an empty page, or one that no browser would show either; what was said before stands
    return said


def _things(found: Any) -> list[dict[str, Any]]:
    """The objects of a JSON-LD document: one, a list, or a @graph."""
    if isinstance(found, dict):
        found = found.get("@graph", [found])
    return [thing for thing in found[:50] if isinstance(thing, dict)] if isinstance(found, list) else []


def _summary(thing: dict[str, Any]) -> dict[str, str]:
    image = thing.get("image")
    image = image[0] if isinstance(image, list) and image else image
    publisher = thing.get("publisher")
    summary = {name: _text_of(thing, name) for name in ("headline", "name", "description")}
    summary["image"] = _text_of(image, "url") if isinstance(image, dict) else image if isinstance(image, str) else ""
    summary["site_name"] = _text_of(publisher, "name") if isinstance(publisher, dict) else ""
    return summary


def _text_of(thing: dict[str, Any], name: str) -> str:
    value = thing.get(name)
    return value if isinstance(value, str) else ""


def _rules(*given: str) -> set[str]:
    """What robots are told, of the header and the metas; a rule for one robot (`name: rule`) holds if it is us."""
    rules = (rule.strip().lower().replace(" ", "") for text in given for rule in text.split(","))
    return {rule.removeprefix("rookery:") for rule in rules}


def _text(body: bytes, content_type: str) -> str:
    """A page decoded by its byte order mark, else by what it says of itself, else as UTF-8 or what was before it."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    in_header = _CHARSET.search(content_type)
    in_body = _META_CHARSET.search(body[:_CHARSET_WITHIN])
    for label in (in_header[1] if in_header else "", in_body[1].decode("ascii", "replace") if in_body else ""):
        if (known := _encoding(label)) is not None:
            return body.decode(known, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(body)  # whose last character may be cut in two
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _encoding(label: str) -> str | None:
    try:
        return _ENCODINGS.get(codecs.lookup(label).name)
    except LookupError:
        return None
