"""HTTP of media. Resumable uploads and files are no part of the API's description: tus describes the former, and
addresses of files are taken as they are given."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from litestar import Request, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import FromPath, JSONBody, Parameter
from litestar.response import Stream

from rookery.contracts.media import LANGUAGE_TAG
from rookery.contracts.users import PictureSlot
from rookery.kit.identity import requires_user, signed_in
from rookery.kit.params import OPTIONS_HEADERS, PathId, refusals
from rookery.media.delivery import Asked
from rookery.media.errors import TooLarge
from rookery.media.schemas import ALT_MAX, MediaUpdate, MediaUsage, OwnMedia, PictureChoice, PictureShown
from rookery.media.service import Media
from rookery.media.tus import CAPABILITIES, UploadState

AnyRequest = Request[Any, Any, Any]
SIGNED_IN: Any = {"tags": ["media"], "security": [{"bearer": []}], "guards": [requires_user]}
# Bodies that are streamed to disk are bounded there (`media.incoming`).
STREAMED: Any = {"request_max_body_size": None, **SIGNED_IN}
# Refused by the handler, with the number of bytes that it takes.
CAPTIONS: Any = {"request_max_body_size": None, **SIGNED_IN}
CAPTIONS_BYTES_MAX: Final = 256 * 1024
PathLanguage = Annotated[
    str,
    Parameter(pattern=LANGUAGE_TAG, description="A BCP 47 tag: a language, perhaps a script, perhaps a region."),
]
UPLOADS_PATH: Final = "/v1/media/uploads"
TUS: Any = {"include_in_schema": False, "opt": {OPTIONS_HEADERS: CAPABILITIES}, **STREAMED}


@dataclass
class FormUpload(Operation):
    """Describes the form, which the handler reads by itself."""

    def __post_init__(self) -> None:
        text = OpenAPIType.STRING
        properties = {
            "file": Schema(type=text, content_media_type="application/octet-stream", description="The bytes."),
            "alt": Schema(type=text, max_length=ALT_MAX, description="What can be seen, for who cannot see it."),
            "focus": Schema(type=text, description="The point that a crop keeps: x,y from -1 to 1."),
            "sensitive": Schema(type=text, enum=["true", "false"]),
        }
        form = Schema(type=OpenAPIType.OBJECT, properties=dict(properties), required=["file"])
        self.request_body = RequestBody(content={"multipart/form-data": OpenAPIMediaType(schema=form)}, required=True)


@dataclass
class CaptionsBody(Operation):
    """Describes the body, which the handler reads by itself."""

    def __post_init__(self) -> None:
        text = Schema(type=OpenAPIType.STRING, description=f"UTF-8, at most {CAPTIONS_BYTES_MAX} bytes.")
        content = {type_: OpenAPIMediaType(schema=text) for type_ in ("text/vtt", "application/x-subrip")}
        self.request_body = RequestBody(content=content, required=True)


@post(
    "/v1/media",
    operation_id="createMedia",
    summary="Upload a picture or video",
    description="JPEG, PNG, WebP, AVIF, HEIC, GIF, MP4, MOV or WebM, by content. It is processed afterwards: `state` "
    "goes from uploaded over processing to ready or failed, told by the channel `media` of /v1/stream. It can be "
    "posted before it is ready. In no post within a day, it is deleted. Large files: tus 1.0.0 at /v1/media/uploads.",
    status_code=202,
    operation_class=FormUpload,
    responses=refusals(400, 401, 403, 408, 409, 413, 415),
    **STREAMED,
)
async def create_media(request: AnyRequest, media: NamedDependency[Media]) -> OwnMedia:
    user_id = signed_in(request).user_id
    return await media.own(user_id, await media.uploads.receive(request, user_id))


@get(
    "/v1/media/{media_id:int}",
    operation_id="getMedia",
    summary="An upload of mine, and how far it is",
    responses=refusals(400, 401, 404),
    **SIGNED_IN,
)
async def get_media(request: AnyRequest, media: NamedDependency[Media], media_id: PathId) -> OwnMedia:
    return await media.own(signed_in(request).user_id, media_id)


@patch(
    "/v1/media/{media_id:int}",
    operation_id="updateMedia",
    summary="Describe an upload of mine",
    description="Also when a post shows it. What is absent stays.",
    responses=refusals(400, 401, 404, 415),
    **SIGNED_IN,
)
async def update_media(
    request: AnyRequest, media: NamedDependency[Media], media_id: PathId, data: JSONBody[MediaUpdate]
) -> OwnMedia:
    return await media.update(signed_in(request).user_id, media_id, data)


@put(
    "/v1/media/{media_id:int}/captions/{language:str}",
    operation_id="putCaptions",
    summary="Give a video of mine captions in a language",
    description="WebVTT or SubRip, by content. Also before the video is ready, and when a post shows it. They are "
    "served as WebVTT of times, places, words and the tags b, i, u and v alone.",
    operation_class=CaptionsBody,
    responses=refusals(400, 401, 403, 404, 409, 413),
    **CAPTIONS,
)
async def put_captions(
    request: AnyRequest, media: NamedDependency[Media], media_id: PathId, language: PathLanguage
) -> OwnMedia:
    return await media.put_captions(signed_in(request).user_id, media_id, language, await read_captions(request))


@delete(
    "/v1/media/{media_id:int}/captions/{language:str}",
    operation_id="deleteCaptions",
    summary="Remove the captions of a video of mine in a language",
    responses=refusals(400, 401, 404),
    **SIGNED_IN,
)
async def delete_captions(
    request: AnyRequest, media: NamedDependency[Media], media_id: PathId, language: PathLanguage
) -> None:
    await media.remove_captions(signed_in(request).user_id, media_id, language)


@delete(
    "/v1/media/{media_id:int}",
    operation_id="deleteMedia",
    summary="Delete an upload of mine that no post shows",
    responses=refusals(400, 401, 404, 409),
    **SIGNED_IN,
)
async def delete_media(request: AnyRequest, media: NamedDependency[Media], media_id: PathId) -> None:
    await media.delete(signed_in(request).user_id, media_id)


@get(
    "/v1/users/me/media/usage",
    operation_id="getMediaUsage",
    summary="How much my media take",
    responses=refusals(401),
    **SIGNED_IN,
)
async def get_usage(request: AnyRequest, media: NamedDependency[Media]) -> MediaUsage:
    return await media.quota.usage(signed_in(request).user_id)


@put(
    "/v1/users/me/avatar",
    operation_id="setAvatar",
    summary="Show a part of an image of mine as my avatar",
    responses=refusals(400, 401, 415),
    **SIGNED_IN,
)
async def set_avatar(request: AnyRequest, media: NamedDependency[Media], data: JSONBody[PictureChoice]) -> PictureShown:
    return await _choose(request, media, "avatar", data)


@delete(
    "/v1/users/me/avatar",
    operation_id="deleteAvatar",
    summary="Have no avatar",
    responses=refusals(401),
    **SIGNED_IN,
)
async def delete_avatar(request: AnyRequest, media: NamedDependency[Media]) -> None:
    await media.pictures.remove(signed_in(request).user_id, "avatar")


@put(
    "/v1/users/me/header",
    operation_id="setHeader",
    summary="Show a part of an image of mine above my profile",
    responses=refusals(400, 401, 415),
    **SIGNED_IN,
)
async def set_header(request: AnyRequest, media: NamedDependency[Media], data: JSONBody[PictureChoice]) -> PictureShown:
    return await _choose(request, media, "header", data)


@delete(
    "/v1/users/me/header",
    operation_id="deleteHeader",
    summary="Have no picture above my profile",
    responses=refusals(401),
    **SIGNED_IN,
)
async def delete_header(request: AnyRequest, media: NamedDependency[Media]) -> None:
    await media.pictures.remove(signed_in(request).user_id, "header")


@post(UPLOADS_PATH, operation_id="createUpload", **TUS)
async def create_upload(request: AnyRequest, media: NamedDependency[Media]) -> Response[None]:
    state = await media.resumable.create(signed_in(request).user_id, request.headers)
    return _tus(state, 201, {"Location": f"{UPLOADS_PATH}/{state.id}"})


@get(UPLOADS_PATH + "/{upload_id:int}", operation_id="getUpload", **TUS)
async def get_upload(request: AnyRequest, media: NamedDependency[Media], upload_id: PathId) -> Response[None]:
    """What HEAD asks for; the edge turns that into GET."""
    return _tus(await media.resumable.state(signed_in(request).user_id, upload_id), 200)


@patch(UPLOADS_PATH + "/{upload_id:int}", operation_id="appendToUpload", **TUS)
async def append_to_upload(request: AnyRequest, media: NamedDependency[Media], upload_id: PathId) -> Response[None]:
    return _tus(await media.resumable.append(request, signed_in(request).user_id, upload_id), 204)


@delete(UPLOADS_PATH + "/{upload_id:int}", operation_id="endUpload", **TUS)
async def end_upload(request: AnyRequest, media: NamedDependency[Media], upload_id: PathId) -> Response[None]:
    await media.resumable.end(signed_in(request).user_id, upload_id)
    return Response(None, status_code=204, headers={"Tus-Resumable": CAPABILITIES["Tus-Resumable"]})


@get("/media/{name:str}", operation_id="getFile", include_in_schema=False)
async def get_file(
    request: AnyRequest,
    media: NamedDependency[Media],
    name: FromPath[str],
) -> Response[Any]:
    asked = Asked(
        name=name,
        ends_at=request.query_params.get("e", ""),
        signature=request.query_params.get("s", ""),
        range=request.headers.get("range"),
        if_range=request.headers.get("if-range"),
        if_none_match=request.headers.get("if-none-match"),
        head=bool(request.scope.get("rookery.bodiless")),
    )
    delivered = await media.delivery.answer(asked)
    if delivered.blocks is None:
        return Response(None, status_code=delivered.status, headers=delivered.headers)
    return Stream(delivered.blocks, status_code=delivered.status, headers=delivered.headers)


async def read_captions(request: AnyRequest) -> bytes:
    """Raises TooLarge, before more than that was read."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > CAPTIONS_BYTES_MAX:
            raise TooLarge(CAPTIONS_BYTES_MAX)
    return bytes(body)


def _tus(state: UploadState, status: int, more: dict[str, str] | None = None) -> Response[None]:
    return Response(None, status_code=status, headers={**state.headers, **(more or {})})


async def _choose(request: AnyRequest, media: Media, slot: PictureSlot, data: PictureChoice) -> PictureShown:
    return PictureShown(await media.pictures.choose(signed_in(request).user_id, slot, data))


ROUTES = [
    create_media,
    get_media,
    update_media,
    put_captions,
    delete_captions,
    delete_media,
    get_usage,
    set_avatar,
    delete_avatar,
    set_header,
    delete_header,
    create_upload,
    get_upload,
    append_to_upload,
    end_upload,
    get_file,
]
