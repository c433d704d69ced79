"""A light's rhythm is drawn as the kiosk gives it, on two tracks."""

import numpy as np
import pytest

from kiosk.config import Configuration
from kiosk.signalling.cue import CUES, Beat, Cue, Signal
from provisioning.handbook import rhythm
from provisioning.handbook.pages import LIGHTS, draw_handbook
from provisioning.paper.pen import AMBER, GREEN, RED
from tests.provisioning.printed import picture_of_page


def _flashes(cue: Cue) -> list[tuple[int, bool, bool]]:
    return [
        (end_ms - begin_ms, beat.red, beat.green)
        for begin_ms, end_ms, beat in rhythm._beats(cue)
        if beat.red or beat.green
    ]


def test_a_code_goes_round_until_the_end_of_its_track() -> None:
    cue = Cue((Beat(1000, red=True), Beat(500)), repeats=True)
    beats = [(begin, end) for begin, end, _beat in rhythm._beats(cue)]
    assert beats == [(0, 1000), (1000, 1500), (1500, 2500), (2500, 3000), (3000, 3600)]


def test_what_passes_is_drawn_once() -> None:
    assert _flashes(CUES[Signal.CARD_TAKEN]) == [(250, False, True)] * 2
    assert _flashes(CUES[Signal.OFF]) == []


@pytest.mark.parametrize("light", LIGHTS)
def test_every_code_is_seen_whole_once(light: Signal) -> None:
    cue = CUES[light]
    assert sum(beat.ms for beat in cue.beats) <= rhythm.SHOWN_MS


def test_the_technicians_codes_count_as_drawn() -> None:
    """Within one round: 300 ms a flash and the pause behind them."""
    faults = [signal for signal in Signal if signal.value.startswith("fault-")]
    for count, signal in enumerate(faults, 1):
        flashes = [
            begin_ms
            for begin_ms, _end_ms, beat in rhythm._beats(CUES[signal])
            if beat.red and begin_ms < count * 300
        ]
        assert len(flashes) == count


@pytest.mark.parametrize(
    ("colour", "red", "green"), [(RED, True, False), (GREEN, False, True), (AMBER, True, True)]
)
def test_the_page_shows_each_lights_colours(colour: object, red: bool, green: bool) -> None:
    """As many strips have a colour as lights do."""
    expected = sum(
        any((beat.red, beat.green) == (red, green) for beat in CUES[light].beats)
        for light in LIGHTS
    )
    dots_per_mm = 8
    page = picture_of_page(draw_handbook(Configuration(), "id"), 1, dots_per_mm)
    strips = page[110 * dots_per_mm : 255 * dots_per_mm, 12 * dots_per_mm : 56 * dots_per_mm]
    wanted = [int(str(colour.hexval())[at : at + 2], 16) for at in (2, 4, 6)]  # type: ignore[attr-defined]
    rows = (np.abs(strips.astype(int) - wanted).max(axis=2) < 8).sum(axis=1) > 3
    # Of amber both tracks are lit, with a gap between them.
    begins = int(np.count_nonzero(rows[1:] & ~rows[:-1]))
    assert begins == expected * (2 if red and green else 1)
