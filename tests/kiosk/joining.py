"""A kiosk that begins as an identical card does, and whose process a test starts again."""

from pathlib import Path

from kiosk.journal.door_keys import DoorKeys, load_keys
from kiosk.journal.journal import Journal
from kiosk.standing import Standing
from tests.kiosk.fake_clock import FakeClock
from tests.kiosk.hub import Hub

BOARD = "board-1/card-1"


class Kiosk:
    """`hub` is the hub that it is going to belong to."""

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir
        self.clock = FakeClock()
        self.hub = Hub(lambda: self.clock.wall_ms)
        self.start()

    @property
    def keys(self) -> DoorKeys:
        keys = load_keys(self.state_dir / "door.key")
        assert keys is not None
        return keys

    def start(self) -> None:
        self.journal = Journal(self.state_dir / "journal.db", deadline_s=10)
        self.standing = Standing(self.state_dir, self.journal, BOARD, self.clock.moment)

    def restart(self) -> None:
        self.journal.close()
        self.start()

    def give_bundle(self, version: int = 1, hub: Hub | None = None) -> None:
        self.standing.take_bundle((hub or self.hub).bundle(self.keys, version=version))
