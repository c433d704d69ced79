"""What was revoked after the backup is forgotten by no door before somebody has done it again."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from kiosk.passes.claims import ANY_UNIT, PassType
from sync.hub import installation
from sync.hub.attendance.passing import catch_up
from sync.hub.errors import CommandFault, HomeFault
from sync.hub.fleet.health.models import Alert, Severity
from sync.hub.fleet.health.watch import Watch
from sync.hub.fleet.models import Restore
from sync.hub.fleet.restored import confirm, is_unconfirmed, take_note
from sync.hub.home import Home
from sync.hub.ingest.parcels import bundles_for
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order, issue
from sync.hub.people.revocation import revoke
from sync.hub.privacy.kinds import Event
from sync.hub.privacy.models import AuditRecord
from sync.hub.restore_mark import RestoreMark, write_mark
from sync.hub.web.roles import Role
from sync.wire.visit import Direction
from tests.sync.hub.attendance.presence import AnEpoch, a_door, a_person, an_office, at
from tests.sync.hub.attendance.test_api import Reader, a_token
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door, take
from tests.sync.hub.operators import an_operator, sign_in

_BACKUP_AT = NOW - timedelta(hours=10)
_MARK = RestoreMark(_BACKUP_AT, NOW)
_SITE = "Mal Pelayanan Publik"


@pytest.fixture
def ahead(keyring: Keyring) -> FakeDoor:
    """Took two bundles more from the hub that was lost."""
    door = an_enrolled_door(keyring, "Pintu utara")
    door.bundle_version += 2
    return door


@pytest.fixture
def behind(keyring: Keyring) -> FakeDoor:
    """Heard nothing after the backup."""
    return an_enrolled_door(keyring, "Pintu selatan")


def restored(home: Path) -> None:
    write_mark(Home(home), _MARK)
    assert take_note(Home(home)) == _MARK


def a_pass(keyring: Keyring) -> bytes:
    order = Order(PassType.EMPLOYEE, "Siti Rahayu", NOW, NOW + timedelta(days=9), ANY_UNIT)
    return issue(order, keyring, NOW).claims.cti


def test_a_door_that_knows_more_keeps_it_until_that_is_confirmed(
    ahead: FakeDoor, behind: FakeDoor, keyring: Keyring, tmp_path: Path
) -> None:
    """Whoever has forgotten nothing that way is told at once what is revoked."""
    cti = a_pass(keyring)
    restored(tmp_path)
    assert ahead.heartbeat().bundle is None
    revoke([cti], NOW)
    assert ahead.heartbeat().bundle is None
    assert take(ahead.heartbeat()).bundle_version < ahead.bundle_version
    told = behind.heartbeat().bundle
    assert told is not None
    assert cti in told.revoked
    confirm(NOW)
    again = ahead.heartbeat().bundle
    assert again is not None
    assert again.version > ahead.bundle_version
    assert cti in again.revoked


def test_no_version_is_given_a_second_time(
    ahead: FakeDoor, behind: FakeDoor, keyring: Keyring, tmp_path: Path
) -> None:
    """A door of which the hub has not heard since may have any that the lost hub gave."""
    restored(tmp_path)
    before = behind.row.issued_version
    confirm(NOW)
    for door, lost in ((ahead, ahead.bundle_version), (behind, before + 1000)):
        bundle = door.heartbeat().bundle
        assert bundle is not None
        assert bundle.version > lost
        door.bundle_version = bundle.version
        assert door.heartbeat().bundle is None


def test_nothing_is_put_on_a_stick_meanwhile(
    ahead: FakeDoor, keyring: Keyring, tmp_path: Path
) -> None:
    """What the kiosks at that site know nobody has heard."""
    revoke([a_pass(keyring)], NOW)
    restored(tmp_path)
    assert list(bundles_for(_SITE, keyring, NOW)) == []
    confirm(NOW)
    assert len(list(bundles_for(_SITE, keyring, NOW))) == 1
    assert ahead.row.issued_version > ahead.bundle_version


def test_the_mark_alone_is_enough(ahead: FakeDoor) -> None:
    """A hub may be served before its tables were brought up to date."""
    write_mark(installation.home(), _MARK)
    try:
        assert is_unconfirmed()
        with pytest.raises(CommandFault, match="migrate"):
            confirm(NOW)
        assert ahead.heartbeat().bundle is None
    finally:
        installation.home().restored.unlink()
    assert not is_unconfirmed()
    assert ahead.heartbeat().bundle is not None


def test_it_stands_on_the_list_of_what_is_to_be_done(
    client: Client, keyring: Keyring, clock: PinnedClock, tmp_path: Path
) -> None:
    """Urgent, with the backup's time, until it is confirmed."""
    watch = Watch(_Nobody(), "")
    restored(tmp_path)
    watch.round(clock(), keyring)
    alert = Alert.objects.get(rule="restored")
    assert (alert.severity, alert.since, alert.device) == (Severity.CRITICAL, NOW, None)
    sign_in(client, an_operator(Role.DISKOMINFO))
    page = client.get("/").content.decode()
    for expected in ("Hub telah dipulihkan", "confirm-restore", "2 Nov 2026 00:00"):
        assert expected in page
    assert [(one.backup_at, one.restored_at) for one in confirm(clock())] == [(_BACKUP_AT, NOW)]
    assert confirm(clock()) == []
    for _ in range(2):
        watch.round(clock(), keyring)
        clock.pass_by(timedelta(minutes=5))
    assert "Hub telah dipulihkan" not in client.get("/").content.decode()


class _Nobody:
    def tell(self, _title: str, _text: str) -> bool:
        return True


def test_it_is_noted_once_and_on_record(tmp_path: Path) -> None:
    """Also where the mark could not be taken away afterwards."""
    assert take_note(Home(tmp_path)) is None
    restored(tmp_path)
    assert take_note(Home(tmp_path)) is None
    restored(tmp_path)
    assert Restore.objects.count() == 1
    confirm(NOW)
    events = AuditRecord.objects.order_by("number").values_list("event", flat=True)
    assert list(events) == [Event.RESTORED, Event.RESTORE_CONFIRMED]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"backup_at": "x", "restored_at": "y"}'])
def test_a_mark_that_cannot_be_read_is_not_passed_over(tmp_path: Path, content: str) -> None:
    home = Home(tmp_path)
    home.restored.write_text(content)
    with pytest.raises(HomeFault, match="restore once more"):
        take_note(home)
    assert home.restored.exists()


def test_who_reads_attendance_is_told_all_days_again(tmp_path: Path) -> None:
    """The reader stands at a cursor beyond what the restored hub has given out."""
    siti, epoch = a_person(an_office()), AnEpoch(a_door())
    for day in (2, 3):
        epoch.see(siti, Direction.IN, at("8:00", day))
    catch_up()
    reader = Reader(a_token())
    reader.pull()
    reader.cursor = "c500"
    restored(tmp_path)
    reader.pull()
    assert reader.told == 4
    epoch.see(siti, Direction.IN, at("8:00", 4))
    catch_up()
    reader.pull()
    assert (reader.told, len(reader.rows)) == (5, 3)
