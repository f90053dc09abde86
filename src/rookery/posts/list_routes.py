"""HTTP of lists of posts, of who did what to a post, of threads and of histories."""

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from rookery.contracts.posts import Post, TimelineItem
from rookery.contracts.users import UserBrief
from rookery.kit.identity import requires_user, signed_in, viewer_id
from rookery.kit.paging import LIMIT_DEFAULT, Page
from rookery.kit.params import PageCursor, PageLimit, PathId, refusals
from rookery.posts.schemas import PostRevision, Thread
from rookery.posts.service import Posts

AnyRequest = Request[Any, Any, Any]
PUBLIC: Any = {"tags": ["posts"], "security": [{}, {"bearer": []}]}
SIGNED_IN: Any = {"tags": ["posts"], "security": [{"bearer": []}], "guards": [requires_user]}

WithReplies = Annotated[bool, QueryParameter(description="Whether replies to others are in the list.")]
OnlyMedia = Annotated[
    bool, QueryParameter(description="Whether only its own posts and replies with pictures or videos are in the list.")
]


@get(
    "/v1/users/{user_id:int}/posts",
    operation_id="listUserPosts",
    summary="What an account posted and reposted, newest first",
    responses=refusals(400, 401, 403, 404),
    **PUBLIC,
)
async def list_user_posts(
    request: AnyRequest,
    posts: NamedDependency[Posts],
    user_id: PathId,
    with_replies: WithReplies = False,
    only_media: OnlyMedia = False,
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: PageCursor = None,
) -> Response[Page[TimelineItem]]:
    return _json(
        await posts.lists.by_user(
            viewer_id(request),
            user_id,
            with_replies=with_replies,
            only_media=only_media,
            cursor=cursor,
            limit=limit,
        )
    )


@get(
    "/v1/posts/{post_id:int}/thread",
    operation_id="getThread",
    summary="A post, what it answers, and a page of its direct replies",
    responses=refusals(400, 401, 404),
    **PUBLIC,
)
async def get_thread(
    request: AnyRequest,
    posts: NamedDependency[Posts],
    post_id: PathId,
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: PageCursor = None,
) -> Response[Thread]:
    return _json(await posts.threads.thread(viewer_id(request), post_id, cursor=cursor, limit=limit))


@get(
    "/v1/posts/{post_id:int}/history",
    operation_id="listPostRevisions",
    summary="What a post says and said, newest first",
    responses=refusals(400, 401, 404),
    **PUBLIC,
)
async def list_post_revisions(
    request: AnyRequest, posts: NamedDependency[Posts], post_id: PathId
) -> Page[PostRevision]:
    return Page(await posts.writing.history(viewer_id(request), post_id))


@get(
    "/v1/posts/{post_id:int}/quotes",
    operation_id="listQuotes",
    summary="The posts that quote a post, newest first",
    responses=refusals(400, 401, 404),
    **PUBLIC,
)
async def list_quotes(
    request: AnyRequest,
    posts: NamedDependency[Posts],
    post_id: PathId,
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: PageCursor = None,
) -> Response[Page[Post]]:
    return _json(await posts.lists.quotes(viewer_id(request), post_id, cursor=cursor, limit=limit))


@get(
    "/v1/posts/{post_id:int}/likes",
    operation_id="listLikers",
    summary="Who liked a post, newest first",
    responses=refusals(400, 401, 404),
    **PUBLIC,
)
async def list_likers(
    request: AnyRequest,
    posts: NamedDependency[Posts],
    post_id: PathId,
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: PageCursor = None,
) -> Response[Page[UserBrief]]:
    return _json(await posts.lists.actors(viewer_id(request), post_id, "likers", cursor=cursor, limit=limit))


@get(
    "/v1/posts/{post_id:int}/reposts",
    operation_id="listReposters",
    summary="Who reposted a post, newest first",
    responses=refusals(400, 401, 404),
    **PUBLIC,
)
async def list_reposters(
    request: AnyRequest,
    posts: NamedDependency[Posts],
    post_id: PathId,
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: PageCursor = None,
) -> Response[Page[UserBrief]]:
    return _json(await posts.lists.actors(viewer_id(request), post_id, "reposters", cursor=cursor, limit=limit))


@get(
    "/v1/users/me/bookmarks",
    operation_id="listBookmarks",
    summary="My bookmarks, the newest first",
    responses=refusals(400, 401),
    **SIGNED_IN,
)
async def list_bookmarks(
    request: AnyRequest,
    posts: NamedDependency[Posts],
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: PageCursor = None,
) -> Response[Page[Post]]:
    return _json(await posts.lists.marked(signed_in(request).user_id, "bookmarks", cursor=cursor, limit=limit))


@get(
    "/v1/users/me/likes",
    operation_id="listLikes",
    summary="What I liked, the newest like first",
    responses=refusals(400, 401),
    **SIGNED_IN,
)
async def list_likes(
    request: AnyRequest,
    posts: NamedDependency[Posts],
    limit: PageLimit = LIMIT_DEFAULT,
    cursor: PageCursor = None,
) -> Response[Page[Post]]:
    return _json(await posts.lists.marked(signed_in(request).user_id, "likes", cursor=cursor, limit=limit))


def _json(body: bytes) -> Response[Any]:
    return Response(body, media_type="application/json")


LIST_ROUTES = [
    list_user_posts,
    get_thread,
    list_post_revisions,
    list_quotes,
    list_likers,
    list_reposters,
    list_bookmarks,
    list_likes,
]
