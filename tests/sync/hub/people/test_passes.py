import re
from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.passes.claims import PassType
from kiosk.passes.reading import Pass as ReadPass
from kiosk.passes.reading import Trust
from kiosk.passes.recognition import read_pass
from sync.hub.clock import from_unix_s
from sync.hub.errors import CommandFault
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order, issue
from sync.hub.people.models import Pass, Subject
from sync.hub.people.revocation import revoke
from tests.sync.hub.conftest import NOW

_ORDER = Order(PassType.EMPLOYEE, "Siti Rahayu", NOW, NOW + timedelta(days=30), unit=0)


def test_a_pass_reads_at_the_door_as_it_was_issued(keyring: Keyring) -> None:
    """The door sees random numbers, type and times: no name."""
    issued = issue(_ORDER, keyring, NOW)
    read = read_pass(issued.text.encode(), Trust(keyring.key_list))
    assert isinstance(read, ReadPass)
    assert read.claims == issued.claims
    row = Pass.objects.select_related("subject").get(cti=issued.claims.cti)
    assert (row.subject.label, row.subject.sub) == ("Siti Rahayu", issued.claims.sub)
    assert (row.not_before, row.expires) == (_ORDER.not_before, _ORDER.expires)


def test_a_subject_may_hold_several_passes(keyring: Keyring) -> None:
    """A lost card is replaced for the same person."""
    first = issue(_ORDER, keyring, NOW)
    second = issue(replace(_ORDER, sub=first.claims.sub), keyring, NOW)
    assert Subject.objects.get().passes.count() == 2
    assert second.claims.sub == first.claims.sub


def test_what_no_door_would_take_is_not_issued(keyring: Keyring) -> None:
    """Ended before it begins, begun before the key, a subject that is not there."""
    year = timedelta(days=365)
    for wrong, why in (
        (replace(_ORDER, expires=NOW - year), "ends? before|end before"),
        (replace(_ORDER, not_before=NOW - year), "not in force"),
        (replace(_ORDER, sub=bytes(8)), "no such subject"),
    ):
        with pytest.raises(CommandFault, match=why):
            issue(wrong, keyring, NOW)
    assert Pass.objects.count() == 0


def test_a_pass_ends_no_later_than_its_key(keyring: Keyring) -> None:
    """Past the key's end every door would refuse it, though its holder reads another date."""
    last = from_unix_s(keyring.pass_key.not_after_s)
    with pytest.raises(CommandFault, match=f"until {re.escape(last.isoformat())}.*keys rotate"):
        issue(replace(_ORDER, expires=last + timedelta(seconds=1)), keyring, NOW)
    assert Pass.objects.count() == 0
    assert issue(replace(_ORDER, expires=last), keyring, NOW).claims.expires_s == int(
        last.timestamp()
    )


def test_revoking_is_all_or_none_and_happens_once(keyring: Keyring) -> None:
    """By a pass's own number or by its holder's; the first time stays."""
    first = issue(_ORDER, keyring, NOW).claims
    second = issue(replace(_ORDER, sub=first.sub), keyring, NOW).claims
    with pytest.raises(CommandFault, match="nothing was revoked"):
        revoke([first.cti, bytes(8)], NOW)
    assert Pass.objects.filter(revoked_at__isnull=False).count() == 0
    assert revoke([first.cti], NOW).revoked == (first.cti,)
    both = revoke([first.sub, first.sub], NOW + timedelta(hours=1))
    assert (both.revoked, both.already) == ((second.cti,), (first.cti,))
    assert Pass.objects.get(cti=first.cti).revoked_at == NOW
