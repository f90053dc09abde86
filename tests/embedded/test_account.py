"""Whom servers run as, and the folders they get."""

import os
import tempfile
from pathlib import Path

import pytest

from rookery.embedded.account import Account, choose_account, ensure_folder, needs_reach, socket_folder
from rookery.embedded.errors import EmbeddedError

AS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not AS_ROOT, reason="needs root")
ME = Account(os.geteuid(), os.getegid(), "me", switch=False)
DAEMON = Account(1, 1, "daemon", switch=True)


@pytest.mark.skipif(AS_ROOT, reason="needs an ordinary user")
def test_an_ordinary_user_runs_them_as_themselves(tmp_path: Path) -> None:
    account = choose_account(tmp_path, tmp_path / "postgres")
    assert (account.uid, account.switch) == (os.geteuid(), False)


@needs_root
@pytest.mark.parametrize("owner", [DAEMON, Account(54321, 54322, "54321", switch=True)], ids=["named", "nameless"])
def test_root_keeps_the_owner_of_existing_data(tmp_path: Path, owner: Account) -> None:
    data = tmp_path / "postgres"
    data.mkdir()
    os.chown(data, owner.uid, owner.gid)
    assert choose_account(tmp_path, data) == owner


@needs_root
def test_root_prefers_whoever_called_sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_UID", "1")
    assert choose_account(tmp_path, tmp_path / "postgres") == DAEMON


@needs_root
def test_root_never_chooses_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUDO_UID", raising=False)
    account = choose_account(tmp_path, tmp_path / "postgres")
    assert account.uid != 0 and account.switch


@needs_root
def test_what_root_copied_is_handed_over(tmp_path: Path) -> None:
    inner = tmp_path / "postgres" / "base"
    inner.mkdir(parents=True)
    (inner / "file").write_text("x")
    (inner / "link").symlink_to("/etc/hostname")
    ensure_folder(tmp_path / "postgres", DAEMON)
    for path in (tmp_path / "postgres", inner, inner / "file"):
        assert path.stat().st_uid == DAEMON.uid
    assert Path("/etc/hostname").stat().st_uid == 0


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    for path in (tmp_path / "var", tmp_path / "var" / "run"):
        with pytest.raises(EmbeddedError, match="is in the way: a folder is needed there"):
            ensure_folder(path)


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_an_unwritable_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(EmbeddedError, match="cannot be written: it belongs to"):
        ensure_folder(tmp_path)
    with pytest.raises(EmbeddedError, match="Permission denied"):
        ensure_folder(tmp_path / "var")


def test_sockets_stay_in_var_when_the_path_is_short() -> None:
    with tempfile.TemporaryDirectory(prefix="r-", dir="/tmp") as folder:
        assert socket_folder(Path(folder), ME, "sock") == Path(folder) / "run"
        assert (Path(folder) / "run").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["x" * 100, "with space", "with,comma", "with%41"])
def test_sockets_go_elsewhere_from_a_path_that_will_not_do(tmp_path: Path, name: str) -> None:
    var = tmp_path / name
    folder = socket_folder(var, ME, "sock")
    try:
        assert var not in folder.parents
        assert folder == socket_folder(var, ME, "sock") != socket_folder(var / "other", ME, "sock")
    finally:
        folder.rmdir()
        socket_folder(var / "other", ME, "sock").rmdir()


@pytest.mark.parametrize("danger", ["open to others", "a link"])
def test_a_prepared_folder_for_sockets_is_not_trusted(tmp_path: Path, danger: str) -> None:
    var = tmp_path / ("x" * 100)
    folder = socket_folder(var, ME, "sock")
    folder.rmdir()
    if danger == "a link":
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        folder.symlink_to(tmp_path / "elsewhere")
    else:
        folder.mkdir()
        folder.chmod(0o777)
    try:
        with pytest.raises(EmbeddedError, match="is not a private folder of me: remove it"):
            socket_folder(var, ME, "sock")
    finally:
        folder.unlink() if folder.is_symlink() else folder.rmdir()


@needs_root
def test_reach_is_needed_only_behind_closed_folders() -> None:
    with tempfile.TemporaryDirectory(prefix="r-", dir="/tmp") as folder:
        inner = Path(folder) / "var"
        inner.mkdir()
        assert needs_reach(DAEMON, inner)
        assert not needs_reach(ME, inner)
        Path(folder).chmod(0o711)
        assert not needs_reach(DAEMON, inner)
