"""A hub at work: two offices, each with a kiosk that needs help, an employee, and passes."""

from datetime import timedelta

from kiosk.passes.claims import PassType
from sync.hub.fleet.cards import NewDoor, add_door
from sync.hub.fleet.health.notifying import Nobody
from sync.hub.fleet.health.watch import Watch
from sync.hub.fleet.models import ConnectionRequest, Direction, Door, Office, PlannedDoor
from sync.hub.keyring import Keyring
from sync.hub.people.cards import Wanted
from sync.hub.people.issuing import Order, issue
from sync.hub.people.models import Person, Subject
from sync.hub.people.site_cards import Stock, issue_stock
from sync.hub.web.models import Operator
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import FakeDoor, a_token, an_enrolled_door, take

_DAY = timedelta(days=1)
_SILENCE = timedelta(days=2)


def furnish(keyring: Keyring, clock: PinnedClock, mark: str) -> Office:
    """Return the second office; everything of it has `mark` in its name, and nothing else has."""
    # The first publishes the rules, too.
    _use(an_enrolled_door(keyring), "Siti Rahayu", keyring)
    new = NewDoor(
        f"Pintu {mark}",
        f"Kantor {mark}",
        f"Dinas {mark}",
        Direction.ENTRY,
        "office",
        "Asia/Jakarta",
    )
    door: Door = add_door(new)
    there = FakeDoor(keyring)
    there.enrol(door.public_id, a_token(door, keyring))
    there.start()
    _use(there, f"Budi {mark}", keyring)
    clock.pass_by(_SILENCE)
    Watch(Nobody(), "").round(clock(), keyring)
    return door.office


def _use(door: FakeDoor, name: str, keyring: Keyring) -> None:
    place = door.row.door
    subject = Subject.objects.create(sub=name.encode()[-8:], label=name, created_at=NOW)
    Person.objects.create(
        subject=subject,
        office=place.office,
        kind="asn",
        number=name.encode()[-8:] * 4,
        imported_at=NOW,
    )
    order = Order(PassType.EMPLOYEE, "", NOW, NOW + 30 * _DAY, place.office.unit, subject.sub)
    issue(order, keyring, NOW)
    site = place.site
    stock = Stock(site, 1, NOW, NOW + 30 * _DAY, place.office.unit)
    by = Operator.objects.create_user(f"pencetak-{place.pk}")
    issue_stock(stock, Wanted(by, f"persediaan {site.name}"), keyring, NOW)
    PlannedDoor.objects.create(site=site, label=place.label, direction="exit")
    ConnectionRequest.objects.create(site=site, status="requested", note=site.name)
    door.see(3, sub=subject.sub)
    take(door.send())
