"""A door that is assembled whole tells of itself, and a courier of the radio."""

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from kiosk import assembly
from kiosk.door import Door
from kiosk.handover import ACCEPTANCE_FILE
from kiosk.journal.journal import Journal
from kiosk.journal.outgoing import Circumstance
from kiosk.standing import Standing
from kiosk.supervision import Unsupervised
from sync.uplink.door import DoorSocket
from sync.wire.link import Ask, Request, StickState
from sync.wire.visit import Event, read_event
from tests.kiosk.joining import Kiosk
from tests.kiosk.test_assembly import configuration


class House:
    """A kiosk that belongs to a hub; each `run` is one process of its door."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "state").mkdir(mode=0o700)
        self.kiosk = Kiosk(root / "state")
        self.kiosk.standing.show_card(self.kiosk.hub.card())
        self.kiosk.give_bundle()
        self.kiosk.journal.close()

    def run(self, rounds: int = 3, asking: tuple[Request, ...] = ()) -> None:
        with ExitStack() as stack:
            door = assembly.build_door(configuration(self.root), Unsupervised(), stack)
            socket = DoorSocket(self.root / "run" / "courier.sock", timeout_s=10)
            for request in asking:
                assert not socket.ask(request).error
            self._go(door, rounds)

    def crash(self) -> None:
        with ExitStack() as stack:
            self._go(assembly.build_door(configuration(self.root), Unsupervised(), stack), 1)
            raise ZeroDivisionError

    def _go(self, door: Door, rounds: int) -> None:
        left = iter(range(rounds + 1))
        door.run(lambda: next(left) == rounds)

    def events(self) -> list[Event]:
        """Return what the hub reads of all that the door has written since this was asked."""
        kiosk = self.kiosk
        known = sum(len(kept.bodies) for kept in kiosk.hub.kept.values())
        journal = Journal(kiosk.state_dir / "journal.db", deadline_s=10)
        Standing(kiosk.state_dir, journal, "simulated", kiosk.clock.moment)
        circumstance = Circumstance(kiosk.clock.moment(), (), 0, "gapura test")
        message = journal.next_batch(0, 500, circumstance).message
        receipt = kiosk.hub.take(message, kiosk.keys.signing_public)
        journal.apply_receipt(receipt, kiosk.clock.moment())
        journal.close()
        bodies = [body for kept in kiosk.hub.kept.values() for body in kept.bodies]
        return [read_event(body) for body in bodies[known:]]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_day_at_the_door(house: House) -> None:
    """Its start, its board and its rules; once; then only that it starts and ends."""
    house.run()
    first = house.events()
    assert {"start", "board", "rules_taken"} <= {event.name for event in first}
    assert first[-1] == Event("stop")
    (start,) = (event for event in first if event.name == "start")
    assert start.detail == assembly.software()
    (board,) = (event for event in first if event.name == "board")
    assert board.detail == "simulated"
    house.run()
    assert [event.name for event in house.events()][-2:] == ["start", "stop"]


def test_an_end_that_nobody_asked_for(house: House) -> None:
    with pytest.raises(ZeroDivisionError):
        house.crash()
    assert house.events()[-1] == Event("fault", detail="ZeroDivisionError")


def test_what_the_courier_says(house: House) -> None:
    """A stick is told in the journal, the radio's strength beside the door's own health."""
    house.run(asking=(Request(Ask.STICK, stick=StickState.DONE), Request(Ask.RADIO, radio_dbm=-85)))
    assert "stick_done" in {event.name for event in house.events()}
    status = json.loads((house.root / "run" / "door.json").read_text())
    said = {finding["check"]: finding["state"] for finding in status["health"]}
    assert said["wifi_dbm"] == "bad"
    assert "commit_ms" in said


def test_no_event_names_anybody(house: House) -> None:
    """A name is one of a closed set, and what stands beside it is software or a board."""
    house.run()
    for event in house.events():
        assert event.detail in {"", assembly.software(), "simulated"}


def test_what_a_technician_has_signed_off_at_the_bench(house: House) -> None:
    house.run()
    house.events()
    event = Event("acceptance", 0, is_bad=False, detail="AB 2026-02-03 0badcafe")
    (house.root / "state" / ACCEPTANCE_FILE).write_bytes(event.to_bytes())
    for expected in ([event], []):
        house.run(rounds=9)
        assert [told for told in house.events() if told.name == "acceptance"] == expected
    assert not (house.root / "state" / ACCEPTANCE_FILE).exists()
