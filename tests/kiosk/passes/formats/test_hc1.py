"""A health certificate is read in stages, and each refuses with one reason of its own."""

from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from kiosk.passes.certificate import HealthCertificatePass, Kind, Vaccination
from kiosk.passes.format import Format
from kiosk.passes.formats import hc1
from kiosk.passes.reading import MAX_CHARACTERS, Refusal
from kiosk.passes.reason import Reason
from kiosk.passes.signers import MAX_WITHOUT_KID, SignerList
from tests.kiosk.passes.health_issuer import (
    BORN,
    ES256,
    EXPIRES_S,
    ISSUED_S,
    NAMES,
    NOT_AFTER_S,
    NOT_BEFORE_S,
    PS256,
    RECOVERY,
    RECOVERY_OID,
    SERVER_OID,
    TEST,
    TEST_OID,
    VACCINATION,
    VACCINATION_OID,
    PrivateKey,
    claims,
    issued,
    issuer,
    message,
    p256_key,
    p384_key,
    rsa_key,
    tagged,
    text_of,
    text_of_packed,
)

ISSUER = issuer()
GOOD = issued(claims(), ISSUER)


def reason_of(text: str, signers: SignerList | None = None) -> Reason:
    refusal = hc1.read(text, signers or ISSUER.signers)
    assert isinstance(refusal, Refusal)
    assert refusal.format is Format.HC1
    return refusal.reason


def accepted(text: str, signers: SignerList | None = None) -> HealthCertificatePass:
    presented = hc1.read(text, signers or ISSUER.signers)
    assert isinstance(presented, HealthCertificatePass)
    return presented


def test_a_good_certificate_is_a_pass() -> None:
    presented = accepted(GOOD)
    assert presented.format is Format.HC1
    assert (presented.issued_at_s, presented.expires_s) == (ISSUED_S, EXPIRES_S)
    assert presented.signer.kid == ISSUER.kid
    assert (presented.signer.not_before_s, presented.signer.not_after_s) == (
        NOT_BEFORE_S,
        NOT_AFTER_S,
    )
    assert presented.certificate.statements == (
        Vaccination("840539006", "CoronaVac", 2, 3, date(2021, 4, 17)),
    )
    assert hc1.fits_schema(GOOD)


def test_no_name_no_birth_date_and_no_identifier_leave_the_reader() -> None:
    told = repr(accepted(GOOD))
    for secret in (*NAMES.values(), BORN, VACCINATION["ci"], VACCINATION["is"]):
        assert secret not in told


def test_the_serial_is_that_of_the_signed_payload() -> None:
    parts = message(claims(), ISSUER)
    assert accepted(text_of(tagged(parts, 18))).serial == sha256(parts[2]).digest()[:8]


def test_ps256_is_read_as_well() -> None:
    rsa = issuer(rsa_key())
    assert accepted(issued(claims(), rsa), rsa.signers).certificate.kinds == {Kind.VACCINATION}


@pytest.mark.parametrize("tags", [(), (18,), (61, 18), (61,)])
def test_a_message_may_be_tagged_as_cose_and_as_cwt(tags: tuple[int, ...]) -> None:
    accepted(text_of(tagged(message(claims(), ISSUER), *tags)))


def test_the_kid_may_be_unprotected_and_the_protected_one_counts() -> None:
    accepted(issued(claims(), ISSUER, protected={1: ES256}, unprotected={4: ISSUER.kid}))
    accepted(issued(claims(), ISSUER, unprotected={4: b"other"}))
    foreign = issued(
        claims(), ISSUER, protected={1: ES256, 4: b"other"}, unprotected={4: ISSUER.kid}
    )
    assert reason_of(foreign) is Reason.UNKNOWN_KEY


def test_headers_may_say_more_than_is_asked_of_them() -> None:
    """However long: here a content type (RFC 9052, table 3)."""
    for length in range(30, 90):
        headers = {1: ES256, 4: ISSUER.kid, 3: "x" * length}
        accepted(issued(claims(), ISSUER, protected=headers))


def test_without_any_protected_header_an_empty_string_is_signed() -> None:
    headers = {1: ES256, 4: ISSUER.kid}
    parts = message(claims(), ISSUER, protected={}, unprotected=headers)
    accepted(text_of(tagged(parts, 18)))
    accepted(text_of(tagged([b"\xa0", *parts[1:]], 18)))


