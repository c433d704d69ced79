"""The one place where the hub asks for the time, so that tests can pin it."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def unix_ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def from_unix_s(time_s: int) -> datetime:
    return datetime.fromtimestamp(time_s, UTC)
