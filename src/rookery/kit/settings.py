"""Settings from the environment, parsed once at start into one typed struct; a wrong value fails loudly by name."""

import os
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

import msgspec
from msgspec import Struct

PREFIX = "ROOKERY_"


MEDIA_BOUNDS = (
    ("media_image_max_bytes", 1024, 256 * 1024 * 1024),
    ("media_image_max_pixels", 1, 100_000_000),
    ("media_video_max_bytes", 1024, 4 * 1024 * 1024 * 1024),
    ("media_video_max_s", 1, 3600),
    ("media_quota_bytes", 0, 2**60),
    ("media_processes", 1, 64),
    ("media_signed_url_ttl_s", 300, 7 * 24 * 3600),
)


class SettingsError(Exception):
    """A setting is missing or malformed; the text names the variable."""


class Settings(Struct, frozen=True, kw_only=True):
    """Everything a process can be told. Field `x_y` is read from `ROOKERY_X_Y`; lists are comma-separated."""

    database_url: str = ""
    cache_url: str = ""
    bus_url: str = ""  # kafka://host:port[,host:port]; empty: the outbox in PostgreSQL is the bus
    secret_key: str = ""  # at least 32 characters; seals signing keys and signs links in mails

    services: list[str] = []  # which run in this process (users, posts, ..., gateway, kit); none named: all
    service_urls: list[str] = []  # where the others are: users=http://host:port; one more item per instance

    public_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0  # of the web server; the worker takes the next; 0: no metrics listener
    database_pool_size: int = 20
    web_dist: str = ""  # folder of the built web app; empty: web/dist beside the source tree

    log_level: str = "info"
    log_format: str = "json"  # json | console
    access_log: float = 0.0  # share of requests (0 to 1) that get a log line; failures of ours always do

    smtp_url: str = ""  # smtp[s]://user:password@host:port; empty: mails land in mail_dir
    mail_from: str = "Rookery <no-reply@localhost>"
    mail_dir: str = "var/mail"

    cors_origins: list[str] = []
    trusted_proxies: list[str] = []  # addresses or networks whose X-Forwarded-For is believed
    hsts: bool = False  # set when TLS is in front
    max_body_bytes: int = 1024 * 1024
    request_timeout_s: float = 15.0
    drain_s: float = 0.0  # how long a stopping server still answers on connections that stand, for proxies

    link_cards: bool = True  # fetch the pages that posts link to, for title, description and picture
    link_card_networks: list[str] = []  # networks whose pages may be fetched although they are not public, at any port

    rate_limits: bool = True
    rate_limit_sign_up: str = "10/3600"  # burst/seconds to refill it, per address
    rate_limit_sign_in: str = "20/300"
    rate_limit_writes: str = "300/300"
    rate_limit_reads: str = "1800/300"
    rate_limit_search: str = "180/300"

    media_url: str = ""  # an object store, such as s3://bucket/prefix (AWS_* say the rest); empty: media_dir
    media_dir: str = "var/media"
    media_temp_dir: str = ""  # for files under way: on disk, with room for some videos; empty: the system's
    media_public_url: str = ""  # a CDN that fetches /media/ from here; empty: media are served here
    media_image_max_bytes: int = 16 * 1024 * 1024
    media_image_max_pixels: int = 50_000_000
    media_video_max_bytes: int = 512 * 1024 * 1024
    media_video_max_s: int = 140
    media_quota_bytes: int = 10 * 1024 * 1024 * 1024  # of each account; 0: none
    media_avif: bool = False  # AVIF besides WebP: a fifth smaller, ten times the work
    media_processes: int = 2  # child processes of a worker
    media_signed_url_ttl_s: int = 12 * 3600  # how long an address of a protected account's media holds at least

    argon2_time_cost: int = 3  # RFC 9106, second recommended choice, with half its memory on small machines
    argon2_memory_kib: int = 32 * 1024
    access_token_ttl_s: int = 600
    session_ttl_s: int = 60 * 24 * 3600
    following_max: int = 5000
    fanout_threshold: int = 10_000  # followers from which an author is merged at read instead of pushed
    timeline_cache_size: int = 800
    timeline_active_s: int = 14 * 24 * 3600  # a reader away for longer is not fanned out to
    trends_account_age_s: int = 24 * 3600  # posts of younger accounts make no trend


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, or raise SettingsError naming the variable that is wrong."""
    env = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(Settings):
        raw = env.get(PREFIX + field.name.upper())
        if raw is None and field.name == "port":
            raw = env.get("PORT")
        if raw is None:
            continue
        value: Any = [part.strip() for part in raw.split(",") if part.strip()] if "list" in str(field.type) else raw
        try:
            values[field.name] = msgspec.convert(value, field.type, strict=False)
        except msgspec.ValidationError as error:
            raise SettingsError(f"{PREFIX}{field.name.upper()}: {error}") from error
    settings = Settings(**values)
    check_settings(settings)
    return settings


def check_settings(settings: Settings) -> None:
    """Refuse values that are well-typed and still cannot work."""
    if settings.secret_key and len(settings.secret_key) < 32:
        raise SettingsError("ROOKERY_SECRET_KEY: needs at least 32 characters")
    if not 0 <= settings.port <= 65535:
        raise SettingsError("ROOKERY_PORT: must lie between 0 and 65535")
    if not 0 <= settings.access_log <= 1:
        raise SettingsError("ROOKERY_ACCESS_LOG: must lie between 0 and 1")
    for name, least, most in MEDIA_BOUNDS:
        if not least <= getattr(settings, name) <= most:
            raise SettingsError(f"{PREFIX}{name.upper()}: must lie between {least} and {most}")
    if settings.media_public_url and not settings.media_public_url.startswith(("https://", "http://")):
        raise SettingsError("ROOKERY_MEDIA_PUBLIC_URL: must begin with https:// or http://")
    for network in settings.link_card_networks:
        try:
            ip_network(network)
        except ValueError as error:
            raise SettingsError(f"ROOKERY_LINK_CARD_NETWORKS: {error}") from error
    if settings.bus_url and not settings.bus_url.startswith("kafka://"):
        raise SettingsError("ROOKERY_BUS_URL: must begin with kafka://")


def require(settings: Settings, *names: str) -> None:
    """Raise SettingsError for the first of `names` that is empty, for commands that cannot do without it."""
    for name in names:
        if not getattr(settings, name):
            raise SettingsError(f"{PREFIX}{name.upper()}: must be set (or use `rookery up`, which sets it)")
