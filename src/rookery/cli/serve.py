"""`rookery serve`: the web server."""

import os
from collections.abc import Sequence

import click

from rookery.contracts.apis import SERVED
from rookery.kit.settings import PREFIX, Settings, load_settings, require


@click.command()
@click.argument("services", nargs=-1, type=click.Choice(SERVED))
def command(services: Sequence[str]) -> None:
    """Serve SERVICES (none named: all) until SIGTERM or Ctrl-C.

    The gateway is the web app, the live stream and the description of the API. ROOKERY_SERVICE_URLS tells where those
    are that do not run here.
    """
    if services:
        os.environ[PREFIX + "SERVICES"] = ",".join(services)
    settings = load_settings()
    require(settings, "database_url", "cache_url", "secret_key")
    serve("rookery.gateway.app:create_app", settings)


def serve(target: str, settings: Settings) -> None:
    """Run the application that the factory `target` ("module:function") makes, until a signal asks to stop."""
    from rookery.gateway.server import run_server

    run_server(target, settings)
