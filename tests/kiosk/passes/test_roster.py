"""A number is looked up only where the roster lists its form, and found only whole."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_mock import MockerFixture

from kiosk.passes import roster as roster_module
from kiosk.passes.format import Format
from kiosk.passes.formats import roster as format_of_roster
from kiosk.passes.reading import Refusal, RosterMatch, Trust, serial, subject
from kiosk.passes.reason import Reason
from kiosk.passes.recognition import read_pass
from kiosk.passes.roster import EMPTY_ROSTER, Alphabet, Roster, Shape, slow_hash
from tests.kiosk.passes.issued import KEYS
from tests.kiosk.passes.people import COST, SALT, roster_of

PEOPLE = {f"19870605201001{number:04}": b"subject%d" % number for number in range(9)}
SHAPES = (Shape(Alphabet.DIGITS, 18), Shape(Alphabet.ALPHANUMERIC, 6))
ROSTER = Roster(
    SALT, COST, SHAPES, roster_of({**PEOPLE, "AB12CD": b"card-sub", "123456": b"six-digs"}).rows
)
TRUST = Trust(KEYS, roster=ROSTER)
NOT_A_PASS = Refusal(Format.NONE, Reason.NOT_A_PASS)
UNKNOWN = Refusal(Format.ROSTER, Reason.NOT_ON_ROSTER)


def test_everybody_on_it_is_found() -> None:
    for number, sub in PEOPLE.items():
        match = read_pass(number.encode(), TRUST)
        assert match == RosterMatch(sub)
        assert serial(match) == subject(match) == sub


def test_a_card_number_is_the_same_in_small_letters() -> None:
    for text in (b"AB12CD", b"ab12cd"):
        assert read_pass(text, TRUST) == RosterMatch(b"card-sub")
    assert read_pass(b"123456", TRUST) == RosterMatch(b"six-digs")


@pytest.mark.parametrize("text", [b"198706052010019999", b"000000", b"zzzzzz", b"ZZZZZZ"])
def test_a_number_of_a_listed_form_that_nobody_has_is_not_on_the_roster(text: bytes) -> None:
    assert read_pass(text, TRUST) == UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        *(b"", b"12345", b"1234567", b"12345-", b"12 456", b"123456\n", b" 123456"),
        *(b"19870605201001000A", "१२३४५६".encode(), "²²²²²²".encode()),
    ],
)
def test_what_has_no_listed_form_costs_no_hash(text: bytes, mocker: MockerFixture) -> None:
    hashed = mocker.spy(roster_module, "slow_hash")
    assert read_pass(text, TRUST) == NOT_A_PASS
    assert hashed.call_count == 0


def test_one_presentation_costs_one_hash(mocker: MockerFixture) -> None:
    hashed = mocker.spy(roster_module, "slow_hash")
    read_pass(b"123456", TRUST)
    assert hashed.call_count == 1


def test_without_a_roster_no_number_is_anybodys() -> None:
    assert read_pass(b"123456", Trust(KEYS)) == NOT_A_PASS
    assert format_of_roster.read("123456", EMPTY_ROSTER) is None


def test_letters_of_other_scripts_are_in_no_alphabet() -> None:
    """A roster's forms are asked with text as well, which a code's bytes never are."""
    for alphabet in Alphabet:
        assert not alphabet.holds("é1")
        assert not alphabet.holds("१२")
        assert not alphabet.holds("")
        assert alphabet.holds("12")
    assert Alphabet.ALPHANUMERIC.holds("a1B")
    assert not Alphabet.DIGITS.holds("a1B")


def test_the_hash_is_scrypt_of_the_number_and_the_salt() -> None:
    expected = hashlib.scrypt(b"AB1", salt=SALT, n=16, r=8, p=1, dklen=16)
    assert slow_hash("ab1", salt=SALT, cost=16) == expected
    assert slow_hash("AB1", salt=bytes(16), cost=16) != expected


def test_the_hash_may_take_what_memory_its_cost_asks_for() -> None:
    """More than the 32 MB that OpenSSL allows by itself (RFC 7914: 128 times N times r)."""
    assert len(slow_hash("ab1", salt=SALT, cost=2**15)) == 16


@settings(deadline=None)
@given(st.text(max_size=20).map(str.encode) | st.from_regex(rb"[0-9A-Za-z]{6}|[0-9]{18}"))
def test_nobody_is_found_who_is_not_on_it(text: bytes) -> None:
    read = read_pass(text, TRUST)
    known = {*PEOPLE, "AB12CD", "123456"}
    if text.decode(errors="replace").upper() not in known:
        assert read in (NOT_A_PASS, UNKNOWN)
