"""Reads a Job, writes Messages. Exit status 0 means that the last message says how it ended."""

import sys

import msgspec

from rookery.media.process.confinement import confine
from rookery.media.process.jobs import Done, Failed, Job, Message, Progress, Refused

ANIMATED = frozenset({"gif", "mp4", "mov", "webm"})


def say(message: Message) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(message) + b"\n")
    sys.stdout.buffer.flush()


def work(job: Job) -> Done:
    """Raises Refused, or whatever a decoder raises."""
    if job.format in ANIMATED:
        from rookery.media.process.moving import convert_moving

        return convert_moving(job, lambda share: say(Progress(round(share, 3))))
    from rookery.media.process.still import convert_still

    return convert_still(job)


def main() -> None:
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    confine(job.limits)
    try:
        say(work(job))
    except Refused as refusal:
        say(Failed(refusal.code, refusal.detail))
    except MemoryError:
        say(Failed("too_large", "needs more memory than a file may take"))


if __name__ == "__main__":
    main()
