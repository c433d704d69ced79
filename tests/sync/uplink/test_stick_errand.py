"""Whatever happens to a stick, no entry is lost, and nothing of anybody else's is touched."""

import errno
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from sync.uplink import stick_folder
from sync.uplink.errors import DoorAway, StickFault, StickFull, StickReadOnly, UplinkError
from sync.uplink.stick_errand import Lot, Round, StickErrand
from sync.wire import cbor
from sync.wire.link import Answer, Ask, Request
from tests.sync.uplink.stick_ends import EPOCH, EmptyingHub, PackingDoor, down, files, parcel


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test does not wait for this machine's disk."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


def go(door: PackingDoor, stick: Path) -> Round:
    """One round of a courier that has just found the stick."""
    return StickErrand(door, stick).go()


def names(door: PackingDoor, stick: Path) -> list[str]:
    return sorted(path.name for path in (stick / door.own_up).iterdir())


def seqs(door: PackingDoor, stick: Path) -> set[int]:
    hub = EmptyingHub()
    hub.empty(stick)
    return hub.stored.get(door.folder, set())


def test_visits_go_out_and_the_receipt_comes_back(tmp_path: Path) -> None:
    """And what is settled then leaves the stick."""
    door, hub = PackingDoor(newest_seq=1234), EmptyingHub()
    assert go(door, tmp_path) == Round(carried=3)
    hub.empty(tmp_path)
    assert hub.acked(door.folder) == 1234
    assert go(door, tmp_path) == Round(carried=1, brought=1)
    assert door.settled_seq == 1234
    assert names(door, tmp_path) == ["health.parcel"]
    assert not list((tmp_path / "gapura" / "down" / door.folder).iterdir())


def test_the_second_round_writes_only_what_is_new(tmp_path: Path) -> None:
    door = PackingDoor(newest_seq=500)
    errand = StickErrand(door, tmp_path)
    errand.go()
    before = files(tmp_path)
    door.newest_seq = 900
    assert errand.go() == Round(carried=1)
    assert before.items() <= files(tmp_path).items()
    assert seqs(door, tmp_path) == set(range(1, 901))


def test_a_stick_that_lies_in_for_weeks_does_not_fill_with_small_files(tmp_path: Path) -> None:
    door = PackingDoor()
    errand = StickErrand(door, tmp_path)
    for _ in range(200):
        door.newest_seq += 7
        errand.go()
    assert seqs(door, tmp_path) == set(range(1, 1401))
    assert len(names(door, tmp_path)) <= 1400 / 250 + 1


def test_a_kiosk_without_news_tells_how_it_is_now_and_then(tmp_path: Path) -> None:
    errand = StickErrand(PackingDoor(), tmp_path)
    assert [errand.go().carried for _ in range(9)] == [1, 0, 0, 0, 1, 0, 0, 0, 1]


def test_a_kiosk_of_no_hub_writes_nothing(tmp_path: Path) -> None:
    assert go(PackingDoor(has_hub=False), tmp_path) == Round(has_hub=False)
    assert files(tmp_path) == {}


def test_a_kiosk_that_asks_to_be_enrolled_does_so_by_stick(tmp_path: Path) -> None:
    door = PackingDoor(epoch=b"")
    assert go(door, tmp_path) == Round(carried=1)
    assert names(door, tmp_path) == ["request.parcel"]
    door.epoch = EPOCH
    go(door, tmp_path)
    assert names(door, tmp_path) == ["health.parcel"]


def test_a_new_epoch_takes_the_place_of_the_old(tmp_path: Path) -> None:
    door = PackingDoor(newest_seq=3)
    go(door, tmp_path)
    door.epoch = b"another epoch---"
    go(door, tmp_path)
    assert names(door, tmp_path) == ["616e6f74-0000000001-0000000003.parcel"]


def test_many_kiosks_share_a_stick(tmp_path: Path) -> None:
    doors = [PackingDoor(folder=f"{number:016x}", newest_seq=number + 1) for number in range(30)]
    hub = EmptyingHub()
    for door in doors:
        go(door, tmp_path)
    hub.empty(tmp_path)
    for door in doors:
        others = {name: data for name, data in files(tmp_path).items() if door.folder not in name}
        go(door, tmp_path)
        assert others.items() <= files(tmp_path).items()
        assert door.settled_seq == door.newest_seq
        assert len(door.taken) == 1


