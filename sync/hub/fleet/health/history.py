"""What kiosks told, hour by hour: one row a kiosk, check and hour."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from sync.hub.clock import unix_ms
from sync.hub.fleet.health.models import Alert, HourlyReading
from sync.hub.storable import storable_text
from sync.wire.batch import Reading

BOOTS = "boots"
"""The name under which boots are counted: no kiosk tells them."""

HOUR_MS = 3_600_000
KEPT_FOR = timedelta(days=90)
CLEARED_KEPT_FOR = timedelta(days=365)
# A kiosk has some twenty checks: who sends more invents them.
_MOST = 40
_COLUMNS = ("device_id", "name", "hour", "low", "high", "last")


def hour_of(at: datetime) -> int:
    return unix_ms(at) // HOUR_MS


def record(
    device_id: int, told: Iterable[Reading], counts: Mapping[str, int], at: datetime
) -> None:
    """Take what a batch says into its hour's rows, with one statement.

    `counts` are further values, by name, that the hub knows itself.
    """
    values = {
        storable_text(reading.check): reading.value for reading in told if reading.value is not None
    }
    rows = list({**values, **counts}.items())[-_MOST:]
    if not rows:
        return
    hour = hour_of(at)
    places = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
    parameters: list[str | int] = []
    for name, value in sorted(rows):
        parameters += (device_id, name, hour, value, value, value)
    with connection.cursor() as cursor:
        cursor.execute(_upsert(places), parameters)


def _upsert(places: str) -> str:
    """SQLite's MIN and MAX of several values are PostgreSQL's LEAST and GREATEST."""
    least, greatest = ("LEAST", "GREATEST") if connection.vendor == "postgresql" else ("MIN", "MAX")
    table = HourlyReading._meta.db_table
    return (
        f"INSERT INTO {table} ({', '.join(_COLUMNS)}) VALUES {places} "  # noqa: S608
        "ON CONFLICT (device_id, name, hour) DO UPDATE SET "
        f"low = {least}({table}.low, excluded.low), "
        f"high = {greatest}({table}.high, excluded.high), last = excluded.last"
    )


def forget_old(now: datetime) -> None:
    """Delete what nobody looks at any more."""
    with transaction.atomic():
        HourlyReading.objects.filter(hour__lt=hour_of(now - KEPT_FOR)).delete()
        Alert.objects.filter(cleared_at__lt=now - CLEARED_KEPT_FOR).delete()
