"""Reads a Job, writes Messages. Exit status 0 means that the last message says how it ended."""

import sys

import msgspec

from rookery.media.process.confinement import confine, own_status, peak_bytes
from rookery.media.process.jobs import Confined, Done, Failed, Job, Message, Progress, Refused, Used

ANIMATED = frozenset({"gif", "mp4", "mov", "webm"})


def say(message: Message) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(message) + b"\n")
    sys.stdout.buffer.flush()


def work(job: Job) -> Done:
    """Raises Refused, or whatever a decoder raises."""
    if job.format in ANIMATED and not job.still:
        from rookery.media.process.moving import convert_moving

        return convert_moving(job, lambda share: say(Progress(round(share, 3))))
    from rookery.media.process.still import convert_still

    return convert_still(job)


def answer_to(job: Job) -> Done | Failed:
    try:
        return work(job)
    except Refused as refusal:
        return Failed(refusal.code, refusal.detail)
    except MemoryError:
        return Failed("too_complex", "needs more time or memory than a file may take")


def main() -> None:
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    status = own_status()
    say(Confined(confine(job)))
    answer = answer_to(job)
    say(Used(peak_bytes(status)))
    say(answer)


if __name__ == "__main__":
    main()