def test_without_a_kid_a_short_list_is_tried_and_a_long_one_is_not() -> None:
    nameless = issued(claims(), ISSUER, protected={1: ES256})
    others = [issuer(rsa_key(), serial=n).signers.signers[0] for n in range(1, MAX_WITHOUT_KID)]
    mine = ISSUER.signers.signers
    accepted(nameless, SignerList([*others, *mine]))
    assert (
        reason_of(nameless, SignerList([*others, *mine, *issuer(serial=99).signers.signers]))
        is Reason.UNKNOWN_KEY
    )


@pytest.mark.parametrize("text", ["", "HC1", "HC2:" + GOOD[4:], GOOD[4:], "hc1:" + GOOD[4:]])
def test_another_prefix_is_not_a_pass(text: str) -> None:
    assert reason_of(text) is Reason.NOT_A_PASS


def test_more_characters_than_any_pass_has_are_too_long() -> None:
    assert reason_of("HC1:" + "0" * (MAX_CHARACTERS - 3)) is Reason.TOO_LONG
    assert reason_of("HC1:" + "0" * (MAX_CHARACTERS - 4)) is not Reason.TOO_LONG


@pytest.mark.parametrize("text", ["a", "0", "::::", ":::", "é00", GOOD[4:] + "\n", GOOD[4:] + "#"])
def test_what_is_not_base45_is_badly_encoded(text: str) -> None:
    assert reason_of("HC1:" + text) is Reason.BAD_ENCODING


def test_an_uncompressed_message_is_refused() -> None:
    uncompressed = tagged(message(claims(), ISSUER), 18)
    assert reason_of(text_of_packed(uncompressed)) is Reason.BAD_COMPRESSION
    assert reason_of("HC1:") is Reason.BAD_COMPRESSION


_PARTS = message(claims(), ISSUER)


_MISSHAPEN = {
    "nothing": b"",
    "not CBOR": b"\xff",
    "a number": tagged(7, 18),
    "another tag": tagged(_PARTS, 17),
    "tags in the wrong order": tagged(_PARTS, 18, 61),
    "three parts": tagged(_PARTS[:3], 18),
    "five parts": tagged([*_PARTS, b""], 18),
    "protected headers that are not bytes": tagged([{}, *_PARTS[1:]], 18),
    "unprotected headers that are no map": tagged([_PARTS[0], b"", *_PARTS[2:]], 18),
    "a detached payload": tagged([*_PARTS[:2], None, _PARTS[3]], 18),
    "a signature of text": tagged([*_PARTS[:3], "signature"], 18),
    "protected headers that are an array": tagged([b"\x80", *_PARTS[1:]], 18),
    "protected headers that are not CBOR": tagged([b"\xff", *_PARTS[1:]], 18),
    "something behind it": tagged(_PARTS, 18) + b"\x00",
}
_HEADERS: dict[str, dict[int, Any]] = {
    "no algorithm": {4: ISSUER.kid},
    "EdDSA": {1: -8, 4: ISSUER.kid},
    "an algorithm in text": {1: "ES256", 4: ISSUER.kid},
    "a list of algorithms": {1: [ES256], 4: ISSUER.kid},
    "a kid of text": {1: ES256, 4: "kid"},
    "critical headers": {1: ES256, 2: [1], 4: ISSUER.kid},
}


@pytest.mark.parametrize("misshapen", _MISSHAPEN)
def test_what_is_not_a_cose_sign1_is_of_bad_structure(misshapen: str) -> None:
    assert reason_of(text_of(_MISSHAPEN[misshapen])) is Reason.BAD_STRUCTURE


@pytest.mark.parametrize("headers", _HEADERS)
def test_headers_that_we_do_not_understand_are_of_bad_structure(headers: str) -> None:
    text = issued(claims(), ISSUER, protected=_HEADERS[headers])
    assert reason_of(text) is Reason.BAD_STRUCTURE


def test_what_is_signed_but_no_certificate_is_a_bad_certificate() -> None:
    assert reason_of(issued({1: "ID"}, ISSUER)) is Reason.BAD_CERTIFICATE
    assert reason_of(issued(b"", ISSUER)) is Reason.BAD_CERTIFICATE


