"""What the lamp and the buzzer can say, and how each is told from the others.

Verdicts differ by sound and by rhythm, so that neither sight nor colour vision is needed. A
technician's code is silent and counts short red flashes, a rhythm that no verdict has.
"""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Beat:
    """The lights and the tone for `ms` milliseconds; `tone_hz` None is silence."""

    ms: int
    red: bool = False
    green: bool = False
    tone_hz: int | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """Beats in order; where `repeats`, from the beginning again until another cue comes."""

    beats: tuple[Beat, ...]
    repeats: bool = False


class Signal(Enum):
    """Every thing that the door can say."""

    READY = "ready"
    ADMIT = "admit"
    DENY = "deny"
    REFER_IDENTITY = "refer-identity"
    REFER_OTHER_CODE = "refer-other-code"
    REFER_UNSURE = "refer-unsure"
    SEEN_ALREADY = "seen-already"
    CARD_TAKEN = "card-taken"
    CARD_PART = "card-part"
    ASSISTED = "assisted"
    PRESS_IGNORED = "press-ignored"
    OUT_OF_ORDER = "out-of-order"
    FAULT_CONFIGURATION = "fault-configuration"
    FAULT_NETWORK = "fault-network"
    FAULT_HUB = "fault-hub"
    FAULT_CLOCK = "fault-clock"
    FAULT_CAMERA = "fault-camera"
    FAULT_STORAGE = "fault-storage"
    STICK_BUSY = "stick-busy"
    STICK_DONE = "stick-done"
    STICK_FULL = "stick-full"
    STICK_READ_ONLY = "stick-read-only"
    STICK_FAULT = "stick-fault"
    OFF = "off"


# Within what a small piezo plays loudly.
_LOW_HZ, _MIDDLE_HZ, _HIGH_HZ, _CLICK_HZ = 330, 660, 990, 1320


def _amber(ms: int, tone_hz: int | None = None) -> Beat:
    return Beat(ms, red=True, green=True, tone_hz=tone_hz)


def _technician(flashes: int) -> Cue:
    """Return so many short red flashes and a long pause, silent."""
    flash = (Beat(120, red=True), Beat(180))
    return Cue((*flash * flashes, Beat(1500)), repeats=True)


def _stick(blinks: int) -> Cue:
    """Return one long amber flash and so many short ones, silent: somebody has to see to it."""
    short = (Beat(250), _amber(150))
    return Cue((_amber(900), *short * blinks, Beat(1500)), repeats=True)


CUES: dict[Signal, Cue] = {
    Signal.READY: Cue((Beat(150, green=True), Beat(2850)), repeats=True),
    Signal.ADMIT: Cue(
        (
            Beat(120, green=True, tone_hz=_MIDDLE_HZ),
            Beat(180, green=True, tone_hz=_HIGH_HZ),
            Beat(1700, green=True),
        )
    ),
    # The light goes out between the two tones: without colour, steady light is admission alone.
    Signal.DENY: Cue(
        (
            Beat(250, red=True, tone_hz=_LOW_HZ),
            Beat(120),
            Beat(350, red=True, tone_hz=_LOW_HZ),
            Beat(1800, red=True),
        )
    ),
    # One long tone, three long flashes: somebody is called.
    Signal.REFER_IDENTITY: Cue(
        (_amber(700, _MIDDLE_HZ), Beat(300), _amber(700), Beat(300), _amber(700))
    ),
    # Two equal tones with the light between them: again, please.
    Signal.REFER_OTHER_CODE: Cue(
        (*(_amber(150, _MIDDLE_HZ), Beat(150)) * 2, _amber(600), Beat(150), _amber(1500))
    ),
    # Three short tones, then a flutter: the kiosk itself does not know.
    Signal.REFER_UNSURE: Cue(
        ((_amber(90, _MIDDLE_HZ), Beat(90)) * 3) + ((_amber(300), Beat(300)) * 4)
    ),
    Signal.SEEN_ALREADY: Cue((Beat(40, tone_hz=_CLICK_HZ), Beat(300))),
    # Two green blinks without a sound: seen, and not a visit.
    Signal.CARD_TAKEN: Cue((*(Beat(250, green=True), Beat(250)) * 2, Beat(500))),
    # One of them for each part of a card that comes in several codes.
    Signal.CARD_PART: Cue((Beat(250, green=True), Beat(500))),
    # As an admission, but twice, with a second high tone: the officer's, not the kiosk's.
    Signal.ASSISTED: Cue(
        (
            Beat(120, green=True, tone_hz=_MIDDLE_HZ),
            Beat(180, green=True, tone_hz=_HIGH_HZ),
            Beat(300, green=True),
            Beat(300),
            Beat(180, green=True, tone_hz=_HIGH_HZ),
            Beat(420, green=True),
        )
    ),
    Signal.PRESS_IGNORED: Cue(
        (Beat(40, tone_hz=_CLICK_HZ), Beat(160), Beat(40, tone_hz=_CLICK_HZ), Beat(400))
    ),
    # A long and a short flash in turn, falling tones: whoever held up a code hears that too.
    Signal.OUT_OF_ORDER: Cue(
        (
            *(Beat(500, red=True, tone_hz=_MIDDLE_HZ), Beat(200)),
            *(_amber(200, _LOW_HZ), Beat(500)),
        )
        * 2,
        repeats=True,
    ),
    Signal.FAULT_CONFIGURATION: _technician(1),
    Signal.FAULT_NETWORK: _technician(2),
    Signal.FAULT_HUB: _technician(3),
    Signal.FAULT_CLOCK: _technician(4),
    Signal.FAULT_CAMERA: _technician(5),
    Signal.FAULT_STORAGE: _technician(6),
    # An even, quick amber blink for as long as it must stay in, a slow green one when it need not.
    Signal.STICK_BUSY: Cue((_amber(250), Beat(250)), repeats=True),
    Signal.STICK_DONE: Cue((Beat(1000, green=True), Beat(1000)), repeats=True),
    Signal.STICK_FULL: _stick(1),
    Signal.STICK_READ_ONLY: _stick(2),
    Signal.STICK_FAULT: _stick(3),
    Signal.OFF: Cue((Beat(100),)),
}
