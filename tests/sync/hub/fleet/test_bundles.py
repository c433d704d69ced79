import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kiosk.admission.decision import decide
from kiosk.admission.rulebook_document import parse_rulebook
from kiosk.admission.verdict import Outcome
from kiosk.instants import Interval
from kiosk.passes.claims import PassType
from kiosk.passes.roster import Alphabet, Roster, Shape
from kiosk.passes.signers import read_rows
from sync.hub.fleet.bundles import gather
from sync.hub.fleet.models import Door
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order, issue
from sync.hub.people.models import Subject
from sync.hub.people.pass_keys import revoke_key
from sync.hub.people.revocation import revoke
from sync.hub.people.roster import import_roster
from sync.hub.people.roster_file import read_roster_file
from sync.hub.rules.publishing import DEFAULT, publish
from sync.hub.rules.signers import SignerFile, import_signers
from sync.wire.bundle import Bundle
from tests.kiosk.admission.situations import SIGNER, presented, usual
from tests.kiosk.passes.health_issuer import issuer
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door

_DAY = timedelta(days=1)


@pytest.fixture
def door(keyring: Keyring) -> FakeDoor:
    return an_enrolled_door(keyring)


def a_revoked_pass(keyring: Keyring, at: datetime, expires: datetime) -> bytes:
    order = Order(PassType.VISITOR, "Siti Rahayu", at, expires, unit=0)
    cti = issue(order, keyring, at).claims.cti
    revoke([cti], at)
    return cti


def a_rulebook(version: int, effective_from: datetime, kinds: tuple[str, ...] = ()) -> bytes:
    content = json.loads(DEFAULT.read_text())
    content |= {
        "version": version,
        "effective_from": effective_from.isoformat(),
        "site_kinds": list(kinds),
    }
    return json.dumps(content).encode()


def next_bundle(door: FakeDoor) -> Bundle | None:
    answer = door.heartbeat()
    assert answer.receipt is not None
    if answer.bundle is not None:
        door.bundle_version = answer.bundle.version
    return answer.bundle


def test_a_bundle_comes_once_and_then_only_when_its_content_changes(
    door: FakeDoor, keyring: Keyring, clock: PinnedClock
) -> None:
    """Time alone makes no new version."""
    clock.pass_by(_DAY)
    assert next_bundle(door) is None
    a_revoked_pass(keyring, clock(), clock() + _DAY)
    bundle = next_bundle(door)
    assert bundle is not None
    assert bundle.version == 2
    assert next_bundle(door) is None


def test_a_bundle_that_was_not_taken_comes_again(door: FakeDoor, keyring: Keyring) -> None:
    """Under the same version: until the door says that it has it."""
    a_revoked_pass(keyring, NOW, NOW + _DAY)
    first, again = door.heartbeat().bundle, door.heartbeat().bundle
    assert first is not None
    assert first == again


def test_revocations_are_sorted_and_end_with_the_pass(
    door: FakeDoor, keyring: Keyring, clock: PinnedClock
) -> None:
    """A pass that has expired is refused anyway: its revocation need not be carried on."""
    short = a_revoked_pass(keyring, NOW, NOW + _DAY)
    long = [a_revoked_pass(keyring, NOW, NOW + 9 * _DAY) for _ in range(4)]
    bundle = next_bundle(door)
    assert bundle is not None
    assert bundle.revoked == b"".join(sorted([short, *long]))
    clock.pass_by(2 * _DAY)
    later = next_bundle(door)
    assert later is not None
    assert later.revoked == b"".join(sorted(long))


def test_a_door_gets_the_rulebooks_that_it_needs(door: FakeDoor, clock: PinnedClock) -> None:
    """Those in force and to come at its kind of site, and the one before: no others."""
    for version in (2, 3):
        publish(a_rulebook(version, NOW - (9 - version) * _DAY), NOW)
    publish(a_rulebook(4, NOW - _DAY, ("tourism",)), NOW)
    publish(a_rulebook(5, NOW + _DAY, ("office",)), NOW)
    bundle = next_bundle(door)
    assert bundle is not None
    assert [json.loads(document)["version"] for document in bundle.rulebooks] == [2, 3, 5]
    clock.pass_by(2 * _DAY)
    later = next_bundle(door)
    assert later is not None
    assert [json.loads(document)["version"] for document in later.rulebooks] == [3, 5]


