"""Only what this hub signed for this door is believed, and it is used whole or not at all."""

from dataclasses import replace

import pytest

from kiosk.admission.rulebook import Way
from kiosk.errors import ReferenceFault
from kiosk.journal.door_keys import make_keys
from kiosk.reference.reference import Reference, read_reference
from tests.kiosk.hub import PLACE, Hub, rulebook

HUB, KEYS = Hub(), make_keys()


def _read(signed: bytes, hub: Hub = HUB) -> Reference:
    return read_reference(signed, device=KEYS.device, root_public=hub.root_public)


def test_what_the_hub_published_can_be_asked() -> None:
    reference = _read(HUB.signed_bundle(KEYS, version=3, revoked=b"revoked1" + b"revoked2"))
    assert (reference.version, reference.label) == (3, "Pintu utama")
    assert reference.issued_at_ms == HUB.time_ms()
    assert reference.place.way is Way.ENTRY
    assert str(reference.place.timezone) == "Asia/Jakarta"
    assert [book.version for book in reference.rulebooks] == [1]
    assert reference.is_revoked(b"revoked1")
    assert reference.is_revoked(b"revoked2")
    assert not reference.is_revoked(b"pass-cti")
    assert not reference.is_revoked(b"1revoked")


@pytest.mark.parametrize("at", [0, 40, 200, -1])
def test_one_changed_bit_is_enough(at: int) -> None:
    signed = bytearray(HUB.signed_bundle(KEYS))
    signed[at] ^= 1
    with pytest.raises(ReferenceFault, match="refused"):
        _read(bytes(signed))


def test_another_doors_bundle_is_refused() -> None:
    other = make_keys()
    with pytest.raises(ReferenceFault, match="another door"):
        _read(HUB.signed_bundle(other))


def test_another_hubs_bundle_is_refused() -> None:
    with pytest.raises(ReferenceFault, match="another root"):
        _read(Hub().signed_bundle(KEYS))


def test_a_key_of_another_purpose_signs_no_bundle() -> None:
    with pytest.raises(ReferenceFault, match="no bundle key"):
        _read(HUB.signed_bundle(KEYS, key=HUB.pass_key))


@pytest.mark.parametrize("junk", [b"", b"\0", b"not a bundle", bytes(5000)])
def test_junk_is_refused(junk: bytes) -> None:
    with pytest.raises(ReferenceFault, match="refused"):
        _read(junk)


@pytest.mark.parametrize("timezone", ["", "Asia/Atlantis", "../passwd", "/etc/localtime"])
def test_an_unknown_timezone_cannot_be_used(timezone: str) -> None:
    with pytest.raises(ReferenceFault, match="cannot be used"):
        _read(HUB.signed_bundle(KEYS, place=replace(PLACE, timezone=timezone)))


@pytest.mark.parametrize("document", [b"", b"{}", b"[]", rulebook()[:-5]])
def test_one_bad_rulebook_spoils_the_bundle(document: bytes) -> None:
    with pytest.raises(ReferenceFault, match="cannot be used") as fault:
        _read(HUB.signed_bundle(KEYS, rulebooks=(rulebook(), document)))
    assert "the door goes on with what it had" in fault.value.hint


def test_revocations_that_are_cut_off_are_refused() -> None:
    with pytest.raises(ReferenceFault):
        _read(HUB.signed_bundle(KEYS, revoked=b"revoked1" + b"cut"))
