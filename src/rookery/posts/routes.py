"""HTTP of posts: writing and marking. Reading lists is in `list_routes`."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import HeaderParameter, JSONBody

from rookery.contracts.posts import Post
from rookery.kit.bodies import decode_body
from rookery.kit.etag import conditional
from rookery.kit.idempotency import IdempotencyKey, replay
from rookery.kit.identity import requires_user, signed_in, viewer_id
from rookery.kit.params import PathId, refusals
from rookery.kit.problems import Invalid
from rookery.posts.list_routes import LIST_ROUTES
from rookery.posts.schemas import PostCreate, PostUpdate
from rookery.posts.service import Posts

AnyRequest = Request[Any, Any, Any]
SIGNED_IN: Any = {"tags": ["posts"], "security": [{"bearer": []}], "guards": [requires_user]}
JSON = "application/json"
POSTS_PATH = "/v1/posts"

NOT_MODIFIED = {304: ResponseSpec(None, description="What If-None-Match names is still so.", generate_examples=False)}

IfMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        max_length=100,
        description='The ETag of the post, or its revision as a tag ("3"), that this edit is made on.',
    ),
]


@post(
    POSTS_PATH,
    operation_id="createPost",
    summary="Write a post, a reply or a quote",
    responses=refusals(400, 401, 409, 415),
    **SIGNED_IN,
)
async def create_post(
    request: AnyRequest,
    posts: NamedDependency[Posts],
    data: JSONBody[PostCreate],
    idempotency_key: IdempotencyKey = None,
) -> Response[Post]:
    answer, repeated = await posts.writing.create(signed_in(request).user_id, data, idempotency_key)
    response: Response[Any] = replay(answer) if repeated else Response(answer.body, status_code=201, media_type=JSON)
    return response


async def create_lane(posts: Posts, user_id: int, body: bytes) -> bytes | None:
    """The same answer without the router; None for a body that is to be refused by name."""
    try:
        data: PostCreate = decode_body(body, PostCreate)
    except Invalid:
        return None
    answer, _ = await posts.writing.create(user_id, data)
    return answer.body


@get(
    "/v1/posts/{post_id:int}",
    operation_id="getPost",
    summary="A post",
    tags=["posts"],
    security=[{}, {"bearer": []}],
    responses={**NOT_MODIFIED, **refusals(400, 401, 404)},
)
async def get_post(request: AnyRequest, posts: NamedDependency[Posts], post_id: PathId) -> Response[Post]:
    return conditional(request, msgspec.Raw(await posts.post_json(viewer_id(request), post_id)))


@patch(
    "/v1/posts/{post_id:int}",
    operation_id="updatePost",
    summary="Give a post of mine new words",
    description="The old words stay in its history; a post has at most 50 revisions.",
    responses=refusals(400, 401, 403, 404, 409, 412, 415),
    **SIGNED_IN,
)
async def update_post(
    request: AnyRequest,
    posts: NamedDependency[Posts],
    post_id: PathId,
    data: JSONBody[PostUpdate],
    if_match: IfMatch = None,
) -> Response[Post]:
    return _json(await posts.writing.edit(signed_in(request).user_id, post_id, data.content, if_match))


@delete(
    "/v1/posts/{post_id:int}",
    operation_id="deletePost",
    summary="Delete a post of mine",
    responses=refusals(400, 401, 403, 404),
    **SIGNED_IN,
)
async def delete_post(request: AnyRequest, posts: NamedDependency[Posts], post_id: PathId) -> None:
    await posts.writing.delete(signed_in(request).user_id, post_id)


@put(
    "/v1/posts/{post_id:int}/like",
    operation_id="likePost",
    summary="Like a post",
    responses=refusals(400, 401, 404),
    **SIGNED_IN,
)
async def like_post(request: AnyRequest, posts: NamedDependency[Posts], post_id: PathId) -> Response[Post]:
    return _json(await posts.reactions.like(signed_in(request).user_id, post_id))


@delete(
    "/v1/posts/{post_id:int}/like",
    operation_id="unlikePost",
    summary="Take a like back",
    status_code=200,
    responses=refusals(400, 401, 404),
    **SIGNED_IN,
)
async def unlike_post(request: AnyRequest, posts: NamedDependency[Posts], post_id: PathId) -> Response[Post]:
    return _json(await posts.reactions.unlike(signed_in(request).user_id, post_id))


@put(
    "/v1/posts/{post_id:int}/repost",
    operation_id="repostPost",
    summary="Repost a post",
    responses=refusals(400, 401, 403, 404),
    **SIGNED_IN,
)
async def repost_post(request: AnyRequest, posts: NamedDependency[Posts], post_id: PathId) -> Response[Post]:
    return _json(await posts.reactions.repost(signed_in(request).user_id, post_id))


@delete(
    "/v1/posts/{post_id:int}/repost",
    operation_id="unrepostPost",
    summary="Take a repost back",
    status_code=200,
    responses=refusals(400, 401, 404),
    **SIGNED_IN,
)
async def unrepost_post(request: AnyRequest, posts: NamedDependency[Posts], post_id: PathId) -> Response[Post]:
    return _json(await posts.reactions.unrepost(signed_in(request).user_id, post_id))


@put(
    "/v1/posts/{post_id:int}/bookmark",
    operation_id="bookmarkPost",
    summary="Bookmark a post",
    responses=refusals(400, 401, 404),
    **SIGNED_IN,
)
async def bookmark_post(request: AnyRequest, posts: NamedDependency[Posts], post_id: PathId) -> Response[Post]:
    return _json(await posts.reactions.bookmark(signed_in(request).user_id, post_id))


@delete(
    "/v1/posts/{post_id:int}/bookmark",
    operation_id="unbookmarkPost",
    summary="Take a bookmark back",
    status_code=200,
    responses=refusals(400, 401, 404),
    **SIGNED_IN,
)
async def unbookmark_post(request: AnyRequest, posts: NamedDependency[Posts], post_id: PathId) -> Response[Post]:
    return _json(await posts.reactions.unbookmark(signed_in(request).user_id, post_id))


def _json(body: bytes) -> Response[Any]:
    return Response(body, media_type=JSON)


ROUTES = [
    create_post,
    get_post,
    update_post,
    delete_post,
    like_post,
    unlike_post,
    repost_post,
    unrepost_post,
    bookmark_post,
    unbookmark_post,
    *LIST_ROUTES,
]