def test_foreign_files_stay_as_they_are(tmp_path: Path) -> None:
    """Also those with names like ours, in places that are not this kiosk's."""
    door = PackingDoor(newest_seq=3)
    foreign = {
        "surat.docx": b"laporan",
        "gapura/README.TXT": b"x",
        "gapura/up/0123456789abcdee/65706f63-0000000001-0000000001.parcel": b"of another kiosk",
        "gapura/up/0123456789abcdee/health.parcel.part": b"half",
        f"gapura/up/{door.folder}/foto.jpg": b"jpeg",
        f"gapura/up/{door.folder}/foto.part": b"half a picture",
        f"gapura/down/{door.folder}/notes.txt": b"notes",
        "gapura/down/other/receipt.parcel": parcel(cbor.encode(9)),
    }
    for name, content in foreign.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    for _ in range(2):
        go(door, tmp_path)
    assert foreign.items() <= files(tmp_path).items()
    assert (door.settled_seq, door.taken) == (0, [])


def test_a_file_cut_off_at_any_length_is_written_anew(tmp_path: Path) -> None:
    door = PackingDoor(newest_seq=3)
    go(door, tmp_path)
    (file,) = (tmp_path / door.own_up).iterdir()
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert go(door, tmp_path).carried == 1
        assert file.read_bytes() == whole
    file.write_bytes(whole[:-1] + b"x")
    go(door, tmp_path)
    assert file.read_bytes() == whole


def test_what_was_left_half_is_removed_and_a_gap_is_filled(tmp_path: Path) -> None:
    """A file may be lost from the middle, and a half one under any of our names be left."""
    door = PackingDoor(newest_seq=60, most=20)
    go(door, tmp_path)
    own = tmp_path / door.own_up
    sorted(own.iterdir())[1].unlink()
    half = own / f"{EPOCH.hex()[:8]}-0000000001-0000000999.parcel.part"
    foreign = own / "film.mp4.part"
    for path in (half, foreign):
        path.write_bytes(b"half")
    go(door, tmp_path)
    assert seqs(door, tmp_path) == set(range(1, 61))
    assert (half.exists(), foreign.exists()) == (False, True)


def test_a_receipt_cut_off_at_any_length_is_told_and_left(tmp_path: Path) -> None:
    """The hub writes it again; the door is not bothered with it."""
    door, whole = PackingDoor(newest_seq=3), parcel(cbor.encode(3))
    for length in range(len(whole)):
        file = down(tmp_path, door.folder, "receipt.parcel", whole[:length])
        assert go(door, tmp_path).damaged == 1
        assert file.read_bytes() == whole[:length]
    assert door.taken == []


