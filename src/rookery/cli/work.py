"""`rookery work`: consumers of events and periodic jobs."""

import asyncio
import signal

import click

from rookery.kit.settings import Settings, load_settings, require


@click.command()
def command() -> None:
    """Handle events and run jobs until SIGTERM or Ctrl-C."""
    import uvloop

    settings = load_settings()
    require(settings, "database_url", "cache_url", "secret_key")
    uvloop.run(work(settings))


async def work(settings: Settings) -> None:
    """Run a worker until a signal asks to stop."""
    from rookery.gateway.wiring import Services
    from rookery.gateway.worker import Worker

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)
    services = Services(settings)
    await services.open()
    worker = Worker(services)
    await worker.start()
    await stop.wait()
    await worker.stop()
    await services.close()
