"""The door's keys are readable by the door alone, and a power cut leaves them whole."""

import os
import stat
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from kiosk.errors import JournalFault
from kiosk.journal.door_keys import DoorKeys, load_keys, make_keys, store_keys


def _raw(keys: DoorKeys | None) -> bytes:
    assert keys is not None
    return keys.signing.private_bytes_raw() + keys.sealing.private_bytes_raw()


def test_what_was_stored_is_loaded(tmp_path: Path) -> None:
    keys = make_keys()
    store_keys(tmp_path / "door.key", keys)
    assert _raw(load_keys(tmp_path / "door.key")) == _raw(keys)


def test_no_file_is_no_keys(tmp_path: Path) -> None:
    assert load_keys(tmp_path / "door.key") is None


def test_the_file_is_the_doors_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store_keys(tmp_path / "door.key", make_keys())
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "door.key").stat().st_mode) == 0o600


def test_two_kiosks_never_have_the_same_keys() -> None:
    one, other = make_keys(), make_keys()
    assert one.device != other.device
    assert one.sealing_public != other.sealing_public


@pytest.mark.parametrize("content", [b"", bytes(63), bytes(65), b"x" * 1000])
def test_a_damaged_file_is_a_fault_and_not_new_keys(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "door.key"
    path.write_bytes(content)
    with pytest.raises(JournalFault, match=r"door\.key cannot be used") as fault:
        load_keys(path)
    assert "enrol" in fault.value.hint
    assert "move it aside" in fault.value.hint
    assert path.read_bytes() == content


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "door.key").mkdir()
    with pytest.raises(JournalFault):
        load_keys(tmp_path / "door.key")


def test_a_power_cut_before_the_rename_leaves_the_old_keys(
    tmp_path: Path, mocker: MockerFixture
) -> None:
    path, old, new = tmp_path / "door.key", make_keys(), make_keys()
    store_keys(path, old)
    mocker.patch.object(Path, "rename", side_effect=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        store_keys(path, new)
    assert _raw(load_keys(path)) == _raw(old)
    mocker.stopall()
    store_keys(path, new)
    assert _raw(load_keys(path)) == _raw(new)
    assert [file.name for file in tmp_path.iterdir()] == ["door.key"]


def test_the_content_is_synced_before_the_rename_and_the_directory_after(
    tmp_path: Path, mocker: MockerFixture
) -> None:
    happened: list[str] = []
    real_sync, real_rename = os.fsync, Path.rename

    def fsync(descriptor: int) -> None:
        happened.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real_sync(descriptor)

    def rename(self: Path, target: Path) -> Path:
        happened.append("rename")
        return real_rename(self, target)

    mocker.patch("os.fsync", fsync)
    mocker.patch.object(Path, "rename", rename)
    store_keys(tmp_path / "door.key", make_keys())
    assert happened == ["door.key.new", "rename", tmp_path.name]


def test_a_card_that_takes_no_keys_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(JournalFault, match="cannot be written"):
        store_keys(tmp_path / "absent" / "door.key", make_keys())
