"""Between frames the watchdog is fed each round, the rest is done when due, and nothing stops."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.health.clock import ClockCheck
from kiosk.health.finding import Check, Finding
from kiosk.health.journal import JournalCheck
from kiosk.housekeeping import Housekeeping
from kiosk.supervision import SystemdSupervisor
from sync.wire.batch import AnchorSource, Reading, State
from tests.kiosk.counter import Counter, counter
from tests.kiosk.hub import NOW_S


@dataclass(slots=True)
class ScriptedCheck:
    finding: Finding
    looks: int = 0

    def find(self) -> Finding:
        self.looks += 1
        return self.finding


@dataclass(slots=True)
class House:
    """A door with its housekeeping, and what the service manager was told."""

    desk: Counter
    status_path: Path
    checks: tuple[Check, ...]
    told: list[str] = field(default_factory=list)
    keeping: Housekeeping = field(init=False)

    def __post_init__(self) -> None:
        self.keeping = Housekeeping(
            journal=self.desk.kiosk.journal,
            standing=self.desk.standing,
            eye=self.desk.eye,
            player=self.desk.player,
            clock=self.desk.kiosk.clock,
            checks=self.checks,
            status_path=self.status_path,
            supervisor=SystemdSupervisor(self.told.append),
        )

    def rounds(self, count: int, every_ms: int = 100) -> None:
        for _ in range(count):
            self.keeping.round(self.desk.door)
            self.desk.kiosk.clock.advance(every_ms)

    def status(self) -> dict[str, object]:
        content = json.loads(self.status_path.read_text())
        assert isinstance(content, dict)
        return content


@pytest.fixture
def camera_check() -> ScriptedCheck:
    return ScriptedCheck(Finding("frame_age_ms", State.OK, "pictures come", value=40))


@pytest.fixture
def house(tmp_path: Path, camera_check: ScriptedCheck) -> Iterator[House]:
    state_dir = tmp_path / "state"
    state_dir.mkdir()
    with counter(state_dir) as desk:
        yield House(desk, tmp_path / "door.json", (camera_check,))


def test_the_watchdog_is_fed_every_round_and_readiness_is_told_once(house: House) -> None:
    house.rounds(25)
    assert house.told.count("WATCHDOG=1") == 25
    assert house.told.count("READY=1") == 1
    assert house.told.index("READY=1") > house.told.index("STATUS=ready"), "first it has looked"


def test_a_state_is_told_when_it_changes(house: House) -> None:
    house.rounds(30)
    house.desk.standing.reference = None
    house.rounds(30)
    assert [said for said in house.told if said.startswith("STATUS")] == [
        "STATUS=ready",
        "STATUS=fault-hub",
    ]


def test_checks_are_made_every_five_seconds(house: House, camera_check: ScriptedCheck) -> None:
    house.rounds(200)
    assert camera_check.looks == 4


def test_what_the_checks_found_rides_along_with_the_batch(house: House) -> None:
    assert house.keeping.readings() == ()
    house.rounds(1)
    assert house.keeping.readings() == (Reading("frame_age_ms", State.OK, 40),)


def test_a_finding_is_logged_when_its_state_changes(
    house: House, camera_check: ScriptedCheck, caplog: pytest.LogCaptureFixture
) -> None:
    bad = Finding("frame_age_ms", State.BAD, "no picture", "check the ribbon")
    with caplog.at_level(logging.INFO):
        for finding in (camera_check.finding, bad, bad, camera_check.finding):
            camera_check.finding = finding
            house.rounds(1, every_ms=5_000)
    said = [(record.levelname, record.getMessage().split(".")[0]) for record in caplog.records]
    assert said == [
        ("INFO", "frame_age_ms: pictures come"),
        ("WARNING", "frame_age_ms: no picture"),
        ("INFO", "frame_age_ms: pictures come"),
    ]


def test_door_json_says_how_the_door_is(house: House) -> None:
    house.desk.present(house.desk.kiosk.hub.issue())
    house.rounds(1)
    status = house.status()
    assert status["state"] == "ready"
    assert status["signal"] == "admit"
    assert status["caption"] == "Please come in: the pass is valid"
    assert status["label"] == "Pintu utama"
    assert status["stage"] == "enrolled"
    assert status["camera"] == "ok"
    assert (status["bundle_version"], status["newest_seq"], status["backlog"]) == (1, 1, 1)
    assert status["counts"] == {"ADMIT": 1}
    assert status["health"] == [
        {"check": "frame_age_ms", "state": "ok", "said": "pictures come", "advice": ""}
    ]


def test_door_json_names_no_person_and_no_pass(house: House) -> None:
    house.desk.present("NIK 3471010101900001")
    house.desk.present(house.desk.kiosk.hub.issue(cti=b"Cti-Budi", sub=b"Sub-Budi"))
    house.rounds(1)
    text = house.status_path.read_text()
    for secret in ("3471010101900001", "Budi", b"Cti-Budi".hex(), b"Sub-Budi".hex(), "GPS1"):
        assert secret not in text


def test_door_json_is_replaced_whole_every_second(house: House, tmp_path: Path) -> None:
    house.rounds(1)
    before = house.status_path.stat().st_ino
    house.rounds(8)
    assert house.status_path.stat().st_ino == before
    house.rounds(3)
    assert house.status_path.stat().st_ino != before
    assert not list(tmp_path.glob("*.new"))


def test_a_kiosk_of_no_hub_says_so(house: House) -> None:
    house.desk.standing.reference = None
    house.desk.standing._membership = None
    house.rounds(1)
    status = house.status()
    assert (status["label"], status["device"], status["stage"]) == ("", "", "unknown")


def test_a_full_run_directory_stops_nothing(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "door.new").mkdir()
    house.rounds(20)
    assert house.told.count("WATCHDOG=1") == 20
    assert "the status cannot be written" in caplog.text


def test_a_synchronised_clock_becomes_an_anchor(house: House) -> None:
    clock = house.desk.kiosk.clock
    clock.reboot()
    house.desk.kiosk.restart()
    house = House(house.desk, house.status_path, ())
    house.rounds(1)
    assert house.desk.kiosk.journal.now(clock.moment()).latest_ms is None
    clock.error_ms = 1025
    house.rounds(2, every_ms=60_000)
    known = house.desk.kiosk.journal.now(clock.moment())
    assert known.latest_ms is not None
    assert known.earliest_ms <= clock.wall_ms <= known.latest_ms
    (anchor,) = [a for a in house.desk.kiosk.batch().anchors if a.source is AnchorSource.NTP]
    assert anchor.error_ms == 1025


def test_an_error_of_nothing_is_not_believed(house: House) -> None:
    """Some NTP clients claim no error just after an adjustment."""
    clock = house.desk.kiosk.clock
    clock.reboot()
    house.desk.kiosk.restart()
    house = House(house.desk, house.status_path, ())
    clock.error_ms = 0
    house.rounds(1)
    (anchor,) = [a for a in house.desk.kiosk.batch().anchors if a.source is AnchorSource.NTP]
    assert anchor.error_ms == 1000


def test_a_journal_that_fails_stops_nothing(tmp_path: Path) -> None:
    """The light says what is wrong; a process that ends says nothing."""
    with counter(tmp_path) as desk:
        journal, clock = desk.kiosk.journal, desk.kiosk.clock
        checks = (JournalCheck(journal.backlog), ClockCheck(lambda: journal.now(clock.moment())))
        house = House(desk, tmp_path / "door.json", checks)
        clock.error_ms = 10
        journal.close()
        house.rounds(3, every_ms=60_000)
        status = house.status()
        assert (status["state"], status["backlog"]) == ("fault-storage", -1)
        assert [reading.state for reading in house.keeping.readings()] == [State.BAD, State.UNKNOWN]


HOUR_MS = 3_600_000
# The clock begins at ten in the morning, and the day ends at three.
TO_THE_NIGHT_MS = 17 * HOUR_MS


def _sees(house: House) -> bool:
    return house.desk.kiosk.journal.sighting(b"pass-cti") is not None


def test_at_three_in_the_morning_it_is_forgotten_who_is_inside(house: House) -> None:
    house.rounds(1)
    house.desk.present(house.desk.kiosk.hub.issue(expires_s=NOW_S + 10**6))
    spent_ms = house.desk.kiosk.clock.wall_ms - NOW_S * 1000
    house.desk.kiosk.clock.advance(TO_THE_NIGHT_MS - spent_ms - 90_000)
    house.rounds(1)
    assert _sees(house)
    assert house.desk.kiosk.journal.count_inside() == 1
    house.desk.kiosk.clock.advance(180_000)
    house.rounds(1)
    assert not _sees(house)
    assert house.desk.kiosk.journal.count_inside() == 0


def test_a_restart_in_the_day_forgets_nobody(house: House) -> None:
    house.rounds(1)
    house.desk.present(house.desk.kiosk.hub.issue())
    house.desk.kiosk.restart()
    House(house.desk, house.status_path, ()).rounds(2, every_ms=60_000)
    assert _sees(house)


def test_where_the_day_is_uncertain_nobody_is_forgotten(house: House) -> None:
    house.rounds(1)
    house.desk.present(house.desk.kiosk.hub.issue())
    house.desk.reboot()
    house.desk.kiosk.clock.advance(100 * HOUR_MS)
    House(house.desk, house.status_path, ()).rounds(2, every_ms=60_000)
    assert _sees(house)


def test_a_day_that_was_wrong_does_not_end_the_nights(house: House) -> None:
    """One bad answer of 2099 must not keep everybody inside until then."""
    clock = house.desk.kiosk.clock
    house.desk.reboot()
    clock.wall_ms, clock.error_ms = clock.wall_ms + 70 * 365 * 24 * HOUR_MS, 10
    House(house.desk, house.status_path, ()).rounds(1)
    house.desk.reboot()
    clock.wall_ms, clock.error_ms = NOW_S * 1000 + 60_000, 10
    House(house.desk, house.status_path, ()).rounds(1)
    house.desk.present(house.desk.kiosk.hub.issue())
    assert _sees(house)
    clock.advance(TO_THE_NIGHT_MS)
    House(house.desk, house.status_path, ()).rounds(1)
    assert not _sees(house)


def test_without_a_reference_there_is_no_place_and_no_night(house: House) -> None:
    house.desk.present(house.desk.kiosk.hub.issue())
    house.desk.standing.reference = None
    house.desk.kiosk.clock.advance(48 * HOUR_MS)
    house.rounds(1)
    assert _sees(house)
