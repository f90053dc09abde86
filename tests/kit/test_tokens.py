"""Access tokens: what is accepted, what is refused and why, and what a process remembers."""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from types import SimpleNamespace
from typing import Any

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rookery.gateway.wiring import Services
from rookery.kit import tokens as module
from rookery.kit.problems import Unauthenticated
from rookery.kit.signing_keys import SigningKey
from rookery.kit.tokens import TokenVerifier, sign_access_token
from tests.people import Person
from tests.queries import recorded_queries


@pytest.fixture
def verifier(services: Services) -> TokenVerifier:
    return services.users.accounts.tokens


@pytest.fixture
async def key(services: Services) -> SigningKey:
    return await services.users.accounts.keys.signer()


def payload_of(token: str) -> dict[str, Any]:
    payload: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return payload


def signed(key: SigningKey, payload: dict[str, Any], **header: Any) -> str:
    return jwt.encode(payload, key.private, algorithm="EdDSA", headers={"kid": key.kid, "typ": "at+jwt", **header})


async def refusal(verifier: TokenVerifier, token: str) -> str:
    assert verifier.verify_cached(token) is None
    with pytest.raises(Unauthenticated) as caught:
        await verifier.verify(token)
    assert verifier.verify_cached(token) is None
    return caught.value.code


async def test_claims(verifier: TokenVerifier, ana: Person) -> None:
    payload = payload_of(ana.token)
    assert set(payload) == {"iss", "aud", "sub", "sid", "iat", "exp", "jti"}
    assert payload["exp"] - payload["iat"] == 600
    claims = await verifier.verify(ana.token)
    assert claims.user_id == int(ana.id) == int(payload["sub"])
    assert (claims.session_id, claims.expires_at) == (int(payload["sid"]), payload["exp"])
    header = jwt.get_unverified_header(ana.token)
    assert (header["alg"], header["typ"]) == ("EdDSA", "at+jwt")
    assert verifier.verify_cached(ana.token) == claims


async def test_public_key_verifies(ana: Person) -> None:
    """A stranger with the published key set can verify, with an ordinary library."""
    keys = (await ana.client.get("/.well-known/jwks.json")).json()
    header = jwt.get_unverified_header(ana.token)
    [found] = [key for key in keys["keys"] if key["kid"] == header["kid"]]
    assert "d" not in found
    public = jwt.PyJWK(found)
    assert jwt.decode(ana.token, public, algorithms=["EdDSA"], audience="rookery")["sub"] == ana.id


async def test_second_time_costs_no_statement(services: Services, ana: Person) -> None:
    verifier = TokenVerifier(services.resources, services.users.accounts.keys)
    await verifier.verify(ana.token)
    with recorded_queries(services.resources.database) as seen:
        assert await verifier.verify(ana.token) == verifier.verify_cached(ana.token)
    assert seen == []


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "...", "é.é.é", "x" * 5000, "\udcff.a.b"])
async def test_garbage(verifier: TokenVerifier, token: str) -> None:
    assert await refusal(verifier, token) == "token_invalid"


async def test_other_algorithms(verifier: TokenVerifier, ana: Person, key: SigningKey) -> None:
    payload = payload_of(ana.token)
    headers = {"kid": key.kid, "typ": "at+jwt"}
    unsigned = jwt.encode(payload, "", algorithm="none", headers=headers)
    assert await refusal(verifier, unsigned) == "token_invalid"

    # The public key as an HMAC secret: the classical confusion. PyJWT will not write it, so it is put together by hand.
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    body = f"{part({'alg': 'HS256', **headers})}.{part(payload)}"
    mac = hmac.digest(key.public.public_bytes_raw(), body.encode(), hashlib.sha256)
    forged = f"{body}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
    assert await refusal(verifier, forged) == "token_invalid"


async def test_other_key(verifier: TokenVerifier, ana: Person, key: SigningKey) -> None:
    private = Ed25519PrivateKey.generate()
    foreign = msgspec.structs.replace(key, private=private, public=private.public_key())
    assert await refusal(verifier, signed(foreign, payload_of(ana.token))) == "token_invalid"
    assert await refusal(verifier, signed(key, payload_of(ana.token), kid="unknown")) == "token_invalid"


async def test_embedded_key_is_not_believed(verifier: TokenVerifier, ana: Person, key: SigningKey) -> None:
    private = Ed25519PrivateKey.generate()
    foreign = msgspec.structs.replace(key, private=private)
    jwk = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(private.public_key()))
    assert await refusal(verifier, signed(foreign, payload_of(ana.token), jwk=jwk)) == "token_invalid"


async def test_changed_payload(verifier: TokenVerifier, ana: Person, ben: Person) -> None:
    head, _, signature = ana.token.split(".")
    assert await refusal(verifier, f"{head}.{ben.token.split('.')[1]}.{signature}") == "token_invalid"


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "sid", "iat", "exp", "jti"])
async def test_missing_claim(verifier: TokenVerifier, ana: Person, key: SigningKey, name: str) -> None:
    payload = payload_of(ana.token)
    del payload[name]
    assert await refusal(verifier, signed(key, payload)) == "token_invalid"


