"""A machine with real PostgreSQL and Valkey and fake programs: `python -m tests.embedded.fake_machine VAR PORT`."""

import asyncio
import os
import sys
from pathlib import Path

from rookery.embedded.errors import EmbeddedError
from rookery.embedded.machine import Machine, environment_of, run_machine
from rookery.embedded.postgres import Postgres
from rookery.embedded.supervisor import Service
from rookery.embedded.valkey import Valkey
from tests.embedded import fakes


def build(machine: Machine) -> list[Service]:
    environment = environment_of(machine)
    postgres, valkey = Postgres(machine.var, durable=False), Valkey(machine.var)
    web = fakes.fake("serve", fakes.WEB, machine.var, env=environment)
    work = fakes.fake("work", fakes.STUBBORN, machine.var, env=environment, grace_s=0.2)
    return [postgres, valkey, web, work]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    machine = Machine(Path(sys.argv[1]).resolve(), "127.0.0.1", int(sys.argv[2]), os.environ)
    try:
        asyncio.run(run_machine(machine, say, build))
    except EmbeddedError as error:
        sys.exit(f"Error: {error}")
