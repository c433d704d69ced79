import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from django.db import connection

from kiosk.passes.claims import HolderKey, PassType
from kiosk.passes.reading import Refusal, Trust
from kiosk.passes.reason import Reason
from kiosk.passes.recognition import read_pass
from sync.hub.errors import CommandFault
from sync.hub.keyring import Keyring
from sync.hub.people.issuing import Order
from sync.hub.people.models import Pass, PhoneLink, RevokedKey, Subject
from sync.hub.people.phone_links import (
    VALID_FOR,
    Closed,
    LinkClosed,
    begin_of,
    link_url,
    make_link,
    open_link,
)
from sync.hub.people.revocation import revoked_octets
from tests.sync.hub.conftest import NOW

_ORDER = Order(PassType.EMPLOYEE, "Siti Rahayu", NOW, NOW + timedelta(days=30), unit=7)


def a_holder() -> HolderKey:
    numbers = generate_private_key(SECP256R1()).public_key().public_numbers()
    return HolderKey(numbers.x.to_bytes(32), numbers.y.to_bytes(32))


def why_closed(token: str, holder: HolderKey, keyring: Keyring, later: timedelta) -> Closed:
    with pytest.raises(LinkClosed) as found:
        open_link(token, holder, keyring, NOW + later)
    return found.value.why


def test_a_link_gives_one_pass_for_the_key_of_one_phone(keyring: Keyring) -> None:
    """By itself, without the phone's signature, it is good for nothing."""
    holder = a_holder()
    handed = open_link(make_link(_ORDER, keyring, NOW), holder, keyring, NOW)
    row = Pass.objects.get()
    assert handed.issued == row
    assert (row.pass_type, row.unit, row.expires) == (PassType.EMPLOYEE, 7, _ORDER.expires)
    assert row.subject.label == "Siti Rahayu"
    read = read_pass(handed.text.encode(), Trust(keyring.key_list))
    assert isinstance(read, Refusal)
    assert read.reason is Reason.BAD_HOLDER_SIGNATURE


def test_the_same_phone_may_ask_again(keyring: Keyring) -> None:
    """The answer may have been lost; another phone gets nothing."""
    holder, token = a_holder(), make_link(_ORDER, keyring, NOW)
    first = open_link(token, holder, keyring, NOW)
    assert open_link(token, holder, keyring, NOW + VALID_FOR) == first
    assert why_closed(token, a_holder(), keyring, timedelta()) is Closed.USED
    assert why_closed(token, holder, keyring, VALID_FOR + timedelta(seconds=1)) is Closed.USED
    assert Pass.objects.count() == 1


def test_a_link_lasts_a_day(keyring: Keyring) -> None:
    token = make_link(_ORDER, keyring, NOW)
    late = VALID_FOR + timedelta(seconds=1)
    assert why_closed(token, a_holder(), keyring, late) is Closed.EXPIRED
    open_link(token, a_holder(), keyring, NOW + VALID_FOR)


@pytest.mark.parametrize("token", ["", "A", "A" * 22, "=" * 22, "~" * 22, "A" * 5000])
def test_what_is_no_token_opens_nothing(token: str, keyring: Keyring) -> None:
    make_link(_ORDER, keyring, NOW)
    assert why_closed(token, a_holder(), keyring, timedelta()) is Closed.UNKNOWN


def test_a_key_that_is_no_point_gets_no_pass(keyring: Keyring) -> None:
    """A door could never check its signature."""
    token = make_link(_ORDER, keyring, NOW)
    for wrong in (HolderKey(bytes(32), bytes(32)), replace(a_holder(), y=b"\xff" * 32)):
        assert why_closed(token, wrong, keyring, timedelta()) is Closed.BAD_KEY
    assert Pass.objects.count() == 0


def test_a_new_link_ends_what_the_subject_had_on_a_phone(keyring: Keyring) -> None:
    """A link that was not opened yet too. Printed cards are another matter."""
    first = open_link(make_link(_ORDER, keyring, NOW), a_holder(), keyring, NOW)
    again = replace(_ORDER, sub=Subject.objects.get().sub)
    unopened = make_link(again, keyring, NOW)
    assert revoked_octets(NOW) == first.issued.cti
    newest = make_link(again, keyring, NOW)
    assert why_closed(unopened, a_holder(), keyring, timedelta()) is Closed.REPLACED
    second = open_link(newest, a_holder(), keyring, NOW)
    assert second.replaces == (first.issued.cti,)
    assert second.issued.revoked_at is None
    assert Subject.objects.count() == 1


def test_of_the_token_the_hash_is_kept_alone(keyring: Keyring) -> None:
    """It stands in the part of the address that browsers send to nobody."""
    token = make_link(_ORDER, keyring, NOW)
    assert token not in str(PhoneLink.objects.values().get())
    assert link_url("https://hub.example.go.id", token).endswith(f"/p/#link={token}")


def test_what_no_door_would_take_gets_no_link(keyring: Keyring) -> None:
    for wrong in (
        replace(_ORDER, expires=NOW + timedelta(days=100_000)),
        replace(_ORDER, sub=bytes(8)),
    ):
        with pytest.raises(CommandFault):
            make_link(wrong, keyring, NOW)
    assert PhoneLink.objects.count() == 0


def test_a_link_under_a_key_that_was_revoked_gives_nothing(keyring: Keyring) -> None:
    """Until there is another; then the same link opens."""
    token = make_link(_ORDER, keyring, NOW)
    revoked = RevokedKey.objects.create(kid=keyring.pass_key.kid, revoked_at=NOW)
    assert why_closed(token, a_holder(), keyring, timedelta()) is Closed.NOT_NOW
    revoked.delete()
    open_link(token, a_holder(), keyring, NOW)


def test_a_pass_begins_before_the_door_could_doubt_it(keyring: Keyring) -> None:
    """A door knows the time to some seconds, and the holder stands before it."""
    assert NOW - timedelta(hours=1) < begin_of(keyring, NOW) < NOW - timedelta(minutes=2)
    first = keyring.pass_key.not_before_s
    assert begin_of(keyring, NOW - timedelta(days=30)).timestamp() == first


@pytest.mark.usefixtures("committing")
def test_of_two_phones_at_once_one_gets_the_pass(keyring: Keyring) -> None:
    token = make_link(_ORDER, keyring, NOW)
    results: list[str] = []

    def claim() -> None:
        try:
            open_link(token, a_holder(), keyring, NOW)
            results.append("given")
        except LinkClosed as closed:
            results.append(closed.why.value)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["given", "used", "used", "used"]
    assert Pass.objects.count() == 1
