"""However a valid certificate is bent, it is refused in bounded time, or it is the same pass."""

import time
import tracemalloc
import zlib
from datetime import datetime
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.passes.certificate import HealthCertificatePass
from kiosk.passes.formats import hc1
from kiosk.passes.reading import MAX_CHARACTERS, Refusal
from kiosk.passes.reason import Reason
from kiosk.passes.unpacking import MAX_INFLATED_BYTES, inflate
from tests.kiosk.passes.health_issuer import (
    ES256,
    EXPIRES_S,
    ISSUED_S,
    TEST,
    VACCINATION,
    claims,
    issued,
    issuer,
    message,
    rsa_key,
    tagged,
    text_of,
    text_of_packed,
)

# The order of the group of P-256 (SEC 2, section 2.4.2).
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

ISSUER, RSA = issuer(), issuer(rsa_key())
SIGNERS = ISSUER.signers
PARTS = message(claims(), ISSUER)
COSE = tagged(PARTS, 18)
TEXT = text_of(COSE)
GOOD = hc1.read(TEXT, SIGNERS)
OTHER = message(claims(t=[TEST]), ISSUER)
assert isinstance(GOOD, HealthCertificatePass)
SERIAL = GOOD.serial


def check(presented: HealthCertificatePass | Refusal) -> None:
    """Refused, or the very pass."""
    assert isinstance(presented, Refusal) or presented == GOOD


def malleated() -> dict[str, str]:
    r, s = PARTS[3][:32], int.from_bytes(PARTS[3][32:])
    mirrored = r + (_ORDER - s).to_bytes(32)
    headers = {4: b"other", 99: "anything", -1: [1, 2]}
    return {
        "signature": text_of(tagged([*PARTS[:3], mirrored], 18)),
        "unprotected": text_of(tagged([PARTS[0], headers, *PARTS[2:]], 18)),
        "untagged": text_of(tagged(PARTS)),
        "tagged": text_of(tagged(PARTS, 61, 18)),
        "packed": text_of(COSE, level=0),
        "long spelling": text_of(b"\xd8\x12\x9f" + b"".join(map(cbor2.dumps, PARTS)) + b"\xff"),
    }


@pytest.mark.parametrize("way", malleated())
def test_a_malleated_copy_is_the_same_pass(way: str) -> None:
    text = malleated()[way]
    assert text != TEXT
    assert hc1.read(text, SIGNERS) == GOOD


def test_signing_the_same_content_anew_gives_the_same_serial() -> None:
    again = hc1.read(issued(claims(), ISSUER), SIGNERS)
    assert isinstance(again, HealthCertificatePass)
    assert again.serial == SERIAL


def test_another_certificate_is_another_pass() -> None:
    other = hc1.read(text_of(tagged(OTHER, 18)), SIGNERS)
    assert isinstance(other, HealthCertificatePass)
    assert other.serial != SERIAL


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=MAX_CHARACTERS + 10))
def test_no_text_is_a_pass_or_an_exception(text: str) -> None:
    assert isinstance(hc1.read(text, SIGNERS), Refusal)
    assert isinstance(hc1.read("HC1:" + text, SIGNERS), Refusal)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=600))
def test_no_bytes_at_any_stage_are_a_pass_or_an_exception(data: bytes) -> None:
    assert isinstance(hc1.read_compressed(data, SIGNERS), Refusal)
    assert isinstance(hc1.read_cose(data, SIGNERS), Refusal)
    assert isinstance(hc1.read(text_of_packed(data)[:MAX_CHARACTERS], SIGNERS), Refusal)


@settings(deadline=None, max_examples=500)
@given(st.integers(0, len(COSE) * 8 - 1))
def test_one_bit_flipped(bit: int) -> None:
    flipped = bytearray(COSE)
    flipped[bit // 8] ^= 1 << bit % 8
    check(hc1.read_cose(bytes(flipped), SIGNERS))


@settings(deadline=None, max_examples=500)
@given(st.integers(0, len(PARTS[2]) * 8 - 1))
def test_one_bit_of_the_signed_content_flipped_is_never_valid(bit: int) -> None:
    content = bytearray(PARTS[2])
    content[bit // 8] ^= 1 << bit % 8
    cose = tagged([*PARTS[:2], bytes(content), PARTS[3]], 18)
    assert isinstance(hc1.read_cose(cose, SIGNERS), Refusal)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_cut_spliced_and_overwritten(data: st.DataObject) -> None:
    packed = zlib.compress(COSE)
    source = data.draw(st.sampled_from([COSE, packed]))
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, len(source)))
    bent = source[:start] + data.draw(st.binary(max_size=40)) + source[end:]
    for read in (hc1.read_cose, hc1.read_compressed):
        check(read(bent, SIGNERS))
    check(hc1.read(text_of_packed(bent), SIGNERS))


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)), st.text(max_size=6))
def test_text_cut_and_spliced(start: int, end: int, between: str) -> None:
    check(hc1.read(TEXT[:start] + between + TEXT[end:], SIGNERS))


