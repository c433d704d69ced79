from datetime import timedelta

import pytest

from kiosk.passes.claims import PassType
from sync.hub.errors import CommandFault
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order, issue
from sync.hub.people.models import Pass
from sync.hub.people.pass_keys import last_expiry, passes_of, revoke_key, revoked_keys
from sync.hub.people.revocation import revoke
from sync.wire.keys import Purpose
from tests.sync.hub.conftest import NOW

_DAY = timedelta(days=1)


def a_pass(keyring: Keyring, days: int) -> bytes:
    order = Order(PassType.VISITOR, "Siti Rahayu", NOW, NOW + days * _DAY, unit=0)
    return issue(order, keyring, NOW).claims.cti


def test_a_key_lasts_as_long_as_its_passes(keyring: Keyring) -> None:
    """Those that were revoked, and those that have ended, need it no longer."""
    key, keys = keyring.pass_key, keyring.key_list
    assert last_expiry(key, keys, NOW) is None
    a_pass(keyring, 3)
    revoke([a_pass(keyring, 9)], NOW)
    assert last_expiry(key, keys, NOW) == NOW + 3 * _DAY
    assert passes_of(key, keys, NOW + 4 * _DAY).count() == 0


def test_passes_from_before_keys_were_noted_are_the_first_keys(keyring: Keyring) -> None:
    """There was no other then."""
    a_pass(keyring, 3)
    Pass.objects.update(kid=b"")
    assert passes_of(keyring.pass_key, keyring.key_list, NOW).count() == 1


def test_a_revoked_key_is_told_and_signs_no_more(keyring: Keyring) -> None:
    """Once; the hub does not go on issuing what every door refuses."""
    kid, keys = keyring.pass_key.kid, keyring.key_list
    assert revoked_keys(keys) == b""
    assert revoke_key(kid, keys, NOW)
    assert not revoke_key(kid, keys, NOW)
    assert revoked_keys(keys) == kid
    with pytest.raises(CommandFault, match="keys rotate --purpose pass"):
        a_pass(keyring, 1)


def test_only_a_pass_key_is_revoked(keyring: Keyring) -> None:
    """Another would stop nothing: doors look for it among passes' signers."""
    for kid in (bytes(8), keyring.key_list.newest(Purpose.BUNDLE).kid):
        with pytest.raises(CommandFault, match="no such pass key"):
            revoke_key(kid, keyring.key_list, NOW)
