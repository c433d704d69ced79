"""Three tones across the range, each from silence."""

from hardware.interfaces import HIGHEST_TONE_HZ, LOWEST_TONE_HZ, Buzzer
from provisioning.acceptance.result import Announce, Outcome, Result
from provisioning.acceptance.stopwatch import Stopwatch

TONES_HZ = (LOWEST_TONE_HZ, 440, HIGHEST_TONE_HZ)
_TONE_S = 0.4
_SILENCE_S = 0.2
_ADVICE = "if you heard nothing, check the wires, and that the piezo is a passive one"


def try_buzzer(buzzer: Buzzer, stopwatch: Stopwatch, announce: Announce) -> Result:
    """Raises BuzzerFault."""
    announce(f"buzzer: listen for {len(TONES_HZ)} rising tones")
    for tone_hz in TONES_HZ:
        buzzer.sound(tone_hz)
        stopwatch.wait(_TONE_S)
        buzzer.sound(None)
        stopwatch.wait(_SILENCE_S)
    played = ", ".join(str(tone_hz) for tone_hz in TONES_HZ)
    return Result("buzzer", Outcome.OK, f"{buzzer.describe()}: played {played} Hz", _ADVICE)
