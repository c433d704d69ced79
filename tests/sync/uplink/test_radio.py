"""How strong the WiFi is, read as the kernel says it, and told to the door once a minute."""

import time
from pathlib import Path

import pytest

from sync.uplink.courier import Courier
from sync.uplink.radio import EVERY_S, RadioTeller, read_radio
from sync.uplink.service import Service
from sync.uplink.spool import Spool
from sync.wire.link import Ask
from tests.sync.uplink.ends import FakeDoor, FakeHub
from tests.sync.uplink.fake_time import FakeTime

# net/wireless/wext-proc.c, as of Linux 6.
HEAD = (
    "Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE\n"
    " face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22\n"
)
GOOD = " wlan0: 0000   54.  -56.  -256        0      0      0      0      0        0\n"
WEAK = " wlan1: 0000   20   -90   -256        0      0      0      7      0        0\n"
OWN_UNITS = " wlan2: 0000   54.  200.   161        0      0      0      0      0        0\n"


@pytest.mark.parametrize(
    ("lines", "dbm"),
    [
        ("", None),
        (GOOD, -56),
        (WEAK, -90),
        (GOOD + WEAK, -56),
        (WEAK + OWN_UNITS, -90),
        (OWN_UNITS, None),
        (GOOD.replace("-56.", "-500"), None),
        (GOOD.replace("-56.", "--56"), None),
        (GOOD.replace("-56.", "-"), None),
        (" wlan0: 0000\n\n", None),
    ],
)
def test_the_best_radio_counts(lines: str, dbm: int | None, tmp_path: Path) -> None:
    """What is not in dBm, or cannot be, is none."""
    file = tmp_path / "wireless"
    file.write_text(HEAD + lines)
    assert read_radio(file) == dbm


def test_without_radio_there_is_no_file(tmp_path: Path) -> None:
    assert read_radio(tmp_path / "wireless") is None


def test_the_door_is_told_once_a_minute() -> None:
    """Also that there is none: by that it sees that the courier lives."""
    clock, door = FakeTime(), FakeDoor()
    levels = iter([-60, None, -72])
    teller = RadioTeller(door, clock, lambda: next(levels))
    for _ in range(180):
        teller.tell()
        clock.pass_by(1)
    assert [request.radio_dbm for request in door.asked] == [-60, None, -72]
    assert {request.ask for request in door.asked} == {Ask.RADIO}


def test_a_door_that_is_away_is_told_the_next_time() -> None:
    clock, door = FakeTime(), FakeDoor(away_for={Ask.RADIO})
    teller = RadioTeller(door, clock, lambda: -60)
    teller.tell()
    door.away_for.clear()
    teller.tell()
    assert door.asked == []
    clock.pass_by(EVERY_S)
    teller.tell()
    assert len(door.asked) == 1


def test_it_is_told_in_the_pauses_of_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the hub is in touch or not."""
    monkeypatch.setattr(time, "time", lambda: 1_780_000_000.0)
    clock, door = FakeTime(), FakeDoor(newest_seq=1)

    def wait(seconds: float) -> bool:
        clock.pass_by(seconds)
        return clock() > 3 * EVERY_S

    service = Service(
        Courier(door, Spool(tmp_path / "down"), lambda _url, _pin: FakeHub()),
        tmp_path / "sync.json",
        wait,
        alive=lambda: None,
        meanwhile=RadioTeller(door, clock, lambda: -60).tell,
    )
    service.run()
    assert [request.ask for request in door.asked].count(Ask.RADIO) == 3
