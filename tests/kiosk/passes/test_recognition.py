"""Whatever a code holds is judged without raising: by its length, then by its prefix."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.passes.certificate import HealthCertificatePass
from kiosk.passes.claims import PassType
from kiosk.passes.format import Format
from kiosk.passes.issuing import issue_static
from kiosk.passes.reading import MAX_CHARACTERS, Pass, Refusal, Trust, serial, subject
from kiosk.passes.reason import Reason
from kiosk.passes.recognition import STAGES, read_pass
from kiosk.passes.roster import Alphabet, Roster, Shape
from sync.wire.keys import KeyList
from tests.kiosk.passes.health_issuer import claims, issued, issuer, message, tagged, text_of
from tests.kiosk.passes.issued import GOOD, TRUST, VISITOR
from tests.kiosk.passes.people import roster_of
from tests.kiosk.passes.phone import Phone, inner_of, mirrored, turning_text
from tests.sync.wire.parties import PASS, WITHIN_S

NOT_A_PASS = Refusal(Format.NONE, Reason.NOT_A_PASS)
TOO_LONG = Refusal(Format.NONE, Reason.TOO_LONG)


def test_the_longest_code_has_1500_characters() -> None:
    assert MAX_CHARACTERS == 1500
    assert read_pass(b"x" * 1500, TRUST) == NOT_A_PASS
    assert read_pass(b"x" * 1501, TRUST) == TOO_LONG
    assert read_pass(b"GPS1:" + b"0" * 1495, TRUST).format is Format.GPS1
    assert read_pass(GOOD + b"0" * (1501 - len(GOOD)), TRUST) == TOO_LONG
    assert read_pass(b"\xff" * 10_000_000, TRUST) == TOO_LONG


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"GPS1",
        b"gps1:" + GOOD[5:],
        b" " + GOOD,
        b"\xef\xbb\xbf" + GOOD,
        GOOD.decode().encode("utf-16"),
        b"GPS2:" + GOOD[5:],
        b"https://example.go.id/checkin?x=GPS1:",
        b"GPS1:" + "é".encode(),
        b"\x00",
    ],
)
def test_what_has_no_known_prefix_is_not_a_pass(payload: bytes) -> None:
    assert read_pass(payload, TRUST) == NOT_A_PASS


def test_without_keys_nothing_is_a_pass() -> None:
    empty = KeyList(1, ())
    assert read_pass(GOOD, Trust(empty)) == Refusal(Format.GPS1, Reason.UNKNOWN_KEY)
    assert isinstance(read_pass(GOOD, TRUST), Pass)


ISSUER = issuer()
PHONE = Phone()
CERTIFICATE = issued(claims(), ISSUER).encode()
TURNING_CLAIMS = replace(VISITOR, holder_key=PHONE.holder)
TURNING = PHONE.code(issue_static(TURNING_CLAIMS, PASS), WITHIN_S).encode()
PEOPLE = roster_of({"123456": b"subject1"})
EVERYTHING = Trust(
    TRUST.keys,
    ISSUER.signers,
    Roster(PEOPLE.salt, PEOPLE.cost, (Shape(Alphabet.DIGITS, 6),), PEOPLE.rows),
)
ONE_OF_EACH = {
    Format.GPS1: GOOD,
    Format.GPR1: TURNING,
    Format.HC1: CERTIFICATE,
    Format.ROSTER: b"123456",
    Format.NATIONAL: b"https://pedulilindungi.id/",
}


def test_every_format_is_recognised() -> None:
    for kind, payload in ONE_OF_EACH.items():
        read = read_pass(payload, EVERYTHING)
        assert read.format is kind
        assert not isinstance(read, Refusal)
    assert set(STAGES) == set(Format)


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_nothing_of_it_is_read_behind_1500_characters(kind: Format) -> None:
    payload = ONE_OF_EACH[kind]
    assert read_pass(payload + b" " * (1501 - len(payload)), EVERYTHING) == TOO_LONG


@settings(deadline=None)
@given(
    st.sampled_from([b"GPS1:", b"GPR1:", b"HC1:", b"GPC1:", b"https://", b"checkin:", b""]),
    st.binary(max_size=1600)
    | st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", max_size=1500).map(str.encode),
)
def test_any_bytes_behind_any_prefix_are_judged(prefix: bytes, rest: bytes) -> None:
    read = read_pass(prefix + rest, EVERYTHING)
    assert not isinstance(read, Pass | HealthCertificatePass)
    if isinstance(read, Refusal):
        reasons = {*STAGES[read.format].values(), Reason.NOT_A_PASS, Reason.TOO_LONG}
        assert read.reason in reasons


@settings(deadline=None)
@given(st.sampled_from([GOOD, TURNING, CERTIFICATE]), st.data())
def test_spliced_and_cut_codes_are_the_same_pass_or_none(good: bytes, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from([GOOD, TURNING, CERTIFICATE]))
    head = good[: data.draw(st.integers(0, len(good)))]
    bent = head + other[data.draw(st.integers(0, len(other))) :]
    read = read_pass(bent, EVERYTHING)
    passes = [read_pass(each, EVERYTHING) for each in (GOOD, TURNING, CERTIFICATE)]
    assert isinstance(read, Refusal) or read in passes


def test_a_malleated_copy_is_known_again() -> None:
    """Other packing, so other text, or another signature of the same content: the same serial."""
    parts = message(claims(), ISSUER)
    signed = tagged(parts, 18)
    other_signature = tagged([*parts[:3], mirrored(parts[3])], 18)
    copies = [text_of(signed, level) for level in (0, 9)] + [text_of(other_signature)]
    assert len(set(copies)) == len(copies)
    serials = {serial(read_pass(copy.encode(), EVERYTHING)) for copy in copies}
    assert serials == {serial(read_pass(CERTIFICATE, EVERYTHING))} != {None}
    inner, slot = inner_of(issue_static(TURNING_CLAIMS, PASS)), WITHIN_S // 30
    for later in (slot, slot + 1):
        signature = PHONE.signature(inner, later)
        for each in (signature, mirrored(signature)):
            read = read_pass(turning_text([inner, later, each]).encode(), EVERYTHING)
            assert serial(read) == VISITOR.cti
            assert subject(read) == VISITOR.sub


def test_text_has_one_spelling_only() -> None:
    """Each base45 group has one spelling; a second spelling would be a second pass."""
    for text in (GOOD, TURNING, CERTIFICATE):
        for place in range(5, len(text)):
            for code in b"0A:":
                other = text[:place] + bytes([code]) + text[place + 1 :]
                read = read_pass(other, EVERYTHING)
                known = (read_pass(text, EVERYTHING),)
                assert isinstance(read, Refusal) or (other == text and read in known)


@settings(deadline=None)
@given(st.binary(max_size=1600) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_judged(payload: bytes) -> None:
    assert isinstance(read_pass(payload, TRUST), Refusal)


def test_numbers_that_journals_hold_stay_as_they_are() -> None:
    assert {reason.name: reason.value for reason in Reason}.items() >= {
        ("ALLOWED", 0), ("NOT_A_PASS", 1), ("TOO_LONG", 2), ("BAD_ENCODING", 3),
        ("BAD_STRUCTURE", 4), ("UNKNOWN_KEY", 5), ("BAD_SIGNATURE", 6), ("BAD_CLAIMS", 7),
        ("KEY_NOT_IN_FORCE", 8), ("REVOKED", 20), ("EXPIRED", 21), ("NOT_YET_VALID", 22),
        ("TIME_UNCERTAIN", 23), ("WRONG_DOOR", 24), ("WRONG_UNIT", 25), ("WRONG_DAY", 26),
        ("ALREADY_INSIDE", 27), ("NOT_ALLOWED", 40), ("RULE_DENIES", 41), ("RULE_REFERS", 42),
        ("NO_RULEBOOK", 43), ("OUTSIDE_HOURS", 28), ("USED_TODAY", 29), ("FULL", 30),
        ("STALE_RULEBOOK", 44), ("BAD_COMPRESSION", 60), ("BAD_CERTIFICATE", 61),
        ("SIGNER_USAGE", 62), ("BAD_HOLDER_SIGNATURE", 70), ("CODE_TOO_OLD", 71),
        ("CODE_SEEN", 72), ("NOT_ON_ROSTER", 80),
    }  # fmt: skip
    assert {each.name: each.value for each in PassType} == {
        "VISITOR": 1, "SITE_CARD": 2, "EMPLOYEE": 3, "OFFICER": 4, "CERTIFICATE": 5, "ROSTER": 6,
        "NATIONAL": 7,
    }  # fmt: skip
    assert {each.name: each.value for each in Format} == {
        "NONE": 0, "GPS1": 1, "GPR1": 2, "HC1": 3, "ROSTER": 4, "NATIONAL": 5
    }  # fmt: skip
