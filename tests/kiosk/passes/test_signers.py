"""A trust list is read whole or not at all, and says which of its certificates is at fault."""

from contextlib import suppress
from dataclasses import replace

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.passes.certificate import Kind
from kiosk.passes.key_usage import ALL_KINDS, signable_kinds
from kiosk.passes.signers import (
    MAX_WITHOUT_KID,
    SignerFault,
    SignerList,
    read_rows,
    read_signer,
    read_signers,
    to_row,
)
from tests.kiosk.passes.health_issuer import (
    NOT_AFTER_S,
    NOT_BEFORE_S,
    RECOVERY_OID,
    SERVER_OID,
    TEST_OID,
    VACCINATION_OID,
    issuer,
    p384_key,
    rsa_key,
)

FIRST, SECOND = issuer(), issuer(rsa_key())
LIMITED = issuer(usages=[TEST_OID, VACCINATION_OID])
_USAGE = bytes.fromhex("0603551d25")
_TEST = bytes.fromhex("060b2b060104018e378f650101")


def test_a_signer_has_the_kid_and_the_validity_of_its_certificate() -> None:
    signer = read_signer(FIRST.certificate, name="the first")
    assert signer.kid == FIRST.kid
    assert (signer.term.not_before_s, signer.term.not_after_s) == (NOT_BEFORE_S, NOT_AFTER_S)


def test_signers_are_found_by_kid() -> None:
    signers = read_signers([FIRST.certificate, SECOND.certificate, FIRST.certificate])
    assert [signer.kid for signer in signers.signers] == [FIRST.kid, SECOND.kid]
    assert [signer.kid for signer in signers.find(SECOND.kid)] == [SECOND.kid]
    assert signers.find(b"") == ()


def test_without_a_kid_everybody_of_a_short_list_is_found() -> None:
    many = [issuer(serial=number).signers.signers[0] for number in range(1, MAX_WITHOUT_KID + 2)]
    assert len(SignerList(many[:-1]).find(None)) == MAX_WITHOUT_KID
    assert not SignerList(many).find(None)


@pytest.mark.parametrize(
    ("usages", "kinds"),
    [
        (None, ALL_KINDS),
        ([SERVER_OID], ALL_KINDS),
        ([TEST_OID], {Kind.TEST}),
        ([VACCINATION_OID], {Kind.VACCINATION}),
        ([SERVER_OID, RECOVERY_OID], {Kind.RECOVERY}),
        ([TEST_OID, "1.3.6.1.4.1.0.1847.2021.1.3"], {Kind.TEST, Kind.RECOVERY}),
        (["1.3.6.1.4.1.1847.2021.1.4"], ALL_KINDS),
        (["1.3.6.1.4.1.1847.2021.1.1.1"], ALL_KINDS),
    ],
)
def test_the_kinds_are_those_of_the_extended_key_usage(
    usages: list[str] | None, kinds: set[Kind]
) -> None:
    signer = read_signer(issuer(usages=usages).certificate, name="it")
    assert signer.kinds == kinds


def test_a_key_usage_may_be_marked_as_critical() -> None:
    """Then a flag stands between its name and its value (RFC 5280, section 4.1)."""
    critical = issuer(usages=[RECOVERY_OID], is_critical=True)
    assert read_signer(critical.certificate, name="it").kinds == {Kind.RECOVERY}


def test_an_extension_that_is_encoded_wrongly_does_not_hide_the_key_usage() -> None:
    """A flag that has its default must be left out; issuers write it, and a library gives up."""
    right = bytes.fromhex("0603551d130101ff04023000")
    wrong = bytes.fromhex("0603551d1304053003010100")
    assert len(right) == len(wrong)
    assert LIMITED.certificate.count(right) == 1
    bent = LIMITED.certificate.replace(right, wrong)
    with pytest.raises(ValueError):
        list(x509.load_der_x509_certificate(bent).extensions)
    assert read_signer(bent, name="it").kinds == {Kind.TEST, Kind.VACCINATION}


def test_two_key_usages_are_a_fault() -> None:
    twice = LIMITED.certificate.replace(bytes.fromhex("0603551d13"), _USAGE)
    with pytest.raises(SignerFault, match="two extended key usages"):
        read_signer(twice, name="it")


@pytest.mark.parametrize("length", [0x00, 0x01, 0x19, 0x7F, 0x80, 0x81, 0x84, 0xFF])
def test_a_key_usage_that_is_not_der_is_a_fault(length: int) -> None:
    at = LIMITED.certificate.index(_TEST) - 1
    bent = LIMITED.certificate[:at] + bytes([length]) + LIMITED.certificate[at + 1 :]
    with pytest.raises(SignerFault):
        read_signer(bent, name="it")


def test_a_fault_names_the_certificate() -> None:
    with pytest.raises(SignerFault, match=r"trust list: certificate 2 \(kid [0-9a-f]{16}\)"):
        read_signers([FIRST.certificate, FIRST.certificate[:-1]])


def test_a_key_that_fits_no_algorithm_is_no_fault() -> None:
    """It stands in published lists; it verifies nothing."""
    assert read_signers([issuer(p384_key()).certificate]).signers


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@settings(deadline=None, max_examples=500)
@given(st.integers(0, len(LIMITED.certificate) * 8 - 1))
def test_a_bent_certificate_is_read_or_is_a_fault(bit: int) -> None:
    bent = bytearray(LIMITED.certificate)
    bent[bit // 8] ^= 1 << bit % 8
    with suppress(SignerFault):
        assert read_signer(bytes(bent), name="it").kid != LIMITED.kid


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_are_another_exception(data: bytes) -> None:
    with pytest.raises(SignerFault):
        read_signer(data, name="it")


def test_usage_is_read_from_a_parsed_certificate() -> None:
    parsed = x509.load_der_x509_certificate(LIMITED.certificate)
    assert signable_kinds(parsed) == {Kind.TEST, Kind.VACCINATION}


def test_a_signer_comes_back_from_its_row_in_a_bundle() -> None:
    signers = read_signers([FIRST.certificate, SECOND.certificate, LIMITED.certificate]).signers
    rows = [to_row(signer) for signer in signers]
    assert [row.kinds for row in rows] == [7, 7, 3]
    assert read_rows(rows).signers == signers


@pytest.mark.parametrize("public", [b"", b"not DER", to_row(FIRST.signers.signers[0]).public[:-1]])
def test_a_row_without_a_key_is_a_fault_that_names_it(public: bytes) -> None:
    row = replace(to_row(FIRST.signers.signers[0]), public=public)
    with pytest.raises(SignerFault, match=FIRST.kid.hex()):
        read_rows([row])