def test_a_signer_who_is_not_on_the_list_is_unknown() -> None:
    assert reason_of(GOOD, SignerList([])) is Reason.UNKNOWN_KEY
    assert reason_of(GOOD, issuer(serial=2).signers) is Reason.UNKNOWN_KEY


def test_a_signature_by_another_key_is_bad() -> None:
    assert reason_of(issued(claims(), ISSUER.under(p256_key(2021)))) is Reason.BAD_SIGNATURE


def test_a_signature_of_another_length_is_bad() -> None:
    for signature in (b"", _PARTS[3][:-1], _PARTS[3] + b"\0", bytes(64), b"\xff" * 64):
        cose = tagged([*_PARTS[:3], signature], 18)
        assert reason_of(text_of(cose)) is Reason.BAD_SIGNATURE


@pytest.mark.parametrize("key", [p384_key(), rsa_key(1024)])
def test_a_signature_by_a_key_that_no_algorithm_takes_is_bad(key: PrivateKey) -> None:
    """ES256 is for P-256, and PS256 for 2048 bits or more."""
    weak = issuer(key)
    assert reason_of(issued(claims(), weak), weak.signers) is Reason.BAD_SIGNATURE


def test_the_algorithm_must_be_one_for_the_key() -> None:
    rsa = issuer(rsa_key())
    confused = issued(claims(), rsa, protected={1: ES256, 4: rsa.kid})
    assert reason_of(confused, rsa.signers) is Reason.BAD_SIGNATURE
    confused = issued(claims(), ISSUER, protected={1: PS256, 4: ISSUER.kid})
    assert reason_of(confused) is Reason.BAD_SIGNATURE


def test_every_signer_of_one_kid_is_tried() -> None:
    mine = ISSUER.signers.signers[0]
    other = replace(issuer(rsa_key()).signers.signers[0], term=mine.term)
    accepted(GOOD, SignerList([other, mine]))
    assert reason_of(GOOD, SignerList([other, other])) is Reason.BAD_SIGNATURE


_GROUPS = {
    TEST_OID: {"t": [TEST]},
    VACCINATION_OID: {"v": [VACCINATION]},
    RECOVERY_OID: {"r": [RECOVERY]},
}


@pytest.mark.parametrize("usage", _GROUPS)
@pytest.mark.parametrize("group", _GROUPS)
@pytest.mark.parametrize("early_form", [False, True])
def test_a_signer_signs_the_kinds_that_it_is_certified_for(
    usage: str, group: str, early_form: bool
) -> None:
    oid = usage.replace(".1847.", ".0.1847.") if early_form else usage
    signer = issuer(usages=[SERVER_OID, oid])
    text = issued(claims(**_GROUPS[group]), signer)
    if usage == group:
        accepted(text, signer.signers)
    else:
        assert reason_of(text, signer.signers) is Reason.SIGNER_USAGE


def test_of_two_kinds_in_one_certificate_the_signer_must_sign_both() -> None:
    both = claims(v=[VACCINATION], t=[TEST])
    one, two = issuer(usages=[TEST_OID]), issuer(usages=[TEST_OID, VACCINATION_OID])
    assert reason_of(issued(both, one), one.signers) is Reason.SIGNER_USAGE
    presented = accepted(issued(both, two), two.signers)
    assert presented.certificate.kinds == {Kind.TEST, Kind.VACCINATION}
    assert not hc1.fits_schema(issued(both, two))


@pytest.mark.parametrize(
    ("not_before_s", "not_after_s", "covers"),
    [
        (ISSUED_S, EXPIRES_S, True),
        (ISSUED_S + 1, EXPIRES_S, False),
        (ISSUED_S, EXPIRES_S - 1, False),
    ],
)
def test_issue_and_expiry_lie_within_the_signers_validity(
    not_before_s: int, not_after_s: int, covers: bool
) -> None:
    signer = issuer(not_before_s=not_before_s, not_after_s=not_after_s)
    text = issued(claims(), signer)
    if covers:
        accepted(text, signer.signers)
    else:
        assert reason_of(text, signer.signers) is Reason.KEY_NOT_IN_FORCE


def test_each_stage_refuses_with_a_reason_of_its_own() -> None:
    assert len(set(hc1.STAGES.values())) == len(hc1.STAGES)
