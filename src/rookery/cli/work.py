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
    from rookery.kit.metrics import BusMetrics, metrics_listener
    from rookery.kit.telemetry import configure_logging

    configure_logging(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)
    services = Services(settings)
    port = settings.metrics_port and settings.metrics_port + 1  # beside the web server's
    async with metrics_listener(settings.metrics_host, port):
        await services.open()
        worker = Worker(services, BusMetrics())
        await worker.start()
        await stop.wait()
        await worker.stop()
        await services.close()
