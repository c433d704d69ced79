"""A card before the camera, in one or several codes, and the light's code for what is missing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.handover import CARD_FILE, ENROLLED_FILE, OFFERED_FILE, Handover
from kiosk.signalling.cue import Signal
from kiosk.standing import Stage
from kiosk.technician import Technician
from sync.wire.card_parts import split_card
from tests.kiosk.counter import Counter, counter
from tests.kiosk.hub import NOW_S, Hub
from tests.kiosk.joining import Kiosk


class Visit:
    """A technician at a kiosk."""

    def __init__(self, folder: Path) -> None:
        for name in ("state", "run", "setup"):
            (folder / name).mkdir()
        self.kiosk = Kiosk(folder / "state")
        self.run, self.setup = folder / "run", folder / "setup"
        self.begin()

    def begin(self) -> None:
        handover = Handover(self.run, self.setup)
        self.technician = Technician(
            self.kiosk.standing, handover, lambda: self.kiosk.clock.boot_ms
        )

    def look_round(self) -> Signal | None:
        self.kiosk.clock.advance(1500)
        return self.technician.look_round()

    def tell(self, courier: str = "", **report: str) -> Signal:
        (self.run / "sync.json").write_text(json.dumps({"state": courier}))
        (self.setup / "report.json").write_text(json.dumps(report))
        return self.technician.waits_for()


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    visit = Visit(tmp_path)
    yield visit
    visit.kiosk.journal.close()


def test_a_card_in_parts_is_answered_part_by_part_and_handed_over_whole(visit: Visit) -> None:
    card = visit.kiosk.hub.card()
    *first, last = reversed(split_card(card))
    assert first
    assert {visit.technician.show(part) for part in first} == {Signal.CARD_PART}
    assert visit.kiosk.standing.membership is None
    assert visit.technician.show(last) is Signal.CARD_TAKEN
    assert visit.kiosk.standing.stage is Stage.ASKING
    assert (visit.run / CARD_FILE).read_text() == card


def test_a_whole_card_will_do(visit: Visit) -> None:
    assert visit.technician.show(visit.kiosk.hub.card()) is Signal.CARD_TAKEN


def test_parts_that_do_not_fit_are_refused_and_handed_to_nobody(visit: Visit) -> None:
    *first, last = split_card(visit.kiosk.hub.card())
    for part in first:
        visit.technician.show(part)
    bent = last[:-3] + ("000" if last[-3:] != "000" else "111")
    assert visit.technician.show(bent) is Signal.FAULT_CONFIGURATION
    assert visit.technician.show("GPC1:JUNK") is Signal.FAULT_CONFIGURATION
    assert list(visit.run.iterdir()) == []
    assert visit.kiosk.standing.stage is Stage.UNKNOWN


def test_the_helper_hears_once_that_the_kiosk_is_enrolled(visit: Visit) -> None:
    visit.technician.show(visit.kiosk.hub.card())
    assert visit.look_round() is None
    assert not (visit.run / ENROLLED_FILE).exists()
    visit.kiosk.give_bundle()
    visit.look_round()
    path = visit.run / ENROLLED_FILE
    assert bytes.fromhex(path.read_text()) == visit.kiosk.hub.root_public
    path.unlink()
    visit.look_round()
    assert not path.exists()


def test_a_card_from_a_file_is_taken_and_not_handed_back(visit: Visit) -> None:
    (visit.setup / OFFERED_FILE).write_text(visit.kiosk.hub.card())
    assert visit.look_round() is Signal.CARD_TAKEN
    assert visit.look_round() is None
    assert not (visit.run / CARD_FILE).exists()
    # The file stays until the kiosk is enrolled: a restart is no second card.
    visit.begin()
    assert visit.look_round() is None
    visit.kiosk.give_bundle()
    visit.begin()
    assert visit.look_round() is None


def test_each_step_has_its_code(visit: Visit) -> None:
    assert visit.tell() is Signal.FAULT_CONFIGURATION
    assert visit.tell("no-hub", outcome="failed", step="configuration") is (
        Signal.FAULT_CONFIGURATION
    )
    assert visit.tell(outcome="failed", step="storage") is Signal.FAULT_STORAGE
    visit.technician.show(visit.kiosk.hub.card())
    for courier, report, signal in (
        ("", {}, Signal.FAULT_HUB),
        ("no-network", {}, Signal.FAULT_NETWORK),
        ("portal", {}, Signal.FAULT_NETWORK),
        ("starting", {"outcome": "failed", "step": "network"}, Signal.FAULT_NETWORK),
        ("starting", {"outcome": "done", "step": ""}, Signal.FAULT_HUB),
        # A cable leads to the hub, whatever became of the WiFi.
        ("refused", {"outcome": "failed", "step": "network"}, Signal.FAULT_HUB),
        ("hub-away", {"outcome": "failed", "step": "network"}, Signal.FAULT_HUB),
        ("no-network", {"outcome": "failed", "step": "storage"}, Signal.FAULT_STORAGE),
    ):
        assert visit.tell(courier, **report) is signal, (courier, report)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Counter]:
    with counter(tmp_path) as made:
        yield made


def test_a_card_whose_codes_take_turns_makes_no_sound(desk: Counter) -> None:
    """It comes again every few seconds: that is no visitor who was read just now."""
    parts = split_card(desk.kiosk.hub.card(token=b"another token 16", issued_at_s=NOW_S + 60))
    for _ in range(3):
        for part in parts:
            desk.kiosk.clock.advance(2000)
            desk.show(part)
    assert Signal.SEEN_ALREADY not in desk.player.shown
    assert desk.player.shown == [Signal.CARD_PART] * (len(parts) - 1) + [Signal.CARD_TAKEN]
    assert desk.visits() == []


def test_an_enrolled_door_says_which_card_it_does_not_take(desk: Counter) -> None:
    """One flash for a card of another hub, an old or a used one; nothing changes by it."""
    before = desk.standing.membership
    assert before is not None
    desk.kiosk.journal.move(before, NOW_S)
    own = desk.kiosk.hub
    token, later_s = b"another token 16", NOW_S + 60
    for text in (
        Hub().card(token=token, issued_at_s=later_s),
        own.card(),
        own.card(token=token, issued_at_s=NOW_S - 60),
        own.card(token=token, issued_at_s=later_s, door=b"another1"),
        own.card(token=token, issued_at_s=later_s, expires_s=NOW_S - 1),
        own.card(token=token, issued_at_s=later_s, key=own.pass_key),
        "GPC1:",
    ):
        desk.present(text)
        assert desk.shows() is Signal.FAULT_CONFIGURATION, text
    assert desk.standing.membership == before
    assert desk.visits() == []
