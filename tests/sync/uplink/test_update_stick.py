"""An update on a stick is taken where the kiosk has use for it, also where the door is dead."""

from pathlib import Path

import pytest

from provisioning.updates.telling import NAME, Report, write_report
from sync.uplink.errors import DoorAway
from sync.uplink.stick_errand import StickErrand
from sync.uplink.update_box import READY, UpdateBox
from sync.wire.parcel import ROOT
from sync.wire.update import STICK_FOLDER
from tests.provisioning.updates.updates import make_update
from tests.sync.uplink.stick_ends import PackingDoor


class Stick:
    def __init__(self, root: Path) -> None:
        self.root = root / "stick"
        self.folder = self.root / ROOT / STICK_FOLDER
        self.folder.mkdir(parents=True)
        self.kiosk = root / "kiosk"
        self.kiosk.mkdir()
        self.made = root / "made"
        self.made.mkdir()
        write_report(self.kiosk, Report("0.1.0"))
        self.box = UpdateBox(self.kiosk / "update", self.kiosk / NAME)
        self.door = PackingDoor(newest_seq=2)
        self.errand = StickErrand(self.door, self.root, box=self.box)

    def add(self, version: str) -> bytes:
        file = make_update(self.made, version)
        file.rename(self.folder / file.name)
        return (self.folder / file.name).read_bytes()

    @property
    def ready(self) -> Path:
        return self.kiosk / "update" / READY


@pytest.fixture
def stick(tmp_path: Path) -> Stick:
    return Stick(tmp_path)


def test_the_newest_one_is_taken_and_stays_on_the_stick(stick: Stick) -> None:
    stick.add("0.2.0")
    newest = stick.add("0.10.0")
    stick.add("0.9.9")
    assert stick.errand.go().carried == 1
    assert stick.ready.read_bytes() == newest
    assert stick.ready.stat().st_mode & 0o777 == 0o640
    assert len(list(stick.folder.iterdir())) == 3


def test_a_dead_door_does_not_keep_it_away(stick: Stick) -> None:
    stick.add("0.2.0")
    stick.door.away = True
    with pytest.raises(DoorAway):
        stick.errand.go()
    assert stick.ready.exists()


def test_it_is_taken_once_though_the_stick_stays_in(stick: Stick) -> None:
    stick.add("0.2.0")
    stick.errand.go()
    stick.ready.unlink()
    stick.errand.go()
    assert not stick.ready.exists()


def test_what_a_file_was_refused_for_another_may_do_better(stick: Stick) -> None:
    stick.add("0.2.0")
    write_report(stick.kiosk, Report("0.1.0", trouble="damaged", refused="0.2.0"))
    stick.errand.go()
    assert stick.ready.exists()


@pytest.mark.parametrize(
    "report", [Report("0.2.0"), Report("0.1.0", failed="0.2.0", unwanted=("0.2.0",))]
)
def test_what_is_not_wanted_is_left(stick: Stick, report: Report) -> None:
    stick.add("0.2.0")
    write_report(stick.kiosk, report)
    stick.errand.go()
    assert not stick.ready.exists()


def test_what_is_no_update_harms_nothing(stick: Stick) -> None:
    content = stick.add("0.2.0")
    (stick.folder / "gapura-0.2.0-aarch64.update").write_bytes(content[:-1])
    (stick.folder / "a.update").write_bytes(b"")
    (stick.folder / "b.update").write_bytes(content[:30])
    (stick.folder / "c.update").mkdir()
    (stick.folder / "d.update").symlink_to("/etc/passwd")
    (stick.folder / "e.txt").write_bytes(content)
    assert stick.errand.go().carried == 1
    assert not stick.ready.exists()


def test_without_room_visits_are_carried_all_the_same(
    stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick.add("0.2.0")
    monkeypatch.setattr("sync.uplink.update_box._KEPT_FREE_BYTES", 1 << 60)
    assert stick.errand.go().carried == 1
    assert not stick.ready.exists()
