"""`rookery work`: consumers of events and periodic jobs."""

import asyncio
import signal
from collections.abc import Sequence

import click

from rookery.contracts.apis import EVERYTHING, WORKED
from rookery.kit.settings import Settings, load_settings, require


@click.command()
@click.argument("services", nargs=-1, type=click.Choice(WORKED))
def command(services: Sequence[str]) -> None:
    """Handle the events and run the jobs of SERVICES (none named: all) until SIGTERM or Ctrl-C.

    The kit's are the upkeep of the log and of partitions, and the relay to Kafka where there is one; its process alone
    needs a database role that owns the tables.
    """
    import uvloop

    settings = load_settings()
    require(settings, "database_url", "cache_url", "secret_key")
    uvloop.run(work(settings, services))


async def work(settings: Settings, names: Sequence[str] = ()) -> None:
    """Run a worker until a signal asks to stop."""
    from rookery.gateway.wiring import Services
    from rookery.gateway.worker import Worker
    from rookery.kit.metrics import BusMetrics, metrics_listener
    from rookery.kit.telemetry import configure_logging
    from rookery.media.trial import tell_trial

    configure_logging(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)
    services = Services(settings, names or settings.services or EVERYTHING)
    port = settings.metrics_port and settings.metrics_port + 1  # beside the web server's
    async with metrics_listener(settings.metrics_host, port):
        await services.open()
        worker = Worker(services, BusMetrics())
        await worker.start()
        trials = [asyncio.create_task(tell_trial(settings))] if "media" in services.here else []
        await stop.wait()
        for trial in trials:
            trial.cancel()
        await asyncio.gather(*trials, return_exceptions=True)
        await worker.stop()
        await services.close()
