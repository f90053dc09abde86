"""Whom the words of a failed start blame, and which of them count."""

from pathlib import Path

import pytest

from rookery.embedded.datafolder import is_data_fault, last_failure

STAMP = "2026-01-01 00:00:00.000 UTC [7] "
READY = f"{STAMP}LOG:  database system is ready to accept connections"
FAILED = f"{STAMP}FATAL:  database files are incompatible with server"
ENDED = f"{STAMP}LOG:  database system is shut down"


@pytest.mark.parametrize(
    ("reason", "blamed"),
    [
        ("FATAL:  database files are incompatible with server", True),
        ("FATAL:  incorrect checksum in control file", True),
        ("PANIC:  could not locate a valid checkpoint record at 0/1", True),
        ('FATAL:  could not open directory "base": No such file or directory', True),
        ('DETAIL:  The database subdirectory "base/5" is missing.', True),
        ('FATAL:  could not open file "base/5/1": Permission denied', False),
        ("FATAL:  could not create shared memory segment: Cannot allocate memory", False),
        ('FATAL:  could not open shared memory segment "/PostgreSQL.1": No such file or directory', False),
        ('FATAL:  could not write lock file "postmaster.pid": No space left on device', False),
        ('FATAL:  configuration file "rookery.conf" contains errors', False),
    ],
)
def test_a_backup_is_advised_only_for_broken_data(reason: str, blamed: bool) -> None:
    assert is_data_fault(reason) is blamed


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([], ""),
        ([READY, ENDED], ""),
        ([READY, ENDED, FAILED], FAILED),
        ([FAILED, ENDED], FAILED),
        ([FAILED, READY, ENDED], ""),
        ([READY, f"{STAMP}FATAL:  terminating autovacuum process due to administrator command"], ""),
        ([READY, f"{STAMP}rookery@rookery FATAL:  sorry, too many clients already"], ""),
    ],
)
def test_the_last_start_is_what_counts(tmp_path: Path, lines: list[str], found: str) -> None:
    log = tmp_path / "postgres.log"
    assert last_failure(log) == ""
    log.write_text("".join(f"{line}\n" for line in lines))
    assert last_failure(log) == found
