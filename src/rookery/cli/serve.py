"""`rookery serve`: the web server."""

import click

from rookery.kit.settings import Settings, load_settings, require


@click.command()
def command() -> None:
    """Serve the API and the web app until SIGTERM or Ctrl-C."""
    settings = load_settings()
    require(settings, "database_url", "cache_url", "secret_key")
    serve("rookery.gateway.app:create_app", settings)


def serve(target: str, settings: Settings) -> None:
    """Run the application that the factory `target` ("module:function") makes, until a signal asks to stop."""
    from granian import Granian
    from granian.constants import Interfaces, Loops
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    Granian(
        target,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=1,
        loop=Loops.uvloop,
        websockets=True,
        log_access=False,
        log_level=LogLevels(settings.log_level),
        backlog=2048,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=128 * 1024),
        workers_kill_timeout=5,
        respawn_failed_workers=False,
    ).serve()