def test_what_the_door_refuses_is_offered_once_and_left(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    door = PackingDoor(newest_seq=3, refuses="it is for another door")
    file = down(tmp_path, door.folder, "bundle.parcel", parcel(cbor.encode(3)))
    errand = StickErrand(door, tmp_path)
    for _ in range(3):
        errand.go()
    assert [request.ask for request in door.asked].count(Ask.UNPACK) == 1
    assert file.exists()
    assert caplog.messages == ["the door did not take what a stick brought: it is for another door"]


def test_names_that_lie_do_not_hide_entries(tmp_path: Path) -> None:
    """A file that says it holds what the journal has not even reached is no file of ours."""
    door = PackingDoor(newest_seq=3)
    own = tmp_path / door.own_up
    own.mkdir(parents=True)
    lie = own / f"{EPOCH.hex()[:8]}-0000000001-9999999999.parcel"
    lie.write_bytes(parcel(b"nothing"))
    go(door, tmp_path)
    assert seqs(door, tmp_path) == {1, 2, 3}
    assert not lie.exists()


def test_nothing_is_followed_out_of_the_stick(tmp_path: Path) -> None:
    """A stick with another file system than FAT may have links on it."""
    stick, outside = tmp_path / "stick", tmp_path / "outside"
    outside.mkdir()
    (outside / "health.parcel").write_bytes(b"precious")
    door = PackingDoor(newest_seq=3)
    (stick / "gapura" / "up").mkdir(parents=True)
    (stick / door.own_up).symlink_to(outside)
    with pytest.raises(StickFault):
        go(door, stick)
    (stick / door.own_up).unlink()
    (stick / door.own_up).mkdir()
    (stick / door.own_up / f"{EPOCH.hex()[:8]}-0000000001-0000000002.parcel").symlink_to(
        outside / "health.parcel"
    )
    own_down = stick / "gapura" / "down" / door.folder
    own_down.mkdir(parents=True)
    (own_down / "bundle.parcel").symlink_to(outside / "health.parcel")
    os.mkfifo(own_down / "pipe.parcel")
    (own_down / "folder.parcel").mkdir()
    assert go(door, stick).damaged == 3
    assert (outside / "health.parcel").read_bytes() == b"precious"
    assert seqs(door, stick) == {1, 2, 3}


def test_a_file_that_is_longer_than_any_parcel_is_not_read(tmp_path: Path) -> None:
    door = PackingDoor(newest_seq=1)
    with down(tmp_path, door.folder, "bundle.parcel", b"").open("r+b") as file:
        file.truncate(1 << 40)
    tracemalloc.start()
    assert go(door, tmp_path).damaged == 1
    assert tracemalloc.get_traced_memory()[1] < 64 << 20
    tracemalloc.stop()


class _FailingOs:
    """The system's calls, of which the n-th and all later ones fail: the stick is out."""

    def __init__(self, after: int, number: int = errno.EIO) -> None:
        self.calls = 0
        self._after = after
        self._number = number

    def __getattr__(self, name: str) -> object:
        found = getattr(os, name)
        if not callable(found) or name == "close":
            return found

        def call(*given: object, **named: object) -> object:
            self.calls += 1
            if self.calls > self._after:
                raise OSError(self._number, os.strerror(self._number))
            return found(*given, **named)

        return call


Put = Callable[[_FailingOs], None]


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Put:
    return lambda system: monkeypatch.setattr(stick_folder, "os", system)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENODEV, errno.ENOENT])
