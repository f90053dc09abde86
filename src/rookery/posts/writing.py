"""Use cases that write posts: create, edit, delete; and the history of a post."""

from typing import Final

import msgspec
from msgspec import Struct

from rookery.access import may_see_content
from rookery.contracts.events import PostCreated, PostDeleted, PostEdited
from rookery.contracts.media import MediaApi, StoredMedia
from rookery.contracts.posts import PostEntities, PostFields
from rookery.contracts.users import Reader, UsersApi
from rookery.kit.etag import etag_of, matches
from rookery.kit.idempotency import Answer, recall, remember, request_digest
from rookery.kit.ids import format_time, id_time, parse_id
from rookery.kit.problems import Problem, Unauthenticated, invalid_field
from rookery.kit.resources import Resources
from rookery.kit.text.language import detect
from rookery.posts.content import check_content, entities_json, find_entities, first_link, mentioned_ids
from rookery.posts.errors import NotYourPost, PostNotFound, PreconditionFailed, TooManyRevisions
from rookery.posts.group_commit import GroupCommit
from rookery.posts.hydration import Hydration, View
from rookery.posts.rendering import PostRow, Rendering
from rookery.posts.repository import PostRepository, outbox_values
from rookery.posts.schemas import PostCreate, PostRevision

REVISIONS_MAX: Final = 50
EDIT_ATTEMPTS: Final = 3  # each further one needs another edit of the same post just then

_decode_entities = msgspec.json.Decoder(PostEntities).decode


class Draft(Struct, frozen=True):
    """A post about to be stored, its event, and the answer to its author."""

    row: PostRow
    event: PostCreated
    body: bytes


