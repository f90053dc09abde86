"""`rookery up`: everything on this machine, in the foreground."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from rookery.embedded.errors import EmbeddedError
from rookery.embedded.machine import Machine, current_environment, run_machine, web_build

Command = TypeVar("Command", bound=Callable[..., object])


def var_option(function: Command) -> Command:
    """`--var`, for every command that works on this machine's data."""
    option = click.option(
        "--var",
        envvar="ROOKERY_VAR",
        type=click.Path(path_type=Path),
        default=Path("var"),
        show_default=True,
        help="Folder of data, sockets and logs.",
    )
    return option(function)


def machine_options(function: Command) -> Command:
    """`--host`, `--port` and `--var`, the same for every command that is about this machine."""
    host = click.option(
        "--host", envvar="ROOKERY_HOST", default="127.0.0.1", show_default=True, help="Address to listen at."
    )
    port = click.option(
        "--port",
        envvar=["ROOKERY_PORT", "PORT"],
        type=click.IntRange(1, 65535),
        default=8000,
        show_default=True,
        help="Port to listen at (or PORT in the environment).",
    )
    return host(port(var_option(function)))


@click.command()
@machine_options
@click.option("--no-web", is_flag=True, help="Start without the web app: the API alone.")
@click.option("--apart", is_flag=True, help="A process for each service, nginx in front: for developers.")
def command(host: str, port: int, var: Path, no_web: bool, apart: bool) -> None:
    """Start PostgreSQL, Valkey, the web server and the worker; stop them with Ctrl-C."""
    environ = current_environment()
    try:
        if not no_web:
            check_web_build(web_build(environ))
        machine = Machine(var.resolve(), host, port, environ)
        asyncio.run(run_apart(machine) if apart else run_machine(machine, click.echo))
    except EmbeddedError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:  # a full disk, a folder that somebody removed: no fault of the program
        raise click.ClickException(f"{error.strerror}: {error.filename or var}") from error
    click.echo("Stopped.")


async def run_apart(machine: Machine) -> None:
    """Every service for itself; see `rookery.embedded.apart`."""
    from rookery.embedded.apart import is_whole, services

    await run_machine(machine, click.echo, services, is_whole)


def check_web_build(folder: Path) -> None:
    """Raises EmbeddedError when the web app is not built: a blank page would say less."""
    if not (folder / "index.html").is_file():
        raise EmbeddedError(f"the web app is not built ({folder} has no index.html)", "run `make up`, or add --no-web")
