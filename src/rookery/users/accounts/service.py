"""The accounts of the users service: every use case, on the shared resources of the process."""

import base64

from rookery.kit.resources import Resources
from rookery.kit.signing_keys import SigningKeys
from rookery.kit.tokens import TokenVerifier
from rookery.users.accounts.email_verification import EmailVerification
from rookery.users.accounts.grants import Grants
from rookery.users.accounts.password_changes import PasswordChanges
from rookery.users.accounts.passwords import Passwords
from rookery.users.accounts.schemas import JsonWebKey, JsonWebKeySet
from rookery.users.accounts.sessions import Sessions
from rookery.users.accounts.sign_in import SignIns
from rookery.users.accounts.sign_up import SignUps
from rookery.users.accounts.throttle import SignInThrottle


class Accounts:
    """`tokens` is what the edge verifies access tokens with."""

    def __init__(self, resources: Resources) -> None:
        self.settings = resources.settings
        self.keys = SigningKeys(resources.database, resources.settings)
        self.tokens = TokenVerifier(resources, self.keys)
        passwords = Passwords(resources.settings)
        grants = Grants(resources, self.keys)
        throttle = SignInThrottle(resources.cache, resources.settings)
        self.sign_ins = SignIns(resources, passwords, grants, throttle)
        self.sign_ups = SignUps(resources, passwords, grants, self.sign_ins)
        self.sessions = Sessions(resources, grants)
        self.password_changes = PasswordChanges(resources, passwords, grants, self.sign_ins)
        self.email_verification = EmailVerification(resources)

    async def public_keys(self) -> JsonWebKeySet:
        """The keys that verify access tokens, those that will sign soon included."""
        keys = await self.keys.published()
        return JsonWebKeySet([JsonWebKey(key.kid, _base64url(key.public.public_bytes_raw())) for key in keys])


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
