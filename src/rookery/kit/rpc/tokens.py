"""Service tokens: a process shows with each call which service it is and which one it means to ask.

JWTs by HMAC-SHA-256 under a key derived from the installation's secret, for LIFETIME_S seconds. Nothing that a user
ever gets is signed with this key or by this algorithm, so that no user's token passes for one.
"""

import time
from typing import Final

import jwt

from rookery.kit.problems import Unauthenticated
from rookery.kit.sealing import derive_key

LIFETIME_S: Final = 60
RENEW_S: Final = 30  # a token is used for so long, so that it holds for as long again on its way
LEEWAY_S: Final = 5  # between the clocks of two machines
TOKEN_MAX_CHARS: Final = 1024
ALGORITHM: Final = "HS256"
TYPE: Final = "rookery-service+jwt"
REQUIRED: Final = ["iss", "aud", "iat", "exp"]


class ServiceTokens:
    """Issues tokens in the name of `caller`, and checks those of others."""

    def __init__(self, secret_key: str, caller: str) -> None:
        self._key = derive_key(secret_key, "service tokens")
        self._caller = caller
        self._issued: dict[str, tuple[str, float]] = {}

    def issue(self, audience: str) -> str:
        """A token for calls to the service `audience`."""
        now = time.time()
        token, issued_at = self._issued.get(audience, ("", 0.0))
        if not 0 <= now - issued_at < RENEW_S:
            claims = {"iss": self._caller, "aud": audience, "iat": int(now), "exp": int(now) + LIFETIME_S}
            token = jwt.encode(claims, self._key, algorithm=ALGORITHM, headers={"typ": TYPE})
            self._issued[audience] = (token, now)
        return token

    def check(self, token: str, audience: str) -> str:
        """Who calls. Raises Unauthenticated; signatures are compared in constant time (PyJWT: hmac.compare_digest)."""
        try:
            if len(token) > TOKEN_MAX_CHARS or jwt.get_unverified_header(token).get("typ") != TYPE:
                raise jwt.InvalidTokenError("not a service token")
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                audience=audience,
                leeway=LEEWAY_S,
                options={"require": REQUIRED, "strict_aud": True},
            )
        except jwt.InvalidTokenError as error:
            raise Unauthenticated("This needs a valid service token.", code="rpc_token_invalid") from error
        if claims["exp"] - claims["iat"] > LIFETIME_S:
            raise Unauthenticated("A service token lives a minute at most.", code="rpc_token_invalid")
        return str(claims["iss"])
