import stat
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.admission import objections
from kiosk.admission.objections import Finding
from kiosk.admission.verdict import Outcome
from kiosk.instants import Interval
from kiosk.passes.claims import PassType
from kiosk.passes.reading import Pass as ReadPass
from kiosk.passes.reading import Refusal, Trust
from kiosk.passes.reason import Reason
from kiosk.passes.recognition import read_pass
from sync.hub import installation
from sync.hub.errors import CommandFault
from sync.hub.home import Home
from sync.hub.key_making import OFFLINE_ROOT, ROOT_FILE, make_keys
from sync.hub.key_rotation import Change, Vault, retire, rotate
from sync.hub.keyring import KEY_LIST, file_name, load_keyring
from sync.hub.people.issuing import Issued, Order, issue
from sync.wire.errors import UnknownKey
from sync.wire.keys import KeyList, Purpose
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import FakeDoor, a_place, a_token, an_enrolled_door, take

_DAY = timedelta(days=1)
_GRACE_S = int((NOW + 30 * _DAY).timestamp())
_KINDS = (Purpose.BUNDLE, Purpose.RECEIPT, Purpose.PASS, Purpose.SEALING)


@pytest.fixture
def vault(own_home: Home) -> Vault:
    return Vault(own_home.keys, own_home.keys / OFFLINE_ROOT)


def renew(vault: Vault, purpose: Purpose, ends_s: int = _GRACE_S) -> Change:
    return rotate(vault, purpose, ends_s=ends_s, now=NOW)


def a_pass(days: int) -> Issued:
    order = Order(PassType.VISITOR, "Siti Rahayu", NOW, NOW + days * _DAY, unit=0)
    return issue(order, installation.keyring(), NOW)


def judge(issued: Issued, keys: KeyList, at: PinnedClock) -> Reason | None:
    """Return what a door with these keys has against the pass at that time."""
    read = read_pass(issued.text.encode(), Trust(keys))
    if not isinstance(read, ReadPass):
        return read.reason if isinstance(read, Refusal) else Reason.NOT_A_PASS
    at_ms = int(at().timestamp() * 1000)
    found: Finding | None = objections.time(read, Interval(at_ms, at_ms), Outcome.REFER)
    return None if found is None else found.reason


def test_every_key_is_renewed_under_doors_that_go_on(vault: Vault, clock: PinnedClock) -> None:
    """Doors take the new list by bundle; what the old keys signed counts until they end."""
    door = an_enrolled_door(installation.keyring())
    old_pass = a_pass(days=10)
    ends_s = old_pass.claims.expires_s
    for purpose in _KINDS:
        renew(vault, purpose, ends_s if purpose is Purpose.PASS else _GRACE_S)
    door.see(3)
    answer = door.send()
    assert take(answer).acked_through == 3
    assert answer.bundle is not None
    door.bundle_version = answer.bundle.version
    assert door.keys.version == 5
    new_pass = a_pass(days=90)
    assert judge(old_pass, door.keys, clock) is judge(new_pass, door.keys, clock) is None
    door.start()
    door.see()
    assert take(door.send()).acked_through == 4
    clock.pass_by(11 * _DAY)
    assert judge(old_pass, door.keys, clock) is Reason.EXPIRED
    assert judge(new_pass, door.keys, clock) is None


def test_a_door_that_is_behind_gets_receipts_it_can_read(vault: Vault) -> None:
    """Signed with the old key, while that is in force; with the new one as soon as it knows it."""
    door = an_enrolled_door(installation.keyring())
    old = door.keys.newest(Purpose.RECEIPT).kid
    renew(vault, Purpose.RECEIPT)
    behind = door.keys
    first = door.heartbeat()
    assert take(first) is not None
    assert first.bundle is not None
    door.bundle_version = first.bundle.version
    retire(vault, old, NOW)
    answer = door.heartbeat()
    assert take(answer) is not None
    door.keys, door.bundle_version = behind, 1
    with pytest.raises(UnknownKey):
        door.heartbeat()


def test_passes_of_an_ended_key_are_refused_with_its_reason(
    vault: Vault, clock: PinnedClock
) -> None:
    """Until then they count, though the hub signs with another."""
    issued = a_pass(days=10)
    change = renew(vault, Purpose.PASS, issued.claims.expires_s)
    assert judge(issued, installation.keyring().key_list, clock) is None
    clock.pass_by(_DAY)
    retire(vault, change.ended.kid, clock())
    clock.pass_by(_DAY)
    keys = installation.keyring().key_list
    assert judge(issued, keys, clock) is Reason.KEY_NOT_IN_FORCE


