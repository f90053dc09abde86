"""Links in a text, with and without protocol: the URL rules of twitter-text, in linear time.

twitter-text is one large backtracking expression, tried at every character; on hostile text it takes quadratic time.
Its language is kept here, its cost is not. A *run* is a stretch of characters that host names are made of. It is cut at
its dots into labels once; from right to left each label learns how far a host that goes through it can reach, and from
left to right hosts are then picked, leftmost first and longest first, as the expression would.

Four deviations, each where twitter-text names a link that is not written there: a host of mixed scripts without
protocol ("a.com語.jp/x") gets no path of another; a host that occurs twice in a run is reported where it stands; an
accented letter that opens a text belongs to its host ("été.fr"); a character beyond U+FFFF is one, not two halves.
"""

import re
from typing import NamedTuple

import msgspec
import regex

from rookery.kit.text import alphabet
from rookery.kit.text.tlds import tld_end

MAX_URL_LENGTH = 4096
MAX_LABEL_LENGTH = 63  # RFC 1035, of a label in Punycode
MAX_TCO_SLUG_LENGTH = 40

_NOT_IN_LABEL = alphabet.PUNCTUATION + alphabet.SPACES + alphabet.INVALID + alphabet.DIRECTIONAL_MARKS
_RUN = re.compile(rf"(?:[._\-]|[^{_NOT_IN_LABEL}])+")
_IN_RUN = re.compile(rf"[._\-]|[^{_NOT_IN_LABEL}]")
_DOT_BEFORE_NAME = re.compile(r"\.\w")
_HOST_START = re.compile(rf"(?<![A-Za-z0-9@\uff20$#\uff03{alphabet.INVALID}])[^_\-]")
_CANNOT_PRECEDE = re.compile(rf"[A-Za-z0-9@\uff20$#\uff03{alphabet.INVALID}]")
_PORT = re.compile(r":[0-9]+")
_PARENTHESES = rf"\((?:[{alphabet.URL_PATH}]++(?:\([{alphabet.URL_PATH}]++\)[{alphabet.URL_PATH}]*+)?" + (
    rf"|\([{alphabet.URL_PATH}]++\)[{alphabet.URL_PATH}]*+)\)"
)
_PATH = regex.compile(rf"/(?:[{alphabet.URL_PATH}]++|{_PARENTHESES})*+")
_QUERY = re.compile(rf"\?[{alphabet.URL_QUERY}]+")
_LATIN_LABELS = re.compile(rf"(?:[\-A-Za-z0-9{alphabet.LATIN_ACCENTS}]+\.)+")
_TCO = re.compile(
    rf"https?://t\.co/([a-z0-9]+)(?:\?[{alphabet.URL_QUERY}]*[A-Za-z0-9\-_&=#/])?", re.IGNORECASE | re.ASCII
)
_LABEL_SEPARATORS = re.compile("[.\u3002\uff0e\uff61]")  # IDNA's full stops


class Url(msgspec.Struct, frozen=True):
    """A link as written: `text[start:end] == url`, with no protocol added."""

    url: str
    start: int
    end: int


class _Host(NamedTuple):
    """A host found in a text, `protocol_start` being where its "https://" begins, None without one."""

    start: int
    end: int
    protocol_start: int | None
    last_label: int


def find_urls(text: str) -> list[Url]:
    """All links, in order, none overlapping; linear in the length of the text."""
    urls: list[Url] = []
    position = consumed = 0
    while (dot := _DOT_BEFORE_NAME.search(text, position)) is not None:
        start = dot.start()
        while start > position and _IN_RUN.match(text, start - 1):
            start -= 1
        end = run.end() if (run := _RUN.match(text, dot.start())) else dot.end()
        consumed = _Run(text, start, end).collect(consumed, urls)
        position = max(consumed, end)
    return urls


