"""Each operator on real posts. Every post of a test has a word of its own in it: the username of who writes."""

from typing import Any

import httpx
import pytest

from tests.media.conftest import upload
from tests.media.files import gif, png
from tests.people import Person
from tests.posts.looking import refused
from tests.search.searching import PATH, Settle, found, found_ids


async def test_words_in_every_form(ana: Person, settle: Settle) -> None:
    mark = ana.username
    await ana.post(f"Running along the harbours {mark} yesterday")
    await settle()
    for query in ("run", "RUNS harbour", "ÿesterday", '"along the harbours"', "runs -walk", "(walk OR running)"):
        assert len(await found(ana, f"{query} {mark}")) == 1, query
    for query in ("walk", '"harbours along"', '"the harbourside"', "-run", "-(run OR walk)", "run walk"):
        assert await found(ana, f"{query} {mark}") == [], query


@pytest.mark.parametrize(
    ("content", "finding", "missing"),
    [
        ("今日はカラスと駅を見た", ["カラス", "駅", "今日は", "駅を見た", "た"], ["カラ駅", "ラカ", "図書館"]),
        ("我今天去图书馆看书了", ["图书馆", "看书", "馆"], ["书图", "咖啡"]),
        ("오늘 도서관에서 책을 읽었어요", ["도서관", "책", "읽었"], ["관도", "커피"]),
        ("วันนี้อากาศดีมาก", ["อากาศ", "วันนี้", "ดีมาก"], ["กาแฟ"]),
        ("رأيت اليوم الطيور قرب المحطة", ["الطيور", "طيور"], ["القهوة"]),
        ("Heute viele Häuser am Hafen gesehen, und Straßen", ["Haus", "hauser", "strasse", "HÄFEN"], ["Hund"]),
        ("Сегодня видел грачей у гавани", ["грачи", "гавань"], ["кофе"]),
    ],
)
async def test_many_languages(
    ana: Person, settle: Settle, content: str, finding: list[str], missing: list[str]
) -> None:
    await ana.post(f"{content} {ana.username}")
    await settle()
    for query in finding:
        assert len(await found(ana, f"{query} {ana.username}")) == 1, query
    for query in missing:
        assert await found(ana, f"{query} {ana.username}") == [], query


async def test_who_writes_and_whom(ana: Person, ben: Person, settle: Settle) -> None:
    first = await ana.post(f"hello {ana.username}")
    await ben.post(f"answer {ana.username}", reply_to_id=first["id"])
    await ben.post(f"about @{ana.username}")
    await ben.post(f"a quote {ana.username}", quote_of_id=first["id"])
    await settle()
    mark = ana.username
    assert await found(ana, f"{mark} from:{ana.username}") == [f"hello {mark}"]
    assert await found(ana, f"{mark} from:@{ben.username.upper()} is:reply") == [f"answer {mark}"]
    assert await found(ana, f"to:{ana.username}") == [f"answer {mark}"]
    assert await found(ana, f"@{ana.username}") == [f"about @{mark}"]
    assert await found(ana, f"{mark} is:quote") == [f"a quote {mark}"]
    assert await found(ana, f"{mark} -is:reply -is:quote from:{ben.username}") == [f"about @{mark}"]
    assert await found(ana, f"conversation_id:{first['id']}") == [f"answer {mark}", f"hello {mark}"]
    assert await found(ana, f"{mark} from:nobody_of_that") == []


async def test_tags_links_and_languages(ana: Person, settle: Settle) -> None:
    mark = ana.username
    tagged = await ana.post(f"#Música and $tsla {mark}")
    linked = await ana.post(f"look https://www.News.example.org/old-maps?x=1 {mark}")
    german = await ana.post(f"Wer hat heute morgen die Krähen am Bahnhof gesehen? {mark}")
    await settle()
    assert german["lang"] == "de"
    for query, post in {
        "#musica": tagged, "#MÚSICA": tagged, "$TSLA": tagged, "música": tagged, "has:link": linked,
        "url:example.org": linked, "url:news.example.org/old-maps": linked, "https://example.org/maps": linked,
        "lang:de": german, "lang:de krähe": german,
    }.items():  # fmt: skip
        assert await found_ids(ana, f"{query} {mark}") == [post["id"]], query
    for query in ("#music", "$TSL", "url:org", "url:example.com", "lang:ja", "has:image", "has:media", "has:poll"):
        assert await found_ids(ana, f"{query} {mark}") == [], query


