"""What changes about a kiosk is told once, by what a hub reads."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.changes import COURIER_SILENT_MS, Changes
from kiosk.handover import ACCEPTANCE_FILE, SignedOff
from kiosk.health.finding import Finding
from sync.wire.batch import State
from sync.wire.link import StickState
from sync.wire.visit import Event
from tests.kiosk.enrolled import BOARD
from tests.kiosk.events import Diarist, diarist

OK, BAD, UNKNOWN = State.OK, State.BAD, State.UNKNOWN


@dataclass(slots=True)
class Scene:
    """A kiosk whose state a test changes between two looks."""

    diary: Diarist
    findings: list[Finding] = field(default_factory=list)
    rules: int = 0
    has_shift: bool = False
    asked_boot_ms: int | None = None
    courier_speaks: bool = True
    signed_off: SignedOff | None = None
    changes: Changes = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self, board: str = BOARD) -> None:
        self.changes = Changes(
            self.diary.logbook,
            board=board,
            epoch=self.diary.kiosk.journal.epoch,
            rules=lambda: self.rules,
            has_shift=lambda: self.has_shift,
            asked_boot_ms=lambda: self.asked_boot_ms,
            signed_off=self.signed_off,
        )

    def restart(self, board: str = BOARD) -> None:
        self.diary.kiosk.restart(board)
        self.diary.open()
        self.start(board)

    def look(self, after_ms: int = 300_000) -> list[Event]:
        """Look twice, for the second look sees that the first was written; return what is new."""
        known = len(self.diary.kiosk.bodies())
        clock = self.diary.kiosk.clock
        clock.advance(after_ms)
        if self.courier_speaks:
            self.asked_boot_ms = clock.boot_ms
        for _ in range(2):
            self.changes.look(self.findings, clock.moment(), 0)
            self.diary.kiosk.journal.backlog()
        return self.diary.events()[known:]

    def find(self, check: str, state: State, value: int | None = None) -> list[Event]:
        self.findings = [Finding(check, state, "so it is", value=value)]
        return self.look()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with diarist(tmp_path) as diary:
        found = Scene(diary)
        assert found.look() == [Event("board", detail=BOARD)]
        yield found


def test_a_check_is_told_when_it_turns_bad_and_well(scene: Scene) -> None:
    """Not when it cannot be told, and not at the begin, when all is as it should be."""
    assert scene.find("frame_age_ms", OK, 40) == []
    assert scene.find("frame_age_ms", BAD, 6_000) == [Event("frame_age_ms", 6_000, is_bad=True)]
    assert scene.find("frame_age_ms", BAD, 11_000) == []
    assert scene.find("frame_age_ms", UNKNOWN) == []
    assert scene.find("frame_age_ms", OK, 30) == [Event("frame_age_ms", 30, is_bad=False)]


def test_what_was_bad_before_a_restart_is_no_news(scene: Scene) -> None:
    assert len(scene.find("card_errors", BAD, 3)) == 1
    scene.restart()
    assert scene.look() == []
    assert scene.find("card_errors", OK, 0) == [Event("card_errors", 0, is_bad=False)]


def test_each_salvage_is_told_once(scene: Scene) -> None:
    assert scene.find("damaged_journals", OK, 0) == []
    assert scene.find("damaged_journals", BAD, 1) == [Event("journal_salvaged", 1)]
    scene.restart()
    assert scene.look() == []
    assert scene.find("damaged_journals", BAD, 2) == [Event("journal_salvaged", 2)]


def test_rules_are_told_when_they_are_in_force(scene: Scene) -> None:
    assert scene.find("bundle_version", BAD) == []
    scene.rules = 4
    assert scene.look() == [Event("rules_taken", 4)]
    scene.restart()
    assert scene.look() == []
    scene.rules = 5
    assert scene.look() == [Event("rules_taken", 5)]


def test_a_shift_opens_and_is_over(scene: Scene) -> None:
    scene.has_shift = True
    assert scene.look() == [Event("shift", 1)]
    assert scene.look() == []
    scene.restart()
    scene.has_shift = False
    assert scene.look() == [Event("shift", 0)]


def test_a_courier_that_falls_silent(scene: Scene) -> None:
    """From the start, or later; one that speaks from the begin is no news."""
    assert scene.look() == []
    scene.courier_speaks = False
    assert scene.look(COURIER_SILENT_MS) == []
    assert scene.look(1) == [Event("courier", is_bad=True)]
    assert scene.look(COURIER_SILENT_MS) == []
    scene.courier_speaks = True
    assert scene.look() == [Event("courier", is_bad=False)]
    scene.restart()
    scene.courier_speaks, scene.asked_boot_ms = False, None
    assert scene.look(0) == scene.look(COURIER_SILENT_MS) == []
    assert scene.look(1) == [Event("courier", is_bad=True)]


@pytest.mark.parametrize(("step_ms", "said_s"), [(-86_400_000, -86_400), (2_000, 2), (1_999, None)])
def test_a_clock_that_is_put_right(scene: Scene, step_ms: int, said_s: int | None) -> None:
    """By how much; what only slews says nothing."""
    scene.diary.kiosk.clock.wall_ms += step_ms
    assert scene.look() == ([] if said_s is None else [Event("clock_set_s", said_s)])


def test_a_stick_is_told_once_as_long_as_it_stays_in(scene: Scene) -> None:
    """The last of these: each at its own time, as the courier says them."""
    changes = scene.changes
    for _ in range(9):
        for state in (StickState.BUSY, StickState.DONE):
            changes.stick(state)
    assert scene.look() == [Event("stick_done", ago_s=300)]
    for state in (StickState.ABSENT, StickState.BUSY, StickState.READ_ONLY, StickState.FULL):
        changes.stick(state)
    changes.stick(StickState.FAULTY)
    names = [event.name for event in scene.look()]
    assert names == ["stick_read_only", "stick_full", "stick_faulty"]


def test_every_epoch_says_on_which_board_it_is_written(scene: Scene) -> None:
    scene.restart()
    assert scene.look() == []
    scene.restart("another board/card-1")
    assert scene.look() == [Event("board", detail="another board/card-1")]
    scene.restart(BOARD)
    assert scene.look() == [Event("board", detail=BOARD)]


def test_a_kiosk_of_no_hub_has_nothing_to_say_of_its_board(scene: Scene) -> None:
    changes = Changes(
        scene.diary.logbook,
        board=BOARD,
        epoch=lambda: None,
        rules=lambda: 0,
        has_shift=lambda: False,
        asked_boot_ms=lambda: None,
    )
    scene.changes = changes
    assert scene.look() == []


def test_an_acceptance_is_told_once_over_restarts_and_the_next_one_again(
    scene: Scene, tmp_path: Path
) -> None:
    """The bench leaves it while the door is stopped; it is there until it is in the journal."""
    left = tmp_path / ACCEPTANCE_FILE
    for event in (
        Event("acceptance", 0, is_bad=False, detail="AB 2026-02-03 0badcafe"),
        Event("acceptance", 1, is_bad=True, detail="CD 2026-02-04 deadbeef"),
    ):
        left.write_bytes(event.to_bytes())
        scene.signed_off = SignedOff(tmp_path)
        scene.restart()
        assert scene.look() == [event]
        assert scene.look() == []
        assert not left.exists()
        scene.restart()
        assert scene.look() == []


def test_an_acceptance_that_is_left_a_second_time_is_told_once(
    scene: Scene, tmp_path: Path
) -> None:
    """A power cut between the journal and the file."""
    event = Event("acceptance", 0, is_bad=False, detail="AB 2026-02-03 0badcafe")
    told = []
    for _ in range(2):
        (tmp_path / ACCEPTANCE_FILE).write_bytes(event.to_bytes())
        scene.signed_off = SignedOff(tmp_path)
        scene.restart()
        told += scene.look()
    assert told == [event]
    assert not (tmp_path / ACCEPTANCE_FILE).exists()


def test_an_acceptance_waits_for_a_hub_that_could_read_it(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / ACCEPTANCE_FILE).write_bytes(Event("acceptance", 0, is_bad=False).to_bytes())
    scene.signed_off = SignedOff(tmp_path)
    scene.start()
    scene.diary.logbook._may_write = lambda: False
    assert scene.look() == []
    assert (tmp_path / ACCEPTANCE_FILE).exists()
