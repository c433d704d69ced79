"""A clock that stands still until a test moves it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from kiosk.instants import Moment

NOW_MS = int(datetime(2026, 3, 2, 3, tzinfo=UTC).timestamp()) * 1000
"""A Monday, ten in the morning in Jakarta."""


@dataclass(slots=True)
class FakeClock:
    """`error_ms` is what the kernel says of its wall clock; None: not synchronised."""

    boot_ms: int = 60_000
    wall_ms: int = NOW_MS
    boot_id: bytes = field(default=b"boot-number-one!")
    error_ms: int | None = None

    def moment(self) -> Moment:
        return Moment(self.boot_id, self.boot_ms, self.wall_ms)

    def synchronisation_error_ms(self) -> int | None:
        return self.error_ms

    def advance(self, ms: int) -> None:
        self.boot_ms += ms
        self.wall_ms += ms

    def reboot(self) -> None:
        """Begin a boot in which the wall clock is not to be believed."""
        self.boot_id = bytes([(self.boot_id[0] + 1) % 256]) + self.boot_id[1:]
        self.boot_ms = 20_000
        self.error_ms = None
