"""Joined bytes are the JSON of the contract's structs, whatever people write."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from rookery.contracts.posts import HashtagEntity, MentionEntity, PostEntities, PostViewer, TimelineEntry, TimelineItem
from rookery.contracts.users import SIGNED_OUT, Author, Reader, UserBrief
from rookery.kit.ids import MAX_ID, format_id_time
from rookery.posts.hydration import View
from rookery.posts.rendering import BOOKMARKED, LIKED, REPOSTED, PostRow, Rendering

ids = st.integers(1, MAX_ID)
# All that Unicode has but lone surrogates, with what JSON and pages trip over drawn often.
texts = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("\"\\/\x00\x1f\x7f\u2028\u2029\u202e\u200f\ufeff\U0001f469\u200d\U0001f467<>&'{}[],:"),
    ),
    max_size=60,
)


@st.composite
def authors(draw: Any) -> Author:
    author_id = draw(ids)
    protected = draw(st.booleans())
    brief = UserBrief(str(author_id), draw(texts), draw(texts), draw(st.none() | texts), protected)
    return Author(author_id, brief, protected)


@st.composite
def rows(draw: Any, author: Author, reply_to_author: Author | None, quote_of_id: int | None) -> PostRow:
    entities = PostEntities(
        mentions=draw(st.lists(st.builds(MentionEntity, texts, st.none() | ids.map(str), ids, ids), max_size=2)),
        hashtags=draw(st.lists(st.builds(HashtagEntity, texts, ids, ids), max_size=2)),
    )
    edited = draw(st.none() | st.datetimes(datetime(2006, 3, 21), datetime(2100, 1, 1)))
    return PostRow(
        id=draw(ids.filter(lambda value: value >> 16 < 4102444800000)),
        author_id=author.id,
        content=draw(texts),
        entities=msgspec.json.encode(entities),
        conversation_id=draw(ids),
        lang=draw(st.none() | st.just("en")),
        reply_to_id=None if reply_to_author is None else draw(ids),
        reply_to_author_id=None if reply_to_author is None else reply_to_author.id,
        quote_of_id=quote_of_id,
        revision=draw(st.integers(1, 50)),
        edited_at=None if edited is None else edited.replace(tzinfo=UTC),
        likes_count=draw(ids),
    )


@st.composite
def views(draw: Any) -> tuple[View, PostRow, PostRow | None]:
    author, quoted_author = draw(authors()), draw(authors())
    reply_to_author = draw(st.none() | authors())
    quoted = draw(st.none() | rows(quoted_author, None, None))
    row = draw(rows(author, reply_to_author, None if quoted is None else quoted.id))
    renderings = {row.id: Rendering(row)}
    if quoted is not None:
        renderings.setdefault(quoted.id, Rendering(quoted))
    known = {who.id: who for who in (quoted_author, reply_to_author, author) if who is not None}
    reader = draw(st.sampled_from([SIGNED_OUT, Reader(draw(ids))]))
    marks = {row.id: draw(st.integers(0, 7))}
    return View(reader, renderings, known, marks, lambda _, __: True), row, quoted


@given(views(), ids)
def test_an_item_is_what_the_struct_says(drawn: tuple[View, PostRow, PostRow | None], entry_id: int) -> None:
    view, row, quoted = drawn
    body = view.item(TimelineEntry(entry_id, row.author_id, row.id))
    assert body is not None
    item = msgspec.json.decode(body, type=TimelineItem, strict=True)
    assert msgspec.json.decode(msgspec.json.encode(item)) == json.loads(body)  # nothing beside the struct's fields
    author = view.authors[row.author_id]
    assert (item.content, item.author, item.entry_id) == (row.content, author.brief, str(entry_id))
    assert msgspec.json.encode(item.entities) == row.entities
    assert item.created_at == format_id_time(row.id)
    assert item.reposted_by == (None if entry_id == row.id else author.brief)
    bits = view.marks[row.id]
    flags = PostViewer(bool(bits & LIKED), bool(bits & REPOSTED), bool(bits & BOOKMARKED))
    assert item.viewer == (flags if view.reader.id else None)
    if quoted is not None and quoted.id != row.id:
        assert item.quote_of is not None
        assert item.quote_of.post is not None
        assert (item.quote_of.post.content, item.quote_of.post.quote_of) == (quoted.content, None)


@given(views(), authors())
def test_another_name_is_another_head(drawn: tuple[View, PostRow, PostRow | None], renamed: Author) -> None:
    view, row, _ = drawn
    rendering = view.renderings[row.id]
    before = rendering.fields(view.authors)
    known = {**view.authors, row.author_id: renamed}
    after = rendering.fields(known)
    assert after.author == renamed.brief
    assert msgspec.structs.replace(after, author=before.author, reply_to_author=before.reply_to_author) == before
    assert rendering.head(known) is rendering.head(known)  # encoded once


def test_an_equal_author_costs_no_encoding() -> None:
    author = Author(1, UserBrief("1", "ana", "Ana", None, False), False)
    rendering = Rendering(PostRow(id=1 << 16, author_id=1, content="x", entities="{}", conversation_id=1 << 16))
    head = rendering.head({1: author})
    assert rendering.head({1: msgspec.structs.replace(author)}) is head
