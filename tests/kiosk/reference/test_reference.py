"""Only what this hub signed for this door is believed, and it is used whole or not at all."""

from dataclasses import replace
from typing import Any

import pytest

from kiosk.admission.rulebook import Way
from kiosk.errors import ReferenceFault
from kiosk.journal.door_keys import make_keys
from kiosk.passes.certificate import HealthCertificatePass
from kiosk.passes.format import Format
from kiosk.passes.reading import NationalCode, Pass, Refusal, RosterMatch
from kiosk.passes.reason import Reason
from kiosk.passes.recognition import read_pass
from kiosk.passes.signers import to_row
from kiosk.reference.reference import Reference, read_reference
from sync.wire.keys import Purpose
from tests.kiosk.hub import PLACE, Hub, rulebook
from tests.kiosk.passes.health_issuer import claims, issued, issuer
from tests.kiosk.passes.people import roster_of

HUB, KEYS = Hub(), make_keys()
ISSUER = issuer()
CERTIFICATE = issued(claims(), ISSUER)


def _read(signed: bytes, hub: Hub = HUB) -> Reference:
    return read_reference(signed, device=KEYS.device, root_public=hub.root_public)


def test_what_the_hub_published_can_be_asked() -> None:
    reference = _read(HUB.signed_bundle(KEYS, version=3))
    assert (reference.version, reference.label) == (3, "Pintu utama")
    assert reference.issued_at_ms == HUB.time_ms()
    assert reference.place.way is Way.ENTRY
    assert str(reference.place.timezone) == "Asia/Jakarta"
    assert [book.version for book in reference.rulebooks] == [1]
    assert not reference.sees_both_ways
    assert reference.trust.keys == HUB.keys
    assert reference.trust.signers.signers == ()


def test_a_pass_is_revoked_by_its_serial() -> None:
    reference = _read(HUB.signed_bundle(KEYS, revoked=b"revoked1" + b"revoked2"))
    for cti, is_revoked in (
        (b"revoked1", True),
        (b"revoked2", True),
        (b"pass-cti", False),
        (b"1revoked", False),
    ):
        presented = read_pass(HUB.issue(cti=cti).encode(), reference.trust)
        assert isinstance(presented, Pass)
        assert reference.is_revoked(presented) is is_revoked
    assert reference.is_revoked(RosterMatch(b"revoked2"))
    assert not reference.is_revoked(NationalCode())
    assert not reference.is_revoked(Refusal(Format.NONE, Reason.NOT_A_PASS))


def test_a_withdrawn_key_takes_all_its_passes_with_it() -> None:
    kid = HUB.keys.newest(Purpose.PASS).kid
    for kids, is_revoked in ((kid, True), (bytes(8), False), (bytes(8) + kid, True)):
        reference = _read(HUB.signed_bundle(KEYS, revoked_keys=kids))
        presented = read_pass(HUB.issue().encode(), reference.trust)
        assert reference.is_revoked(presented) is is_revoked
        assert not reference.is_revoked(RosterMatch(kid))


def test_a_health_certificate_is_revoked_by_its_serial_too() -> None:
    signer = ISSUER.signers.signers[0]
    signed = HUB.signed_bundle(KEYS, signers=(to_row(signer),))
    presented = read_pass(CERTIFICATE.encode(), _read(signed).trust)
    assert isinstance(presented, HealthCertificatePass)
    assert presented.signer == signer.term
    assert not _read(signed).is_revoked(presented)
    assert _read(HUB.signed_bundle(KEYS, revoked=presented.serial)).is_revoked(presented)


def test_the_roster_is_asked_by_its_slow_hash() -> None:
    reference = _read(
        HUB.signed_bundle(KEYS, roster=roster_of({"198706052010011001": b"subject1"}))
    )
    assert read_pass(b"198706052010011001", reference.trust) == RosterMatch(b"subject1")
    unknown = read_pass(b"198706052010011002", reference.trust)
    assert unknown == Refusal(Format.ROSTER, Reason.NOT_ON_ROSTER)


@pytest.mark.parametrize(
    "changes",
    [
        {"cost": 0},
        {"cost": 1},
        {"cost": 3},
        {"rows": bytes(23)},
        {"shapes": (("letters", 3),)},
    ],
)
def test_a_roster_that_cannot_be_asked_is_refused(changes: dict[str, Any]) -> None:
    roster = replace(roster_of({"123456": b"subject1"}), **changes)
    with pytest.raises(ReferenceFault, match="cannot be used"):
        _read(HUB.signed_bundle(KEYS, roster=roster))


def test_a_signers_key_that_is_none_is_refused() -> None:
    row = replace(to_row(ISSUER.signers.signers[0]), public=b"not DER")
    with pytest.raises(ReferenceFault, match="cannot be used"):
        _read(HUB.signed_bundle(KEYS, signers=(row,)))


@pytest.mark.parametrize("revoked", [b"revoked2revoked1"])
def test_revocations_out_of_order_are_refused(revoked: bytes) -> None:
    """They are looked up by halves: one out of order might not be found."""
    for changes in ({"revoked": revoked}, {"revoked_keys": revoked}):
        with pytest.raises(ReferenceFault, match="cannot be used"):
            _read(HUB.signed_bundle(KEYS, **changes))


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
    for changes in ({"revoked": b"revoked1" + b"cut"}, {"revoked_keys": b"cut"}):
        with pytest.raises(ReferenceFault):
            _read(HUB.signed_bundle(KEYS, **changes))
