"""Whatever a code holds is judged without raising: by its length, then by its prefix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.passes.format import Format
from kiosk.passes.reading import MAX_CHARACTERS, Pass, Refusal, Trust
from kiosk.passes.reason import Reason
from kiosk.passes.recognition import read_pass
from sync.wire.keys import KeyList
from tests.kiosk.passes.issued import GOOD, TRUST

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
        ("NO_RULEBOOK", 43),
    }  # fmt: skip
    assert {each.name: each.value for each in Format} == {
        "NONE": 0, "GPS1": 1, "GPR1": 2, "HC1": 3, "ROSTER": 4, "NATIONAL": 5
    }  # fmt: skip
