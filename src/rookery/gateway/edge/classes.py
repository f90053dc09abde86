"""Which limits a request counts against, by its method and path."""

from functools import lru_cache

from rookery.gateway.edge.addresses import rate_limit_key
from rookery.kit.identity import Claims
from rookery.kit.limits import Check, Limiter, PolicySet, parse_policy
from rookery.kit.settings import Settings

API_PREFIX = "/v1/"

# Whatever tries a password or a token, or sends a mail: counted by address, whoever claims to be signed in.
SIGN_IN = frozenset(
    {
        ("POST", "/v1/sessions"),
        ("POST", "/v1/password-resets"),
        ("POST", "/v1/password-resets/confirm"),
        ("POST", "/v1/email-verifications"),
        ("POST", "/v1/email-verifications/confirm"),
        ("PUT", "/v1/users/me/password"),
    }
)

SEARCHES = ("/v1/search/", "/v1/trends", "/v1/users/me/suggestions")


class RouteLimits:
    """The buckets of the API: per user when signed in, else per address; sign-up and sign-in always per address.

    A search counts as a read too, in the same command.
    """

    def __init__(self, settings: Settings, limiter: Limiter) -> None:
        self._limiter = limiter
        reads = parse_policy("reads", settings.rate_limit_reads)
        self.sign_up = PolicySet(parse_policy("sign_up", settings.rate_limit_sign_up))
        self.sign_in = PolicySet(parse_policy("sign_in", settings.rate_limit_sign_in))
        self.writes = PolicySet(parse_policy("writes", settings.rate_limit_writes))
        self.reads = PolicySet(reads)
        self.search = PolicySet(parse_policy("search", settings.rate_limit_search), reads)
        self.classify = lru_cache(4096)(self._classify)

    def start(self, policies: PolicySet, claims: Claims | None, address: str) -> Check:
        """Begin to take a token of each policy; the command leaves with whatever else this turn of the loop sends."""
        if claims is None or policies is self.sign_in or policies is self.sign_up:
            return self._limiter.start("a" + rate_limit_key(address), policies)
        return self._limiter.start(f"u{claims.user_id}", policies)

    def _classify(self, method: str, path: str) -> PolicySet | None:
        """None: not limited. The path is compared as the router sees it, without doubled or trailing slashes."""
        path = "/" + "/".join(part for part in path.split("/") if part)
        if method == "OPTIONS":
            return None
        if method in ("GET", "HEAD"):
            return self.search if path.startswith(SEARCHES) or path.endswith("/similar") else self.reads
        if (method, path) == ("POST", "/v1/users"):
            return self.sign_up
        return self.sign_in if (method, path) in SIGN_IN else self.writes
