"""No two signals can be taken for each other: not with eyes closed, not without colour vision.

What is told apart by ear is a melody: tones in order, each against the silence or tone before it.
What is told apart by eye is a rhythm: how long any light is lit and how long none is, whatever its
colour. Two rhythms differ where they have another number of flashes, or where some flash or pause
is at least half as long again as its counterpart.
"""

from itertools import combinations, groupby

import pytest

from hardware.interfaces import HIGHEST_TONE_HZ, LOWEST_TONE_HZ
from kiosk.signalling.cue import CUES, Beat, Cue, Signal

ANSWERS = [
    Signal.ADMIT,
    Signal.DENY,
    Signal.REFER_IDENTITY,
    Signal.REFER_OTHER_CODE,
    Signal.REFER_UNSURE,
    Signal.SEEN_ALREADY,
    Signal.OUT_OF_ORDER,
]
"""What a person who holds up a code may get to see and hear."""

PRESSES = [Signal.ASSISTED, Signal.PRESS_IGNORED]
"""What the officer's button is answered with."""

CODES = [
    Signal.FAULT_CONFIGURATION,
    Signal.FAULT_NETWORK,
    Signal.FAULT_HUB,
    Signal.FAULT_CLOCK,
    Signal.FAULT_CAMERA,
    Signal.FAULT_STORAGE,
]
SHOWN = [signal for signal in Signal if signal is not Signal.OFF]


def _is_lit(beat: Beat) -> bool:
    return beat.red or beat.green


def _rhythm(cue: Cue) -> tuple[tuple[bool, int], ...]:
    runs = ((lit, list(beats)) for lit, beats in groupby(cue.beats, key=_is_lit))
    return tuple((lit, sum(beat.ms for beat in beats)) for lit, beats in runs)


def _melody(cue: Cue) -> tuple[int, ...]:
    runs = (tone_hz for tone_hz, _beats in groupby(beat.tone_hz for beat in cue.beats))
    return tuple(tone_hz for tone_hz in runs if tone_hz is not None)


def _differ_by_eye(one: Cue, other: Cue) -> bool:
    first, second = _rhythm(one), _rhythm(other)
    if [lit for lit, _ in first] != [lit for lit, _ in second]:
        return True
    pairs = zip(first, second, strict=True)
    return any(max(a, b) >= 1.5 * min(a, b) for (_, a), (_, b) in pairs)


def test_every_signal_has_a_cue() -> None:
    assert set(CUES) == set(Signal)
    assert all(beat.ms > 0 for cue in CUES.values() for beat in cue.beats)


@pytest.mark.parametrize(("one", "other"), list(combinations(SHOWN, 2)))
def test_two_signals_differ_by_rhythm_without_colour(one: Signal, other: Signal) -> None:
    assert _differ_by_eye(CUES[one], CUES[other])


@pytest.mark.parametrize(("one", "other"), list(combinations([*ANSWERS, *PRESSES], 2)))
def test_two_answers_differ_with_eyes_closed(one: Signal, other: Signal) -> None:
    assert _melody(CUES[one]) != _melody(CUES[other])


@pytest.mark.parametrize("signal", [*ANSWERS, *PRESSES])
def test_every_answer_is_heard(signal: Signal) -> None:
    assert _melody(CUES[signal])
    assert CUES[signal].beats[0].tone_hz is not None, "the sound comes with the light"


def test_admission_alone_is_green_and_rises() -> None:
    melody = _melody(CUES[Signal.ADMIT])
    assert list(melody) == sorted(set(melody))
    assert len(melody) == 2
    for signal in ANSWERS:
        pure_green = any(beat.green and not beat.red for beat in CUES[signal].beats)
        assert pure_green is (signal is Signal.ADMIT)
        rising = _melody(CUES[signal])
        if signal is not Signal.ADMIT:
            assert not (len(rising) == 2 and rising[1] > rising[0])


def test_the_officers_admission_is_green_and_not_the_kiosks_own() -> None:
    beats = CUES[Signal.ASSISTED].beats
    assert not any(beat.red for beat in beats)
    assert any(beat.green for beat in beats)
    assert len(_rhythm(CUES[Signal.ASSISTED])) > len(_rhythm(CUES[Signal.ADMIT]))
    assert not any(_is_lit(beat) for beat in CUES[Signal.PRESS_IGNORED].beats)


def test_denial_alone_is_red_with_two_low_tones() -> None:
    assert len(_melody(CUES[Signal.DENY])) == 2
    assert len(set(_melody(CUES[Signal.DENY]))) == 1
    assert max(_melody(CUES[Signal.DENY])) < min(_melody(CUES[Signal.ADMIT]))
    assert not any(beat.green for beat in CUES[Signal.DENY].beats)


@pytest.mark.parametrize(
    "signal", [Signal.REFER_IDENTITY, Signal.REFER_OTHER_CODE, Signal.REFER_UNSURE]
)
def test_a_referral_is_amber_throughout(signal: Signal) -> None:
    assert all(beat.red and beat.green for beat in CUES[signal].beats if _is_lit(beat))


@pytest.mark.parametrize("signal", CODES)
def test_a_technicians_code_is_silent_and_counts_short_red_flashes(signal: Signal) -> None:
    cue = CUES[signal]
    assert _melody(cue) == ()
    assert not any(beat.green for beat in cue.beats)
    flashes = [ms for lit, ms in _rhythm(cue) if lit]
    assert len(flashes) == 1 + CODES.index(signal)
    assert max(flashes) < 200
    pauses = [ms for lit, ms in _rhythm(cue) if not lit]
    assert pauses[-1] >= 5 * max(flashes)
    assert cue.repeats


def test_ready_is_a_slow_silent_green_heartbeat() -> None:
    cue = CUES[Signal.READY]
    assert cue.repeats
    assert _melody(cue) == ()
    assert not any(beat.red for beat in cue.beats)
    assert sum(beat.ms for beat in cue.beats) >= 2000


def test_off_is_dark_and_silent() -> None:
    assert CUES[Signal.OFF].beats == (Beat(100),)


def test_a_buzzer_can_play_every_tone() -> None:
    tones = {beat.tone_hz for cue in CUES.values() for beat in cue.beats} - {None}
    assert all(LOWEST_TONE_HZ <= tone_hz <= HIGHEST_TONE_HZ for tone_hz in tones if tone_hz)


@pytest.mark.parametrize("signal", [*ANSWERS, *PRESSES])
def test_an_answer_ends_within_four_seconds(signal: Signal) -> None:
    """The next person is not kept waiting."""
    assert sum(beat.ms for beat in CUES[signal].beats) <= 4000
