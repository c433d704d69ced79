"""A hub that judges its kiosks as time goes by, and a kiosk that keeps in touch meanwhile."""

from dataclasses import dataclass, field
from datetime import timedelta

from sync.hub.fleet.health.models import Alert
from sync.hub.fleet.health.watch import Watch
from sync.hub.keyring import Keyring
from sync.wire.batch import Reading
from tests.sync.hub.conftest import PinnedClock
from tests.sync.hub.fake_door import FakeDoor, take

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(slots=True)
class Messages:
    """Remembers what it was to tell; `works` says whether it can."""

    told: list[tuple[str, str]] = field(default_factory=list)
    works: bool = True

    def tell(self, title: str, text: str) -> bool:
        if self.works:
            self.told.append((title, text))
        return self.works


@dataclass(slots=True)
class Watched:
    clock: PinnedClock
    keyring: Keyring
    messages: Messages = field(default_factory=Messages)
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(self.messages, "https://hub.example.go.id/")

    def judge(self, after: timedelta = timedelta(0)) -> None:
        self.clock.pass_by(after)
        self.watch.round(self.clock(), self.keyring)

    def hear(self, door: FakeDoor, *readings: Reading, after: timedelta = MINUTE) -> None:
        """Have the kiosk speak, and be judged by it."""
        self.clock.pass_by(after)
        door.boot_ms += int(after.total_seconds() * 1000)
        door.health = readings
        # The second batch proves that the kiosk has seen the receipt of the first.
        for _ in range(2):
            take(door.heartbeat())
        self.judge()

    def hear_for(self, span: timedelta, door: FakeDoor, *readings: Reading) -> None:
        """Have it say the same every ten minutes."""
        step = 10 * MINUTE
        for _ in range(int(span / step) + 1):
            self.hear(door, *readings, after=step)


def raised() -> dict[str, int]:
    """Return the severity of each rule that is raised and not cleared."""
    alerts = Alert.objects.filter(raised_at__isnull=False, cleared_at__isnull=True)
    return dict(alerts.values_list("rule", "severity"))
