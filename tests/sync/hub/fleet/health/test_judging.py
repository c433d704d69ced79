"""When judgements become alerts, and when alerts end."""

from datetime import timedelta

from sync.hub.fleet.health.models import Alert, Maintenance, Severity
from sync.hub.fleet.models import Device, DeviceStatus, OpeningHours
from sync.hub.keyring import Keyring
from sync.wire.batch import Reading, State
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door, take
from tests.sync.hub.fleet.health.watching import HOUR, MINUTE, Watched, raised

HOT, COOL = Reading("temperature_c", State.BAD, 82), Reading("temperature_c", State.OK, 50)
WEAK = Reading("under_voltage", State.BAD, 1)


def test_what_comes_and_goes_is_one_alert(hub: Watched, door: FakeDoor) -> None:
    """A value that flickers about its limit makes no news each time."""
    for _ in range(3):
        hub.hear(door, HOT)
        hub.hear(door, COOL)
    assert Alert.objects.filter(rule="temperature").count() == 1
    assert "temperature" in raised()
    hub.hear(door, COOL, after=5 * MINUTE)
    assert "temperature" not in raised()
    hub.hear(door, HOT)
    assert Alert.objects.filter(rule="temperature").count() == 2


def test_a_closed_site_is_judged_for_power_and_storage_alone(hub: Watched, door: FakeDoor) -> None:
    """It is ten o'clock on a Monday there, and the site opens on Tuesdays."""
    site = door.row.door.site
    OpeningHours.objects.create(site=site, weekday=1, opens="08:00", closes="16:00")
    hub.hear(door, HOT, WEAK)
    assert raised() == {"under_voltage": Severity.CRITICAL}
    hub.judge(5 * HOUR)
    assert "last_seen" not in raised()


def test_silence_counts_from_the_opening(hub: Watched, door: FakeDoor) -> None:
    """A kiosk that is switched off at night is not silent in the morning."""
    site = door.row.door.site
    for weekday in range(5):
        OpeningHours.objects.create(site=site, weekday=weekday, opens="08:00", closes="16:00")
    hub.hear(door)
    hub.judge(timedelta(hours=22, minutes=10))
    assert "last_seen" not in raised()
    hub.judge(6 * MINUTE)
    assert raised()["last_seen"] == Severity.WARNING


def test_maintenance_is_no_news(hub: Watched, door: FakeDoor) -> None:
    now = hub.clock()
    Maintenance.objects.create(site=door.row.door.site, begins=now, ends=now + HOUR)
    hub.hear(door, HOT)
    assert raised() == {}
    hub.hear(door, HOT, after=HOUR)
    assert "temperature" in raised()


def test_a_silent_kiosks_last_words_are_not_judged_again(hub: Watched, door: FakeDoor) -> None:
    """What was bad stays so until it is known to be well."""
    hub.hear(door, HOT)
    hub.judge(3 * HOUR)
    assert {"temperature", "last_seen"} <= set(raised())


def test_a_revoked_kiosk_needs_nobody(hub: Watched, door: FakeDoor) -> None:
    hub.hear(door, HOT)
    Device.objects.update(status=DeviceStatus.REVOKED)
    hub.judge()
    assert raised() == {}


def test_a_mended_fault_that_was_never_raised_leaves_no_trace(hub: Watched, door: FakeDoor) -> None:
    hub.hear(door, Reading("lens_dark", State.BAD))
    hub.hear(door, Reading("lens_dark", State.OK))
    assert not Alert.objects.filter(rule="lens_dark").exists()


def test_queries_do_not_grow_with_kiosks(hub: Watched, door: FakeDoor, keyring: Keyring) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        hub.judge(MINUTE)
        with CaptureQueriesContext(connection) as queries:
            hub.judge(MINUTE)
        return len(queries)

    hub.hear(door, HOT)
    few = count()
    for number in range(12):
        other = an_enrolled_door(keyring, f"Pintu {number}")
        other.health = (HOT,)
        take(other.heartbeat())
    assert count() == few


def test_the_command_judges_once(hub: Watched, door: FakeDoor) -> None:
    """As a timer would call it."""
    from sync.hub.__main__ import main

    door.health = (HOT,)
    for _ in range(2):
        take(door.heartbeat())
    assert main(["watch", "--once"]) == 0
    assert "temperature" in raised()