def test_parts_of_two_certificates_do_not_make_a_third() -> None:
    for mask in range(1, 15):
        parts = [(OTHER if mask >> place & 1 else PARTS)[place] for place in range(4)]
        presented = hc1.read_cose(tagged(parts, 18), SIGNERS)
        whole = {bytes(PARTS[2]): PARTS[3], bytes(OTHER[2]): OTHER[3]}[parts[2]] == parts[3]
        assert isinstance(presented, HealthCertificatePass) == whole


_PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=20),
    st.binary(max_size=20),
    st.datetimes().map(datetime.isoformat),
    st.sampled_from([ISSUED_S, EXPIRES_S, "2021-05-20T08:30:00+07:00", "2021-04-17"]),
)
_TAGGED = st.builds(cbor2.CBORTag, st.integers(0, 300), _PLAIN)
_VALUES = (
    _PLAIN | _TAGGED | st.lists(_PLAIN, max_size=2) | st.dictionaries(_PLAIN, _PLAIN, max_size=2)
)
_ENTRY = st.dictionaries(st.sampled_from([*VACCINATION, *TEST]), _VALUES, max_size=4)


@settings(deadline=None, max_examples=300)
@given(
    st.fixed_dictionaries({4: _VALUES | st.just(EXPIRES_S), 6: _VALUES | st.just(ISSUED_S)}),
    st.dictionaries(
        st.sampled_from(["v", "t", "r", "ver", "nam", "dob"]),
        st.lists(_ENTRY, max_size=2) | _VALUES,
        max_size=3,
    ),
)
def test_no_signed_content_is_an_exception(times: dict[int, Any], group: dict[str, Any]) -> None:
    """Not even a signer that is trusted can bring the door down."""
    payload = {**times, -260: {1: group}}
    presented = hc1.read_cose(tagged(message(payload, ISSUER), 18), SIGNERS)
    if isinstance(presented, HealthCertificatePass):
        assert presented.certificate.statements
        assert presented.issued_at_s <= presented.expires_s


def _filled(item: bytes) -> bytes:
    count = (MAX_INFLATED_BYTES - 16) // len(item)
    return b"\x99" + count.to_bytes(2) + item * count


_BOMBS = {
    "zeros": bytes(50_000_000),
    "just too much": bytes(MAX_INFLATED_BYTES + 1),
    "nested arrays": b"\x81" * (MAX_INFLATED_BYTES - 1),
    "nested tags": b"\xc6" * (MAX_INFLATED_BYTES - 1),
    "nested open arrays": b"\x9f" * MAX_INFLATED_BYTES,
    "tags": _filled(b"\xc1\x00"),
    "big numbers": _filled(b"\xc2\x40"),
    "arrays": _filled(b"\x80"),
    "maps": _filled(b"\xa1\x00\x00"),
    "endless text": b"\x7f" + b"\x60" * (MAX_INFLATED_BYTES - 1),
    "claimed length of bytes": b"\x5b" + b"\xff" * 8,
    "claimed length of an array": b"\x9b\x00\x00\x00\x10" + b"\x00" * 4,
    "claimed length of a map": b"\xbb" + b"\xff" * 8,
}


@pytest.mark.parametrize("bomb", _BOMBS)
def test_a_bomb_costs_little_time_and_memory(bomb: str) -> None:
    packed = zlib.compress(_BOMBS[bomb], 9)
    spent_s = []
    for _ in range(20):
        begun_s = time.process_time()
        assert isinstance(hc1.read_compressed(packed, SIGNERS), Refusal)
        spent_s.append(time.process_time() - begun_s)
    tracemalloc.start()
    try:
        hc1.read_compressed(packed, SIGNERS)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert min(spent_s) <= 0.005
    assert peak_bytes <= 4 * 1024 * 1024


def test_the_largest_stream_is_unpacked_and_one_byte_more_is_not() -> None:
    assert len(inflate(zlib.compress(bytes(MAX_INFLATED_BYTES)))) == MAX_INFLATED_BYTES
    packed = zlib.compress(bytes(MAX_INFLATED_BYTES + 1))
    refusal = hc1.read_compressed(packed, SIGNERS)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.BAD_COMPRESSION


@pytest.mark.parametrize(
    "bend",
    [
        lambda packed: packed[:-1],
        lambda packed: packed + b"\x00",
        lambda packed: packed + packed,
        lambda packed: packed[2:],
        lambda packed: packed[:-4] + b"\x00" * 4,
        lambda packed: b"",
    ],
)
def test_a_stream_that_is_not_one_whole_stream_is_refused(bend: Any) -> None:
    refusal = hc1.read_compressed(bend(zlib.compress(COSE)), SIGNERS)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.BAD_COMPRESSION


def test_a_certificate_under_rsa_is_as_tight() -> None:
    parts = message(claims(), RSA, protected={1: -37, 4: RSA.kid})
    assert isinstance(hc1.read_cose(tagged(parts, 18), RSA.signers), HealthCertificatePass)
    for place in range(0, len(parts[3]), 16):
        signature = bytearray(parts[3])
        signature[place] ^= 1
        cose = tagged([*parts[:3], bytes(signature)], 18)
        assert isinstance(hc1.read_cose(cose, RSA.signers), Refusal)
    as_ec = message(claims(), ISSUER, protected={1: ES256, 4: RSA.kid})
    assert isinstance(hc1.read_cose(tagged(as_ec, 18), RSA.signers), Refusal)
