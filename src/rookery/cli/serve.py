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
    from rookery.gateway.server import run_server

    run_server(target, settings)
