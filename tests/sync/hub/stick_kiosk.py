"""A real kiosk without a network: its journal, its desk, and a courier that knows sticks alone."""

from pathlib import Path

from kiosk.courier.desk import Desk
from kiosk.journal.entries import Note
from kiosk.journal.journal import Journal
from kiosk.standing import Standing
from sync.hub import clock
from sync.hub.clock import unix_ms
from sync.hub.fleet.cards import make_card
from sync.hub.keyring import Keyring
from sync.uplink.stick_errand import Round, StickErrand
from sync.wire.entry import Kind, WallClock
from sync.wire.link import Answer, Request
from tests.kiosk.fake_clock import FakeClock
from tests.sync.hub.fake_door import HUB_URL, a_place, a_visit

BOARD = "board-1/card-1"


class StickKiosk:
    """`label` is its door's, which is made at the hub for it."""

    def __init__(self, state_dir: Path, keyring: Keyring, label: str = "Pintu desa") -> None:
        state_dir.mkdir(parents=True, exist_ok=True)
        self.state_dir = state_dir
        self.clock = FakeClock(wall_ms=unix_ms(clock.now()))
        self.start()
        card = make_card(a_place(label), keyring, HUB_URL, clock.now())
        self.standing.show_card(card.text)

    def start(self) -> None:
        """Begin the process, as after a power cut."""
        self.journal = Journal(self.state_dir / "journal.db", deadline_s=30)
        self.standing = Standing(self.state_dir, self.journal, BOARD, self.clock.moment)
        self.desk = Desk(self.journal, self.standing, lambda: (), self.clock.moment, "gapura test")

    def ask(self, request: Request) -> Answer:
        return self.desk.answer(request)

    def use(self, stick: Path) -> Round:
        """Put the stick in for one round."""
        stick.mkdir(exist_ok=True)
        return StickErrand(self, stick).go()

    def see(self, count: int) -> None:
        for _ in range(count):
            self.clock.advance(1000)
            moment = self.clock.moment()
            self.journal.record(Note(Kind.VISIT, a_visit().to_bytes(), moment, WallClock.UNSET))

    @property
    def device(self) -> bytes:
        membership = self.standing.membership
        assert membership is not None
        return membership.device

    def close(self) -> None:
        self.journal.close()
