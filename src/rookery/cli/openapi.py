"""`rookery openapi`: the description of the API, for generating clients. Needs no server to run."""

import click

from rookery.kit.settings import Settings


@click.command()
def command() -> None:
    """Print the OpenAPI document of the API."""
    import msgspec

    from rookery.gateway.app import create_litestar
    from rookery.gateway.docs import openapi_document
    from rookery.gateway.wiring import Services

    nowhere = Settings(database_url="postgresql://localhost", cache_url="redis://localhost", secret_key="-" * 32)
    document = openapi_document(create_litestar(Services(nowhere), lifespan=False))
    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2))