def test_the_next_rulebook_is_there_weeks_before_it_takes_effect(
    door: FakeDoor, clock: PinnedClock
) -> None:
    """The door changes over by itself, without a word from the hub in between."""
    change = NOW + 6 * 7 * _DAY
    content = json.loads(a_rulebook(2, change))
    content["rules"] = [{"name": "Tutup", "types": ["visitor"], "outcome": "deny"}]
    publish(json.dumps(content).encode(), NOW)
    bundle = next_bundle(door)
    assert bundle is not None
    books = [parse_rulebook(document) for document in bundle.rulebooks]
    change_ms = int(change.timestamp() * 1000)
    for now_ms, version, outcome in (
        (change_ms - 1, 1, Outcome.ADMIT),
        (change_ms, 2, Outcome.DENY),
    ):
        now = Interval(now_ms, now_ms)
        lasting = replace(presented(expires_s=2**40), signer=replace(SIGNER, not_after_s=2**40))
        verdict = decide(lasting, usual(now=now, rulebooks=books))
        assert (verdict.rulebook, verdict.outcome) == (version, outcome)
    clock.pass_by(3 * 7 * _DAY)
    assert next_bundle(door) is None


def test_a_bundle_carries_all_that_its_door_needs(door: FakeDoor, keyring: Keyring) -> None:
    """Each of it makes a new version; a roster is sorted by hash, and opens with its salt."""
    assert next_bundle(door) is None
    signer = issuer()
    import_signers([SignerFile("a.der", signer.certificate)], NOW)
    bundle = next_bundle(door)
    assert bundle is not None
    assert read_rows(bundle.signers).signers == signer.signers.signers
    import_roster(read_roster_file(b"identifier,label\n19850101,Siti\nKTP00001,Agus\n"), NOW)
    bundle = next_bundle(door)
    assert bundle is not None
    assert bundle.roster is not None
    table = bundle.roster
    shapes = tuple(Shape(Alphabet(alphabet), length) for alphabet, length in table.shapes)
    roster = Roster(table.salt, table.cost, shapes, table.rows)
    found = {
        identifier: roster.find(identifier) for identifier in ("19850101", "ktp00001", "0" * 8)
    }
    labels = [Subject.objects.get(sub=sub).label for sub in found.values() if sub is not None]
    assert labels == ["Siti", "Agus"]
    revoke_key(keyring.pass_key.kid, keyring.key_list, NOW)
    bundle = next_bundle(door)
    assert bundle is not None
    assert bundle.revoked_keys == keyring.pass_key.kid
    Door.objects.update(sees_both_ways=True)
    bundle = next_bundle(door)
    assert bundle is not None
    assert bundle.place.sees_both_ways
    assert next_bundle(door) is None


def test_a_hub_that_was_restored_goes_on_above_what_the_door_has(door: FakeDoor) -> None:
    """Doors take only versions that rise."""
    door.bundle_version = 40
    bundle = next_bundle(door)
    assert bundle is not None
    assert bundle.version == 41
    assert next_bundle(door) is None


def test_news_are_told_apart_from_what_was_taken(
    door: FakeDoor, keyring: Keyring, clock: PinnedClock
) -> None:
    """The page says whether a kiosk has what it should have, without issuing anything."""
    assert next_bundle(door) is None
    assert not gather(keyring, clock()).is_news_to(door.row)
    a_revoked_pass(keyring, NOW, NOW + _DAY)
    assert gather(keyring, clock()).is_news_to(door.row)
    assert door.row.issued_version == 1
    next_bundle(door)
    assert gather(keyring, clock()).is_news_to(door.row)
    next_bundle(door)
    assert not gather(keyring, clock()).is_news_to(door.row)