class Writing:
    """Each command is one transaction: the post and its event in the outbox."""

    def __init__(
        self, resources: Resources, users: UsersApi, media: MediaApi, repository: PostRepository, hydration: Hydration
    ) -> None:
        self._resources = resources
        self._users = users
        self._media = media
        self._repository = repository
        self._hydration = hydration
        self._group_commit = GroupCommit(repository)

    async def create(self, user_id: int, data: PostCreate, key: str | None = None) -> tuple[Answer, bool]:
        """Create a post; returns the JSON of the Post, and whether it is the remembered answer to an earlier request.

        Round trips to PostgreSQL with warm caches: one, the statement that writes post and event (and those of others
        who post at the same moment). A mention, a cold reply_to or quote_of add one before it each, media two;
        `key` makes it five (begin, claim, post, remember, commit).
        """
        content = check_content(data.content, beside_media=bool(data.media_ids))
        if key is not None:
            return await self._create_once(user_id, content, data, key)
        draft = await self._draft(user_id, content, data)
        await self._group_commit.store(draft.row, outbox_values(draft.event))
        self._resources.waker.wake()
        return Answer(201, draft.body), False

    async def _create_once(self, user_id: int, content: str, data: PostCreate, key: str) -> tuple[Answer, bool]:
        """Drafted before the transaction, which must not wait for a second connection while it holds one.

        A refusal waits too: a repetition gets the first answer, even where its reply_to is gone by now.
        """
        refusal: Problem | None = None
        draft: Draft | None = None
        try:
            draft = await self._draft(user_id, content, data)
        except Problem as problem:
            refusal = problem
        digest = request_digest(self._resources.settings.secret_key, "createPost", data)
        async with self._resources.database.transaction() as connection:
            if (answer := await recall(connection, user_id, key, digest)) is not None:
                return answer, True
            if draft is None:
                raise refusal or Problem()
            await self._repository.create_posts([(draft.row, outbox_values(draft.event))], connection)
            await remember(connection, user_id, key, Answer(201, draft.body))
        self._resources.waker.wake()
        return Answer(201, draft.body), False

    async def edit(self, user_id: int, post_id: int, given: str, if_match: str | None = None) -> bytes:
        """Give a post new words; the old ones stay in its history. Saying the same again changes nothing.

        `if_match` is the ETag that the author read, or the revision as a tag; PreconditionFailed when the post is not
        that any more. One round trip to PostgreSQL with warm caches (mentions add one).
        """
        content = check_content(given)
        entities, lang = await find_entities(self._users, content), await detect(content)
        for _ in range(EDIT_ATTEMPTS):
            view, post = await self._own(user_id, post_id)
            if if_match is not None and not _is_matched(if_match, post, view):
                raise PreconditionFailed
            if await self._store_edit(post, post.fields(view.authors), content, entities, lang):
                break
            await self._resources.invalidations.publish(f"post:{post_id}")
        else:
            raise PreconditionFailed
        return await self._hydration.post(await self._users.reader(user_id), post_id)

    async def delete(self, user_id: int, post_id: int) -> None:
        """Leave a tombstone: threads and quotes keep their shape, the words and their history are gone."""
        _, post = await self._own(user_id, post_id)
        event = PostDeleted(
            event_id=self._resources.ids.next(),
            post_id=post_id,
            author_id=user_id,
            reply_to_id=post.reply_to_id,
            quote_of_id=post.quote_of_id,
        )
        deleted = await self._repository.delete_post(post_id, user_id, event)
        # Also when it was gone already: by a request, perhaps, that was committed and never answered.
        await self._resources.invalidations.publish(f"post:{post_id}")
        if not deleted:
            raise PostNotFound
        self._resources.waker.wake()

    async def history(self, viewer_id: int, post_id: int) -> list[PostRevision]:
        """All revisions, newest first; at most REVISIONS_MAX."""
        reader = await self._users.reader(viewer_id)
        view = await self._hydration.view(reader, [post_id], may_see_content)
        post = view.rendering(post_id)
        if post is None:
            raise PostNotFound
        current = post.fields(view.authors)
        newest = PostRevision(
            revision=current.revision,
            content=current.content,
            entities=current.entities,
            created_at=current.edited_at or current.created_at,
        )
        before = [
            PostRevision(
                revision=stored.revision,
                content=stored.content,
                entities=_decode_entities(stored.entities),
                created_at=format_time(stored.created_at),
            )
            for stored in await self._repository.revisions(post_id)
            if stored.revision < current.revision
        ]
        return [newest, *before]

    async def _draft(self, user_id: int, content: str, data: PostCreate) -> Draft:
        reader = await self._users.reader(user_id)
        reply_to = await self._referred(reader, "reply_to_id", data.reply_to_id)
        quote_of = await self._referred(reader, "quote_of_id", data.quote_of_id)
        entities = await find_entities(self._users, content)
        post_id = self._resources.ids.next()
        media = await self._claimed(user_id, post_id, data.media_ids)
        row = PostRow(
            id=post_id,
            author_id=user_id,
            content=content,
            entities=entities_json(entities),
            lang=await detect(content),
            reply_to_id=reply_to.id if reply_to else None,
            reply_to_author_id=reply_to.author_id if reply_to else None,
            conversation_id=reply_to.conversation_id if reply_to else post_id,
            quote_of_id=quote_of.id if quote_of else None,
            media_ids=[each.id for each in media],
        )
        event = PostCreated(
            event_id=self._resources.ids.next(),
            post_id=post_id,
            author_id=user_id,
            reply_to_id=row.reply_to_id,
            reply_to_author_id=row.reply_to_author_id,
            conversation_id=row.conversation_id,
            quote_of_id=row.quote_of_id,
            quote_of_author_id=quote_of.author_id if quote_of else None,
            mention_ids=mentioned_ids(entities),
            media_ids=row.media_ids,
            media_kinds=list(dict.fromkeys(each.kind for each in media)),
            link=first_link(entities),
        )
        return Draft(row, event, await self._new_json(reader, row, media))

    async def _claimed(self, user_id: int, post_id: int, given: list[str]) -> list[StoredMedia]:
        """The last of the checks: what it claims nobody else can use for a minute."""
        media_ids = [parse_id(each) for each in given]
        wanted = [media_id for media_id in media_ids if media_id is not None]
        if len(wanted) < len(given):
            raise invalid_field("media_ids", "not_found", "names media that are not yours to post")
        return await self._media.claim(user_id, post_id, wanted) if wanted else []

    async def _new_json(self, reader: Reader, row: PostRow, media: list[StoredMedia]) -> bytes:
        view = await self._hydration.complete(reader, {row.id: self._hydration.new(row, media)}, may_see_content)
        body = view.post(row.id)
        if body is None:
            raise Unauthenticated("This account no longer exists.")
        return body

    async def _referred(self, reader: Reader, field: str, given: str | None) -> Rendering | None:
        """The post that a field of a new post refers to; it must be one that its author sees."""
        if given is None:
            return None
        if (post_id := parse_id(given)) is not None:
            view = await self._hydration.view(reader, [post_id], may_see_content)
            if (post := view.rendering(post_id)) is not None:
                return post
        raise invalid_field(field, "not_found", "is no post that you can see")

    async def _own(self, user_id: int, post_id: int) -> tuple[View, Rendering]:
        """A post of this user; NotYourPost when another wrote it, PostNotFound when that is none of their business."""
        reader = await self._users.reader(user_id)
        view = await self._hydration.view(reader, [post_id], may_see_content)
        post = view.rendering(post_id)
        if post is None:
            raise PostNotFound
        if post.author_id != user_id:
            raise NotYourPost
        return view, post

    async def _store_edit(
        self, post: Rendering, before: PostFields, content: str, entities: PostEntities, lang: str | None
    ) -> bool:
        """Whether the edit stands; False when the post was edited or deleted since it was read."""
        if content == before.content:
            return True
        if post.revision >= REVISIONS_MAX:
            raise TooManyRevisions
        event_id = self._resources.ids.next()
        known = set(mentioned_ids(before.entities))
        event = PostEdited(
            event_id=event_id,
            post_id=post.id,
            author_id=post.author_id,
            revision=post.revision + 1,
            added_mention_ids=[mentioned for mentioned in mentioned_ids(entities) if mentioned not in known],
            link=first_link(entities),
        )
        row = PostRow(
            id=post.id,
            author_id=post.author_id,
            content=content,
            entities=entities_json(entities),
            lang=lang,
            conversation_id=post.conversation_id,
            revision=post.revision + 1,
            edited_at=id_time(event_id),
        )
        if not await self._repository.edit_post(row, event):
            return False
        await self._resources.invalidations.publish(f"post:{post.id}")
        self._resources.waker.wake()
        return True


def _is_matched(if_match: str, post: Rendering, view: View) -> bool:
    """Whether the post is as an If-Match names it. Counters move the ETag too; the revision alone they leave."""
    return matches(if_match, f'"{post.revision}"') or matches(if_match, etag_of(view.post(post.id) or b""))
