"""The secret key."""

from pathlib import Path

import pytest

from rookery.embedded.errors import EmbeddedError
from rookery.embedded.secret import KEY_MIN_CHARACTERS, secret_key


def test_it_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    assert len(key) >= KEY_MIN_CHARACTERS
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert secret_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_an_open_key_is_closed(tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    (tmp_path / "secret_key").chmod(0o644)
    assert secret_key(tmp_path) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff" * 64])
def test_a_damaged_key_is_refused_rather_than_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret_key").write_bytes(content)
    with pytest.raises(EmbeddedError, match="secret_key"):
        secret_key(tmp_path)
    assert (tmp_path / "secret_key").read_bytes() == content


def test_half_a_key_of_a_killed_run_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "secret_key.new").write_text("half")
    assert len(secret_key(tmp_path)) >= KEY_MIN_CHARACTERS