def test_what_was_sealed_to_an_old_key_still_opens(vault: Vault) -> None:
    """Also when the key has left the list: a kiosk may come back after a year in a drawer."""
    door = an_enrolled_door(installation.keyring())
    place, late = a_place("Selatan"), FakeDoor(installation.keyring())
    token = a_token(place, installation.keyring())
    door.see(2)
    change = renew(vault, Purpose.SEALING)
    retire(vault, change.ended.kid, NOW)
    with pytest.raises(UnknownKey):
        installation.keyring().key_list.find(change.ended.kid, Purpose.SEALING)
    receipt = take(door.send())
    assert (receipt.acked_through, receipt.rejected) == (2, ())
    assert late.enrol(place.public_id, token).status == 200


def test_a_key_leaves_the_list_when_its_time_is_over(vault: Vault) -> None:
    """With its private half: what signs no longer need not be kept from thieves."""
    change = renew(vault, Purpose.BUNDLE)
    path = vault.keys / file_name(change.ended)
    assert path.exists()
    later = NOW + 31 * _DAY
    rotate(vault, Purpose.RECEIPT, ends_s=_GRACE_S, now=later)
    keys = load_keyring(vault.keys).key_list
    assert change.ended.kid not in {key.kid for key in keys.keys}
    assert not path.exists()
    assert keys.version == 3


def test_the_newest_key_is_the_one_that_signs(vault: Vault) -> None:
    """However often keys are renewed at one time, and passes may still begin before today."""
    changes = [renew(vault, Purpose.PASS) for _ in range(3)]
    made = changes[-1].made
    assert made is not None
    assert load_keyring(vault.keys).pass_key == made
    assert made.is_valid_at(int((NOW - 29 * _DAY).timestamp()))
    assert stat.S_IMODE((vault.keys / file_name(made)).stat().st_mode) == 0o600


def test_an_end_is_never_put_off(vault: Vault) -> None:
    """A key ends when the list said that it would, or earlier."""
    before = load_keyring(vault.keys).pass_key
    assert renew(vault, Purpose.PASS, 2**39).ended == before


def test_the_key_in_use_is_not_ended(vault: Vault) -> None:
    """Nor the recovery key, nor one that there is not."""
    for key in load_keyring(vault.keys).key_list.keys:
        with pytest.raises(CommandFault, match="make another first"):
            retire(vault, key.kid, NOW)
    with pytest.raises(CommandFault, match="no such key"):
        retire(vault, bytes(8), NOW)


def test_nothing_happens_without_this_hubs_root(vault: Vault, tmp_path: Path) -> None:
    """Away, another hub's, no key at all, or of another kind: the list stays as it was."""
    before = (vault.keys / KEY_LIST).read_bytes()
    away = tmp_path / "medium"
    away.mkdir()
    other = tmp_path / "other"
    make_keys(other, NOW)
    sealing = next(vault.keys.glob("sealing-*.pem")).read_bytes()
    for content, why in (
        (None, "offline-root"),
        ((other / OFFLINE_ROOT / ROOT_FILE).read_bytes(), "another hub"),
        (b"no key", "not a private key"),
        (sealing, "another hub"),
    ):
        if content is not None:
            (away / ROOT_FILE).write_bytes(content)
        with pytest.raises(CommandFault, match=why):
            renew(Vault(vault.keys, away), Purpose.PASS)
    assert (vault.keys / KEY_LIST).read_bytes() == before
    assert len(list(vault.keys.glob("*.pem"))) == 4


def test_a_list_that_is_full_says_so(vault: Vault) -> None:
    """Before a key is made that no list can hold."""
    for _ in range(59):
        renew(vault, Purpose.PASS)
    with pytest.raises(CommandFault, match="retire some"):
        renew(vault, Purpose.PASS)


def test_a_card_that_no_kiosk_could_read_is_not_made(vault: Vault) -> None:
    """Every key in the list makes a card longer."""
    place = a_place()
    for _ in range(25):
        renew(vault, Purpose.PASS)
    with pytest.raises(CommandFault, match="too long"):
        a_token(place, installation.keyring())
