"""What is read as captions, what is written of it, and at which line a wrong one is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rookery.media.webvtt import CUE_CHARACTERS_MAX, CUES_MAX, Cue, Malformed, parse, written

TIMES = "00:01.000 --> 00:02.000"


def said(payload: str) -> str:
    """What becomes of a cue's text."""
    [cue] = parse(f"WEBVTT\n\n{TIMES}\n{payload}\n")
    return cue.text


def test_webvtt_is_written_anew_without_what_is_no_caption() -> None:
    given = (
        "\ufeffWEBVTT - by hand\r\nKind: captions\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\nREGION\r\nid:fred\r\n\r\n"
        "NOTE nobody reads\r\nthis\r\n\r\nthe first\r\n"
        "00:00:01.000 --> 100:00:02.500 align:start line:-1 region:fred\r\nHello\r\n \r\nthere\r\n\r\n"
        "00:00.250\t-->\t00:00.900 position:10%,line-left size:35% size:40% line:10%,end x\r\nEarlier"
    )

    assert written(parse(given)) == (
        "WEBVTT\n"
        "\n00:00:00.250 --> 00:00:00.900 position:10%,line-left size:35% line:10%,end\nEarlier\n"
        "\n00:00:01.000 --> 100:00:02.500 align:start line:-1\nHello\nthere\n"
    )


def test_subrip_is_read() -> None:
    given = (
        "\n1\n00:00:01,000 --> 00:00:02,500 X1:40 X2:600\n<i>Salt & <font color='red'>pepper</font></i>\n \n"
        "2\n0:0:3.000 --> 0:0:4,000\n{\\an8}&lt;\n\n3\n00:00:05,000 --> 00:00:06,000\n\n"
    )

    assert parse(given) == [
        Cue(1000, 2500, "", "<i>Salt &amp; pepper</i>"),
        Cue(3000, 4000, "", "{\\an8}&amp;lt;"),
    ]


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ("<b>a</b><i.loud>b</i>", "<b>a</b><i>b</i>"),
        ("<v.first.loud Ana  Sá &amp; Bo>hi", "<v Ana Sá &amp; Bo>hi</v>"),
        ("<v>hi</v>", "hi"),
        ("<v x-- >hi", "<v x>hi</v>"),
        ("<v x-&#45;>hi", "<v x>hi</v>"),
        ("<i><b>crossed</i>over</b>", "<i><b>crossed</b></i>over"),
        ("<b>one<b>two</b>three</b>", "<b>one" + "two</b>three"),
        ("<c.yellow>a</c> <00:01.500>b <ruby>c<rt>d</rt></ruby> <lang en>e</lang>", "a b cd e"),
        ("<script>alert(1)</script><img src=x onerror=alert(1)>", "alert(1)"),
        ("&lt;script&gt; &amp;amp; &nbsp;x", "&lt;script&gt; &amp;amp; \xa0x"),
        ("<3 you > me", "&lt;3 you &gt; me"),
        ("1 < 2 <3 > 0 & more <", "1 &lt; 2 &lt;3 &gt; 0 &amp; more &lt;"),
        ("a&#10;&#10;&#13;STYLE", "a   STYLE"),
        ("a\u2028b\x07c&#x80;", "a b c€"),
    ],
)
def test_of_markup_only_the_plain_stays(payload: str, text: str) -> None:
    assert said(payload) == text


@pytest.mark.parametrize(
    ("given", "line", "reason"),
    [
        ("", 1, "neither with WEBVTT"),
        ("WEBVTTX\n", 1, "neither with WEBVTT"),
        ("1\n00:00:01,000 -> 00:00:02,000\nx", 1, "neither with WEBVTT"),
        ("WEBVTT", 1, "no cue"),
        (f"WEBVTT\n\n{TIMES}\n<b> </b>\n", 5, "no cue"),
        (f"WEBVTT\n{TIMES}\nx", 2, "an empty line must stand between"),
        ("WEBVTT\n\n\nnothing but words\nhere", 4, "expected times"),
        ("WEBVTT\n\n1", 3, "expected times"),
        (f"WEBVTT\n\n{TIMES}\nx\n\n00:61.000 --> 00:62.000\nx", 6, "expected times"),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\nx", 3, "expected times"),
        ("1\n00:00:01,000 --> 00:00:02,000\nx\n\n2\n00:00:03,000 --> soon\ny", 6, "expected times"),
        ("WEBVTT\n\nname\n00:02.000 --> 00:02.000\nx", 4, "ends before"),
        (f"WEBVTT\n\n{TIMES}\nx\n{TIMES}\ny", 5, "an empty line must stand before"),
        (f"WEBVTT\n\n{TIMES}\n" + "x" * (CUE_CHARACTERS_MAX + 1), 4, "at most"),
        ("WEBVTT\n" + f"\n{TIMES}\nx\n" * (CUES_MAX + 1), 3 * CUES_MAX + 3, "more than"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(given: str, line: int, reason: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse(given)

    assert str(refused.value).startswith(f"line {line}: ")
    assert reason in str(refused.value)


def test_as_many_cues_as_there_may_be() -> None:
    assert len(parse("WEBVTT\n" + f"\n{TIMES}\nx\n" * CUES_MAX)) == CUES_MAX


PARTS = st.sampled_from(
    [
        "<b>",
        "</b>",
        "<v Ana>",
        "<v --",
        "</v>",
        ">",
        "<",
        "&lt;",
        "&#10;",
        "&gt;",
        "--",
        "->",
        "\n",
        " ",
        "\t",
        "x",
        "STYLE",
    ]
)


@given(st.lists(PARTS | st.characters(exclude_categories=["Cs"]), max_size=30).map("".join))
def test_what_is_written_is_read_as_the_same_again(payload: str) -> None:
    """So nothing in a text can end its cue, or begin anything else."""
    try:
        cues = parse(f"WEBVTT\n\n{TIMES}\n{payload}")
    except Malformed:
        return
    assert len(cues) == 1
    assert parse(written(cues)) == cues
