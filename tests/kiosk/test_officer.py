"""A press counts one person in an open shift; it may turn an amber into a yes, and never a red."""

import pytest

from kiosk.admission.verdict import Outcome
from kiosk.officer import ABOUT_MS, SHIFT_MS, LastShown, Officer, Press

ADMIT, DENY, REFER = Outcome.ADMIT, Outcome.DENY, Outcome.REFER
OPENED_MS = 1_000_000
SHOWN_MS = 2_000_000
IGNORED = (Press.IGNORED, None)
WITHOUT_CODE = (Press.WITHOUT_CODE, None)


def _last(shown: Outcome) -> LastShown:
    return LastShown(shown, SHOWN_MS, 41, b"token--1")


def _officer(*, shown: Outcome | None = None) -> Officer:
    officer = Officer()
    officer.open_shift(OPENED_MS)
    if shown is not None:
        officer.saw(_last(shown))
    return officer


@pytest.mark.parametrize("shown", [None, *Outcome])
def test_without_a_shift_a_press_does_nothing(shown: Outcome | None) -> None:
    officer = Officer()
    if shown is not None:
        officer.saw(_last(shown))
    assert officer.judge(SHOWN_MS + 1) == IGNORED


def test_a_shift_lasts_eight_hours_and_is_opened_anew() -> None:
    officer = _officer()
    end_ms = OPENED_MS + SHIFT_MS
    assert SHIFT_MS == 8 * 3_600_000
    assert officer.judge(end_ms) == WITHOUT_CODE
    assert officer.judge(end_ms + 1) == IGNORED
    officer.open_shift(end_ms)
    assert officer.judge(end_ms + 1) == WITHOUT_CODE


@pytest.mark.parametrize("after_ms", [0, 1, ABOUT_MS])
def test_within_15_s_of_a_no_a_press_is_not_a_yes(after_ms: int) -> None:
    officer = _officer(shown=DENY)
    for _ in range(3):
        assert officer.judge(SHOWN_MS + after_ms) == IGNORED
    assert ABOUT_MS == 15_000


def test_after_15_s_a_press_is_about_somebody_else() -> None:
    for shown in Outcome:
        assert _officer(shown=shown).judge(SHOWN_MS + ABOUT_MS + 1) == WITHOUT_CODE


@pytest.mark.parametrize("after_ms", [0, 1, ABOUT_MS])
def test_within_15_s_of_a_referral_a_press_lets_that_person_in_once(after_ms: int) -> None:
    officer = _officer(shown=REFER)
    assert officer.judge(SHOWN_MS + after_ms) == (Press.REFERRED, _last(REFER))
    assert officer.judge(SHOWN_MS + after_ms) == WITHOUT_CODE


def test_after_an_admission_a_press_is_about_the_next_person() -> None:
    officer = _officer(shown=ADMIT)
    assert officer.judge(SHOWN_MS + 1) == WITHOUT_CODE


def test_the_last_light_is_what_counts() -> None:
    officer = _officer(shown=REFER)
    officer.saw(LastShown(DENY, SHOWN_MS + 5000, 42, None))
    assert officer.judge(SHOWN_MS + 6000) == IGNORED
    officer.saw(LastShown(REFER, SHOWN_MS + 7000, 43, None))
    assert officer.judge(SHOWN_MS + 8000)[0] is Press.REFERRED


def test_a_press_from_before_the_light_is_not_about_it() -> None:
    """The button has a thread of its own: a press may be answered after the next verdict."""
    officer = _officer(shown=REFER)
    assert officer.judge(SHOWN_MS - 1) == WITHOUT_CODE
