from datetime import timedelta

import pytest

from kiosk.passes.claims import PassType
from sync.hub.fleet import current
from sync.hub.fleet.bundles import Publication, gather
from sync.hub.fleet.current import current_publication
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order, issue
from sync.hub.people.revocation import revoke
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import an_enrolled_door, take

_DAY = timedelta(days=1)


@pytest.fixture
def gathered(monkeypatch: pytest.MonkeyPatch) -> list[Publication]:
    """What was gathered, each time anew."""
    found: list[Publication] = []

    def counting(*given: object) -> Publication:
        found.append(gather(*given))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr(current, "gather", counting)
    return found


def test_batches_share_what_was_gathered(keyring: Keyring, gathered: list[Publication]) -> None:
    """Rulebooks are parsed and signers are sorted once, however many doors ask."""
    door = an_enrolled_door(keyring)
    for _ in range(3):
        take(door.heartbeat())
    assert len(gathered) == 1


def test_a_change_is_known_at_once(keyring: Keyring, gathered: list[Publication]) -> None:
    """To all processes: by the database, not by memory."""
    door = an_enrolled_door(keyring)
    take(door.heartbeat())
    cti = issue(Order(PassType.VISITOR, "Siti", NOW, NOW + _DAY, unit=0), keyring, NOW).claims.cti
    revoke([cti], NOW)
    bundle = door.heartbeat().bundle
    assert bundle is not None
    assert bundle.revoked == cti
    assert len(gathered) == 2


def test_nothing_is_believed_for_long(keyring: Keyring, gathered: list[Publication]) -> None:
    """A revocation ends with its pass, by the clock alone; so do rulebooks begin."""
    an_enrolled_door(keyring)
    for seconds in (0, 59, 60, 90):
        current_publication(keyring, NOW + timedelta(seconds=seconds))
    assert [publication.at - NOW for publication in gathered] == [
        timedelta(0),
        timedelta(seconds=60),
    ]


def test_without_an_edition_nothing_is_kept(keyring: Keyring, gathered: list[Publication]) -> None:
    """A hub that never published anything has no name for what it tells."""
    for _ in range(2):
        current_publication(keyring, NOW)
    assert len(gathered) == 2