def test_a_stick_pulled_out_at_any_moment_harms_nothing(
    number: int, tmp_path: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every such moment: what is settled was at the hub, and the next try brings all there."""
    moments = 0
    for moment in range(1000):
        stick = tmp_path / str(moment)
        stick.mkdir()
        door, hub = PackingDoor(newest_seq=60, most=20), EmptyingHub()
        door.settled_seq = 5
        hub.stored[door.folder] = set(range(1, 6))
        go(door, stick)
        hub.empty(stick)
        door.newest_seq = 90
        system = _FailingOs(moment, number)
        put(system)
        try:
            go(door, stick)
        except StickFault:
            moments += 1
        monkeypatch.undo()
        assert door.settled_seq <= hub.acked(door.folder)
        go(door, stick)
        hub.empty(stick)
        assert hub.acked(door.folder) == 90
        assert go(door, stick).damaged == 0
        assert door.settled_seq == 90
        assert not [name for name in files(stick) if name.endswith(".part")]
        if system.calls <= moment:
            break
    assert moments > 20


def test_a_file_gets_its_name_when_it_is_on_the_stick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the folder is synced behind it: pulled out a moment later, both are there."""
    done: list[str] = []
    go(PackingDoor(newest_seq=1), tmp_path)
    rename = os.rename

    def note_rename(old: str, new: str, *, src_dir_fd: int, dst_dir_fd: int) -> None:
        done.append("rename")
        rename(old, new, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    def note_sync(descriptor: int) -> None:
        is_folder = Path(f"/proc/self/fd/{descriptor}").resolve().is_dir()
        done.append("folder" if is_folder else "file")

    monkeypatch.setattr(os, "rename", note_rename)
    monkeypatch.setattr(os, "fsync", note_sync)
    go(PackingDoor(newest_seq=400), tmp_path)
    assert done == ["file", "rename", "folder"]


def test_a_full_stick_takes_what_it_can_the_oldest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And leaves a twentieth of itself free."""
    door, size = PackingDoor(newest_seq=5000), 6_000

    def fstatvfs(_folder: int) -> os.statvfs_result:
        used = sum(len(content) for content in files(tmp_path).values())
        blocks, free = size // 512, (size - used) // 512
        return os.statvfs_result((512, 512, blocks, free, free, 0, 0, 0, 0, 255))

    monkeypatch.setattr(os, "fstatvfs", fstatvfs)
    with pytest.raises(StickFull):
        go(door, tmp_path)
    taken = max(seqs(door, tmp_path))
    assert 500 <= taken < 5000
    assert sum(len(content) for content in files(tmp_path).values()) <= size * 0.95
    hub = EmptyingHub()
    hub.empty(tmp_path)
    with pytest.raises(StickFull):
        go(door, tmp_path)
    assert door.settled_seq == taken
    assert min(seqs(door, tmp_path)) == taken + 1


def test_a_stick_without_room_at_all_says_so(tmp_path: Path, put: Put) -> None:
    put(_FailingOs(5, errno.ENOSPC))
    with pytest.raises(StickFull):
        go(PackingDoor(newest_seq=3), tmp_path)


def test_a_read_only_stick_still_brings_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once: it cannot be taken off the stick."""
    door = PackingDoor(newest_seq=3)
    file = down(tmp_path, door.folder, "receipt.parcel", parcel(cbor.encode(2)))

    def refuse(*_given: object, **_named: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    for call in ("unlink", "mkdir", "rename"):
        monkeypatch.setattr(os, call, refuse)
    errand = StickErrand(door, tmp_path)
    for _ in range(3):
        with pytest.raises(StickReadOnly):
            errand.go()
    monkeypatch.undo()
    assert (door.settled_seq, len(door.taken)) == (2, 1)
    assert file.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_stick_of_somebody_elses_is_read_only(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(StickReadOnly):
        go(PackingDoor(newest_seq=3), tmp_path)
    tmp_path.chmod(0o755)


def test_a_file_in_the_place_of_the_folder_is_left(tmp_path: Path) -> None:
    (tmp_path / "gapura").write_bytes(b"a file")
    with pytest.raises(StickFault):
        go(PackingDoor(newest_seq=3), tmp_path)
    assert files(tmp_path) == {"gapura": b"a file"}


def test_a_door_that_is_away_is_no_fault_of_the_sticks(tmp_path: Path) -> None:
    with pytest.raises(DoorAway):
        go(PackingDoor(away=True), tmp_path)


class ChangingDoor(PackingDoor):
    """A door that stands otherwise after so many requests for a parcel."""

    changes_after = 1
    leaves_hub = False

    def ask(self, request: Request) -> Answer:
        packed = sum(one.ask is Ask.PACK for one in self.asked)
        if request.ask is Ask.PACK and packed >= self.changes_after:
            self.has_hub = not self.leaves_hub
            self.epoch = b"second-epoch----"
        return super().ask(request)


def test_a_door_that_leaves_its_hub_meanwhile_packs_nothing_more(tmp_path: Path) -> None:
    door = ChangingDoor(newest_seq=5)
    door.leaves_hub = True
    down(tmp_path, door.folder, "receipt.parcel", parcel(cbor.encode(3)))
    assert go(door, tmp_path) == Round(brought=1)
    assert not (tmp_path / door.own_up).exists()


def test_an_epoch_that_begins_meanwhile_waits_for_the_next_round(tmp_path: Path) -> None:
    door = ChangingDoor(newest_seq=900)
    door.changes_after = 2
    assert go(door, tmp_path) == Round(carried=1)
    assert go(door, tmp_path) == Round(carried=2)
    assert seqs(door, tmp_path) == set(range(1, 901))


def test_a_file_within_another_is_passed_over(tmp_path: Path) -> None:
    door = PackingDoor(newest_seq=400)
    go(door, tmp_path)
    (whole,) = (tmp_path / door.own_up).glob("*-*.parcel")
    inside = Lot(EPOCH.hex()[:8], 2, 300)
    whole.with_name(inside.name).write_bytes(whole.read_bytes())
    door.newest_seq = 450
    assert go(door, tmp_path) == Round(carried=1)
    assert seqs(door, tmp_path) == set(range(1, 451))


def test_a_door_that_says_why_it_packs_nothing_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync.wire.link import Answer

    monkeypatch.setattr(PackingDoor, "_pack", lambda _door, _request: Answer(error="no journal"))
    with pytest.raises(UplinkError, match="no journal"):
        go(PackingDoor(), tmp_path)


def test_a_long_backlog_is_never_in_memory(tmp_path: Path) -> None:
    door = PackingDoor(newest_seq=100_000)
    tracemalloc.start()
    assert go(door, tmp_path).carried == 200
    assert tracemalloc.get_traced_memory()[1] < 2 << 20
    tracemalloc.stop()
    assert len(seqs(door, tmp_path)) == 100_000