class _Run:
    """One run of a text, cut into labels.

    `reach[i]` is the last label that can be the top-level domain of a host that takes label i whole, None when no host
    can. `names[i]` is where the top-level domain at the start of label i ends, 0 when none stands there.
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start = text, start
        self.labels = text[start:end].split(".")
        self.offsets = [start]
        for label in self.labels[:-1]:
            self.offsets.append(self.offsets[-1] + len(label) + 1)
        self.names = [0, *(tld_end(text, offset) or 0 for offset in self.offsets[1:])]
        self.reach = self._reaches()

    def _reaches(self) -> list[int | None]:
        reach: list[int | None] = [None] * (len(self.labels) + 1)
        for index in range(len(self.labels) - 2, -1, -1):
            label = self.labels[index]
            if label and label[0] not in "_-" and label[-1] not in "_-":
                ends_here = "_" not in label and self.names[index + 1]
                reach[index] = reach[index + 1] or (index + 1 if ends_here else None)
        return reach

    def collect(self, consumed: int, urls: list[Url]) -> int:
        """Append the run's links to `urls`.

        `consumed` is where the last match, link or not, ended: what stands before it is spoken for. Returns its new
        value, which lies past the run when a path or a query follows.
        """
        index = 0
        while index < len(self.labels) - 1:
            host = self._host_from(index, consumed)
            if host is None:
                index += 1
                continue
            index = host.last_label
            consumed = _end_of_url(self.text, host.end)
            urls.extend(_accepted(self.text, host, consumed))
        return consumed

    def _host_from(self, index: int, consumed: int) -> _Host | None:
        """The leftmost host that starts in label `index`, past `consumed`."""
        label, offset = self.labels[index], self.offsets[index]
        if not label or label[-1] in "_-":
            return None
        last, lowest = self.reach[index + 1], offset
        if last is None:
            if not self.names[index + 1]:
                return None
            last, lowest = index + 1, offset + label.rfind("_") + 1
        end = self.names[last]
        if index == 0 and lowest == offset and label[0] not in "_-":
            protocol_start = _protocol_start(self.text, offset, consumed)
            if protocol_start is not None:
                return _Host(offset, end, protocol_start, last)
        first_free = consumed + 1 if consumed else 0  # a character must stand between two matches
        start = _HOST_START.search(self.text, max(lowest, first_free), offset + len(label))
        return _Host(start.start(), end, None, last) if start is not None else None


def _protocol_start(text: str, host_start: int, consumed: int) -> int | None:
    """Where the "http://" or "https://" right before a host begins; None without one, or when it is glued to a word."""
    for protocol in ("https://", "http://"):
        start = host_start - len(protocol)
        if start >= 0 and text[start:host_start].lower() == protocol:
            free = start == 0 or (start > consumed and not _CANNOT_PRECEDE.match(text, start - 1))
            return start if free else None
    return None


def _end_of_url(text: str, host_end: int) -> int:
    """Where port, path and query that follow a host end; trailing punctuation belongs to the sentence."""
    end = host_end
    if (port := _PORT.match(text, end)) is not None:
        end = port.end()
    if (path := _PATH.match(text, end)) is not None:
        end += max(1, len(path.group().rstrip(alphabet.URL_PATH_TRAILING)))
    if (query := _QUERY.match(text, end)) is not None:
        end += len(query.group().rstrip(alphabet.URL_QUERY_TRAILING))
    return end


def _accepted(text: str, host: _Host, end: int) -> list[Url]:
    """The links that a match stands for: none when it breaks a limit, several when words of other scripts split it."""
    start = host.start if host.protocol_start is None else host.protocol_start
    protocol_length = len("https://") if host.protocol_start is None else host.start - start
    if end - start + protocol_length > MAX_URL_LENGTH or not _is_resolvable(text[host.start : host.end]):
        return []
    if host.protocol_start is None:
        return [] if host.start and text[host.start - 1] in "-_./" else _bare_urls(text, host, end)
    url = text[start:end]
    if (short := _TCO.match(url)) is not None:
        url = short.group()
        if len(short.group(1)) > MAX_TCO_SLUG_LENGTH:
            return []
    return [Url(url, start, start + len(url))]


def _bare_urls(text: str, host: _Host, end: int) -> list[Url]:
    """Without a protocol only labels of Latin letters make a host, so that words without spaces between stay words."""
    spans = [(host.start + first, host.start + last) for first, last in _latin_hosts(text[host.start : host.end])]
    if spans and spans[-1][1] == host.end and text[host.end : end].lstrip(":0123456789").startswith("/"):
        spans[-1] = (spans[-1][0], end)
    return [Url(text[first:last], first, last) for first, last in spans]


def _latin_hosts(host: str) -> list[tuple[int, int]]:
    """Spans of the hosts within a host whose labels but the last are Latin."""
    spans: list[tuple[int, int]] = []
    position = 0
    while (labels := _LATIN_LABELS.search(host, position)) is not None:
        stop = _last_name_end(host, labels.start(), labels.end())
        if stop is not None:
            spans.append((labels.start(), stop))
        position = stop or labels.end()
    return spans


def _last_name_end(host: str, start: int, end: int) -> int | None:
    """The end of the last top-level domain that stands after a dot of `host[start:end]`, a series of dotted labels."""
    dot = end - 1
    while dot > start:
        stop = tld_end(host, dot + 1)
        if stop is not None:
            return stop
        dot = host.rfind(".", start, dot)
    return None


def _is_resolvable(host: str) -> bool:
    """Whether DNS could carry the name: each label 1 to 63 bytes in Punycode, none pretending to be encoded."""
    if host.startswith("xn--") and not _latin_hosts(host):
        return False
    return all(0 < _punycode_length(label) <= MAX_LABEL_LENGTH for label in host.split("."))


def _punycode_length(label: str) -> int:
    """Length of a label as DNS carries it; of one beyond the limit its number of characters, a lower bound."""
    if label.isascii() or len(label) > MAX_LABEL_LENGTH:
        return len(label)
    parts = _LABEL_SEPARATORS.split(label)
    encoded = (part if part.isascii() else "xn--" + part.encode("punycode").decode("ascii") for part in parts)
    return sum(map(len, encoded)) + len(parts) - 1