async def test_days(ana: Person, settle: Settle) -> None:
    post = await ana.post(f"today {ana.username}")
    await settle()
    today = post["created_at"][:10]
    assert len(await found(ana, f"since:{today} {ana.username}")) == 1
    assert len(await found(ana, f"since:2020-02-29 until:2200-01-01 {ana.username}")) == 1
    assert await found(ana, f"until:{today} {ana.username}") == []
    assert await found(ana, f"since:2200-01-01 {ana.username}") == []
    assert await found(ana, f"until:1960-01-01 {ana.username}") == []


async def test_counts(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    liked, reposted = await ana.post(f"liked {ana.username}"), await ana.post(f"reposted {ana.username}")
    await ben.like(liked)
    await cem.like(liked)
    await ben.repost(reposted)
    await settle()
    assert await found_ids(ana, f"min_likes:1 {ana.username}") == [liked["id"]]
    assert await found_ids(ana, f"min_likes:2 {ana.username}") == [liked["id"]]
    assert await found_ids(ana, f"min_likes:3 {ana.username}") == []
    assert await found_ids(ana, f"min_reposts:1 {ana.username}") == [reposted["id"]]
    await cem.delete(f"/v1/posts/{liked['id']}/like")
    await settle()
    assert await found_ids(ana, f"min_likes:2 {ana.username}") == []


async def test_follows(ana: Person, ben: Person, cem: Person, client: httpx.AsyncClient, settle: Settle) -> None:
    await ben.post(f"by ben {ana.username}")
    await cem.post(f"by cem {ana.username}")
    await ana.follow(ben)
    await settle()
    assert await found(ana, f"{ana.username} filter:follows") == [f"by ben {ana.username}"]
    refused(await client.get(PATH, params={"q": "filter:follows"}), 401, "unauthenticated")


async def test_the_best_come_first(ana: Person, ben: Person, settle: Settle) -> None:
    mark = ana.username
    liked = await ana.post(f"rooks here {mark}")
    await ana.post(f"rooks and {mark}, and a great many other words about something else altogether")
    await ben.like(liked)
    await settle()
    page: dict[str, Any] = await ana.get(PATH, q=f"rooks {mark}")
    assert page["data"][0]["id"] == liked["id"]
    (first, second) = page["data"][0]["highlights"]
    assert liked["content"][first["start"] : first["end"]] == "rooks"
    assert liked["content"][second["start"] : second["end"]] == mark
    assert page["data"][0]["snippet"] == {"start": 0, "end": len(liked["content"])}


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "q"),
        ({"q": ""}, "q"),
        ({"q": "x" * 501}, "q"),
        ({"q": "a ("}, "q"),
        ({"q": "!!!"}, "q"),
        ({"q": "a", "order": "best"}, "order"),
        ({"q": "a", "limit": 0}, "limit"),
        ({"q": "a", "limit": 101}, "limit"),
        ({"q": "a", "cursor": "x"}, "cursor"),
        ({"q": "a", "cursor": "A" * 11}, "cursor"),
        ({"q": "a", "order": "latest", "cursor": "A" * 43}, "cursor"),
        ({"q": "a", "cursor": "f" + "_" * 42}, "cursor"),
    ],
)
async def test_what_is_refused(ana: Person, params: dict[str, Any], field: str) -> None:
    refused(await ana.request("GET", PATH, params=params), 400, "invalid", field)


async def test_no_text_of_a_user_is_taken_for_syntax(ana: Person) -> None:
    for query in ("' | 'a", "a:* & b", "\\'", "'; DROP TABLE search.posts; --", "x\x00y"[:1] + "\\\\'", "a<->b", "!a"):
        assert (await ana.request("GET", PATH, params={"q": query})).status_code in (200, 400), query


async def test_refusals_carry_the_place(ana: Person) -> None:
    problem = refused(await ana.request("GET", PATH, params={"q": "カラス has:cheese"}), 400, "invalid", "q")
    (error,) = problem["errors"]
    assert (error["position"], error["code"]) == (8, "malformed")
    assert "image" in error["expected"]


async def test_media_by_their_kinds(ana: Person, settle: Settle) -> None:
    mark = ana.username
    await ana.post(f"words {mark}")
    for name, content in (("picture", png(8, 8)), ("loop", gif(2, 8, 8))):
        await ana.post(f"{name} {mark}", media_ids=[(await upload(ana, content))["id"]])
    await settle()
    assert await found(ana, f"{mark} has:image") == [f"picture {mark}"]
    assert await found(ana, f"{mark} has:video") == [f"loop {mark}"]
    assert await found(ana, f"{mark} has:media") == [f"loop {mark}", f"picture {mark}"]
    assert await found(ana, f"{mark} -has:media") == [f"words {mark}"]
