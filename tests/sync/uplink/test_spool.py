"""What is spooled is there whole or not at all, in order, whatever moment the power went."""

import os
from pathlib import Path

import pytest

from sync.uplink.errors import UplinkError
from sync.uplink.spool import Spool


class _PowerCut(BaseException):
    """Ends everything where it stands, as a power cut does."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "down"


def _waiting(folder: Path) -> list[bytes]:
    return [data for _file, data in Spool(folder).waiting()]


def test_things_wait_in_order_until_they_are_dropped(folder: Path) -> None:
    spool = Spool(folder)
    for number in range(12):
        spool.put(b"bundle %d" % number)
    assert _waiting(folder) == [b"bundle %d" % number for number in range(12)]
    for file, _data in spool.waiting():
        spool.drop(file)
        spool.drop(file)
    assert _waiting(folder) == []


def test_numbers_go_on_behind_what_waits(folder: Path) -> None:
    spool = Spool(folder)
    for data in (b"a", b"b", b"c"):
        spool.put(data)
    first, *_rest = spool.waiting()
    spool.drop(first[0])
    Spool(folder).put(b"a")
    assert _waiting(folder) == [b"b", b"c", b"a"]


def test_only_the_courier_can_look_in(folder: Path) -> None:
    Spool(folder)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_oldest_give_way(folder: Path) -> None:
    spool = Spool(folder, most=3)
    for data in (b"a", b"b", b"c", b"d", b"e"):
        spool.put(data)
    assert _waiting(folder) == [b"c", b"d", b"e"]


@pytest.mark.parametrize("moment", ["os.fsync", "pathlib.Path.rename"])
def test_a_power_cut_leaves_nothing_half(
    moment: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(folder)
    spool.put(b"before")

    def cut(*_arguments: object) -> None:
        raise _PowerCut

    with monkeypatch.context() as during:
        during.setattr(moment, cut)
        with pytest.raises(_PowerCut):
            spool.put(b"cut off")
    assert _waiting(folder) == [b"before"]
    Spool(folder).put(b"after")
    assert _waiting(folder) == [b"before", b"after"]
    assert len(list(folder.iterdir())) == 2, "halves must not pile up"


def test_bytes_are_on_the_card_before_they_have_their_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(folder)
    seen: list[list[bytes]] = []
    monkeypatch.setattr(os, "fsync", lambda _number: seen.append(_waiting(folder)))
    spool.put(b"data")
    assert seen == [[]]


def test_what_vanishes_while_it_is_read_is_passed_over(folder: Path) -> None:
    spool = Spool(folder)
    for data in (b"a", b"b"):
        spool.put(data)
    files = spool.waiting()
    _file, first = next(files)
    for path in folder.iterdir():
        path.unlink()
    assert first == b"a"
    assert list(files) == []


def test_files_of_others_are_let_be(folder: Path) -> None:
    spool = Spool(folder)
    (folder / "lost+found").mkdir()
    (folder / "zzz").write_bytes(b"?")
    (folder / "0000000001-later").write_bytes(b"?")
    spool.put(b"ours")
    assert _waiting(folder) == [b"ours"]
    assert (folder / "zzz").read_bytes() == b"?"


def test_a_card_that_takes_nothing_is_trouble_and_no_crash(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(folder)

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as during:
        during.setattr(os, "fsync", full)
        with pytest.raises(UplinkError, match="No space left"):
            spool.put(b"data")
    folder.rename(folder.with_name("gone"))
    with pytest.raises(UplinkError, match="No such file"):
        list(spool.waiting())
    with pytest.raises(UplinkError, match="No such file"):
        spool.put(b"data")
