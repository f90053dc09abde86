"""`Idempotency-Key`: a creating POST that is repeated with its key is done once, and answered the same way each time.

A creating use case calls `recall` as the first statement of its transaction and `remember` as one of the last:

    digest = request_digest(settings.secret_key, "createPost", data)
    async with database.transaction() as conn:
        if key is not None and (answer := await recall(conn, user_id, key, digest)):
            return answer                                  # rendered by replay(answer)
        ...                                                # the create, and its event
        answer = Answer(status=201, body=msgspec.json.encode(post))
        if key is not None:
            await remember(conn, user_id, key, answer)

`recall` claims the key: of two requests at once, the second waits until the first has committed and then gets its
answer or, when the first was rolled back, does the work itself. Answers are kept for KEPT_S; then a key is new again.
What is stored is readable to whoever reads the database, so no answer may hold a token: a use case whose answer holds
one remembers the ids from which a fresh answer is made.
"""

import hashlib
import hmac
from typing import Annotated, Final

import msgspec
from litestar import Response
from litestar.params import HeaderParameter
from msgspec import Struct

from rookery.kit.database import Connection
from rookery.kit.patterns import whole
from rookery.kit.problems import Conflict, Unavailable

KEPT_S: Final = 24 * 3600
CLAIM_ATTEMPTS: Final = 5  # each further one needs another request with the key to end just then
REPLAYED_HEADER: Final = "Idempotency-Replayed"

# Claims the key, unless it is taken; `claimed` tells. A row that another transaction has just committed is not in this
# statement's snapshot: then neither is true, and the next attempt sees it. Index: idempotency_keys_pkey.
CLAIM = """
WITH claim AS (
    INSERT INTO kit.idempotency_keys AS k (user_id, key, request_hash, status, body)
    VALUES ($1, $2, $3, 0, '')
    ON CONFLICT (user_id, key) DO UPDATE
        SET request_hash = excluded.request_hash, status = 0, body = '', created_at = now()
        WHERE k.created_at < now() - make_interval(secs => $4)
    RETURNING 1
)
SELECT EXISTS (SELECT FROM claim) AS claimed, k.request_hash, k.status, k.body
FROM (SELECT) one LEFT JOIN kit.idempotency_keys k ON k.user_id = $1 AND k.key = $2
"""
REMEMBER = "UPDATE kit.idempotency_keys SET status = $3, body = $4 WHERE user_id = $1 AND key = $2"

# The header as a handler takes it: `idempotency_key: IdempotencyKey = None`. 1 to 255 printable ASCII characters.
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=whole("[ -~]+", "printable ASCII"),
        description="Makes a repetition of this request harmless for 24 hours.",
    ),
]


class IdempotencyKeyReused(Conflict):
    code = "idempotency_key_reused"
    title = "This Idempotency-Key belongs to another request"


class Answer(Struct, frozen=True):
    """What the first request was answered: HTTP status and JSON body."""

    status: int
    body: bytes


def request_digest(secret_key: str, operation_id: str, body: Struct) -> bytes:
    """What tells two requests apart. Keyed, since a body may hold a password that a bare digest would let one guess."""
    message = operation_id.encode() + b"\0" + msgspec.json.encode(body)
    return hmac.digest(secret_key.encode(), message, hashlib.sha256)


async def recall(conn: Connection, user_id: int, key: str, digest: bytes) -> Answer | None:
    """The answer that this request has had already, or None: then the key is ours until the transaction ends.

    `user_id` is 0 for who is signed out. Raises IdempotencyKeyReused when the key came with another request.
    """
    for _ in range(CLAIM_ATTEMPTS):
        row = await conn.fetchrow(CLAIM, user_id, key, digest, float(KEPT_S))
        if row["claimed"]:
            return None
        if row["request_hash"] is not None:
            if not hmac.compare_digest(row["request_hash"], digest):
                raise IdempotencyKeyReused("Take a new Idempotency-Key for a new request.")
            return Answer(row["status"], row["body"])
    raise Unavailable("The same request is being answered right now; try again in a moment.")


async def remember(conn: Connection, user_id: int, key: str, answer: Answer) -> None:
    """Keep the answer of the request whose key `recall` claimed, in the same transaction."""
    await conn.execute(REMEMBER, user_id, key, answer.status, answer.body)


def replay(answer: Answer) -> Response[bytes]:
    """The remembered answer as an HTTP response, marked with `Idempotency-Replayed: true`."""
    return Response(
        answer.body, status_code=answer.status, media_type="application/json", headers={REPLAYED_HEADER: "true"}
    )