@pytest.mark.parametrize(
    "change",
    [
        *({"iss": "https://evil.example"}, {"aud": "other"}, {"sub": "x"}, {"sub": ""}, {"sid": "-"}, {"sid": None}),
        *({"iat": time.time() + 3600}, {"exp": "soon"}, {"sub": 5}, {"nbf": time.time() + 3600}),
    ],
)
async def test_wrong_claim(verifier: TokenVerifier, ana: Person, key: SigningKey, change: dict[str, Any]) -> None:
    assert await refusal(verifier, signed(key, {**payload_of(ana.token), **change})) == "token_invalid"


async def test_other_type(verifier: TokenVerifier, ana: Person, key: SigningKey) -> None:
    assert await refusal(verifier, signed(key, payload_of(ana.token), typ="JWT")) == "token_invalid"


async def test_expired(verifier: TokenVerifier, ana: Person, key: SigningKey) -> None:
    old = {**payload_of(ana.token), "exp": int(time.time()) - 1}
    assert await refusal(verifier, signed(key, old)) == "token_expired"


async def test_expires_while_remembered(services: Services, ana: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = TokenVerifier(services.resources, services.users.accounts.keys)
    claims = await verifier.verify(ana.token)
    with monkeypatch.context() as patch:
        clock = SimpleNamespace(time=lambda: float(claims.expires_at), monotonic=time.monotonic)
        patch.setattr(module, "time", clock)
        assert await refusal(verifier, ana.token) == "token_expired"


async def test_session_of_somebody_else(verifier: TokenVerifier, ana: Person, ben: Person, key: SigningKey) -> None:
    crossed = {**payload_of(ana.token), "sid": payload_of(ben.token)["sid"]}
    assert await refusal(verifier, signed(key, crossed)) == "session_revoked"


async def test_no_such_session(verifier: TokenVerifier, ana: Person, key: SigningKey, services: Services) -> None:
    token = sign_access_token(key, services.resources.settings, int(ana.id), 1)
    assert await refusal(verifier, token) == "session_revoked"


async def test_session_beyond_its_lifetime(services: Services, ana: Person) -> None:
    verifier = TokenVerifier(services.resources, services.users.accounts.keys)
    async with services.resources.database.connection() as connection:
        await connection.execute("UPDATE users.sessions SET expires_at = now() WHERE user_id = $1", int(ana.id))
    assert await refusal(verifier, ana.token) == "session_revoked"


async def test_one_question_for_all_who_wait(services: Services, ana: Person) -> None:
    verifier = TokenVerifier(services.resources, services.users.accounts.keys)
    await services.users.accounts.keys.signer()
    with recorded_queries(services.resources.database) as seen:
        claims = await asyncio.gather(*(verifier.verify(ana.token) for _ in range(50)))
    assert len(seen) == 1
    assert len(set(claims)) == 1


async def test_listeners_hear_of_a_session_that_is_looked_up(services: Services, ana: Person) -> None:
    verifier = TokenVerifier(services.resources, services.users.accounts.keys)
    heard: list[str] = []
    verifier.on_session(lambda: heard.append("session"))
    for _ in range(3):
        await verifier.verify(ana.token)
    assert heard == ["session"]


async def test_invalidation_overtakes_a_question(services: Services, ana: Person) -> None:
    """What was asked before the session ended is not remembered after it."""
    verifier = TokenVerifier(services.resources, services.users.accounts.keys)
    asked = asyncio.create_task(verifier.verify(ana.token))
    while not verifier._checks:
        await asyncio.sleep(0)
    session_id = int(payload_of(ana.token)["sid"])
    await services.resources.invalidations.publish(f"session:{session_id}")
    await asked
    assert verifier.verify_cached(ana.token) is None
    await verifier.verify(ana.token)
    assert verifier.verify_cached(ana.token) is not None


async def test_memory_is_bounded(services: Services, ana: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = TokenVerifier(services.resources, services.users.accounts.keys)
    key = await services.users.accounts.keys.signer()
    session_id = int(payload_of(ana.token)["sid"])
    monkeypatch.setattr(module, "REMEMBERED_MAX", 10)
    many = [sign_access_token(key, services.resources.settings, int(ana.id), session_id) for _ in range(30)]
    for token in many:
        await verifier.verify(token)
    assert len(verifier._remembered) == 10
    assert [verifier.verify_cached(token) is not None for token in many] == [False] * 20 + [True] * 10
    assert len(verifier._of_session[session_id]) == 10
    verifier._forget_session(session_id)
    assert not verifier._remembered
    assert not verifier._of_session


async def test_tokens_differ(services: Services, key: SigningKey) -> None:
    made = {sign_access_token(key, services.resources.settings, 1, 1) for _ in range(5)}
    assert len(made) == 5
    assert secrets.token_hex(4) not in made
