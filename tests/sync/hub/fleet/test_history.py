"""What kiosks tell is kept by the hour, in one statement a batch; on both databases."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from sync.hub.fleet.health import history
from sync.hub.fleet.health.models import HourlyReading
from sync.hub.keyring import Keyring
from sync.wire.batch import Reading, State
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import an_enrolled_door, take


def _row(name: str) -> tuple[int, int, int]:
    found = HourlyReading.objects.filter(name=name).order_by("-hour").first()
    assert found is not None
    return found.low, found.high, found.last


def test_an_hour_is_one_row(keyring: Keyring, clock: PinnedClock) -> None:
    """With the lowest, the highest and the last value; what has no value has no row."""
    door = an_enrolled_door(keyring)
    for value in (50, 71, 44, 60):
        door.health = (Reading("temperature_c", State.OK, value), Reading("lamp", State.OK))
        door.boot_ms += 1000
        take(door.heartbeat())
    assert _row("temperature_c") == (44, 71, 60)
    assert not HourlyReading.objects.filter(name="lamp").exists()
    clock.pass_by(timedelta(hours=1))
    take(door.heartbeat())
    assert _row("temperature_c") == (60, 60, 60)
    assert HourlyReading.objects.filter(name="temperature_c").count() == 2


def test_an_older_batch_changes_no_history(keyring: Keyring) -> None:
    """One that lay on a stick, or that somebody shows again."""
    door = an_enrolled_door(keyring)
    door.health = (Reading("temperature_c", State.OK, 90),)
    old = door.batch()
    door.boot_ms += 1000
    door.health = (Reading("temperature_c", State.OK, 50),)
    take(door.heartbeat())
    take(door.post(old))
    assert _row("temperature_c") == (50, 50, 50)


def test_a_batch_costs_one_statement_more(keyring: Keyring) -> None:
    door = an_enrolled_door(keyring)
    take(door.heartbeat())
    door.health = tuple(Reading(f"check_{number}_c", State.OK, number) for number in range(30))
    with CaptureQueriesContext(connection) as queries:
        take(door.heartbeat())
    assert sum("fleet_health" in q["sql"] or "health_hourly" in q["sql"] for q in queries) == 1


def test_a_door_that_invents_checks_fills_no_table(keyring: Keyring) -> None:
    """Sixty readings of the largest numbers."""
    door = an_enrolled_door(keyring)
    largest = 2**63 - 1
    door.health = tuple(Reading(f"odd\0{number}", State.BAD, largest) for number in range(60))
    take(door.heartbeat())
    assert HourlyReading.objects.count() == 40
    assert HourlyReading.objects.filter(name=history.BOOTS, last=1).exists()


def test_what_is_old_is_forgotten(keyring: Keyring) -> None:
    door = an_enrolled_door(keyring)
    for days in (89, 91):
        history.record(door.row.pk, (), {"boots": 1}, NOW - timedelta(days=days))
    history.forget_old(NOW)
    assert HourlyReading.objects.count() == 1


def test_the_kiosk_took_what_it_was_told(keyring: Keyring, clock: PinnedClock) -> None:
    """When the content was issued, and when the hub heard that it was taken."""
    door = an_enrolled_door(keyring)
    clock.pass_by(timedelta(minutes=7))
    take(door.heartbeat())
    clock.pass_by(timedelta(minutes=7))
    take(door.heartbeat())
    assert door.row.issued_at == NOW
    assert door.row.taken_at == NOW + timedelta(minutes=7)
