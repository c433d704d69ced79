"""Three tones across the range, each from silence."""

from hardware.interfaces import HIGHEST_TONE_HZ, LOWEST_TONE_HZ, Buzzer
from provisioning.acceptance.result import Announce, Ask, Outcome, Result
from provisioning.acceptance.stopwatch import Stopwatch
from provisioning.language import mark as _

TONES_HZ = (LOWEST_TONE_HZ, 440, HIGHEST_TONE_HZ)
_TONE_S = 0.4
_SILENCE_S = 0.2
_ADVICE = _("if you heard nothing, check the wires, and that the piezo is a passive one")


def try_buzzer(buzzer: Buzzer, stopwatch: Stopwatch, announce: Announce, ask: Ask) -> Result:
    """Raises BuzzerFault."""
    announce(f"buzzer: listen for {len(TONES_HZ)} rising tones")
    for tone_hz in TONES_HZ:
        buzzer.sound(tone_hz)
        stopwatch.wait(_TONE_S)
        buzzer.sound(None)
        stopwatch.wait(_SILENCE_S)
    played = ", ".join(str(tone_hz) for tone_hz in TONES_HZ)
    said = f"{buzzer.describe()}: played {played} Hz"
    if not ask(f"buzzer: did you hear {len(TONES_HZ)} rising tones?"):
        return Result("buzzer", Outcome.BAD, f"{said}, which nobody heard", _ADVICE)
    return Result("buzzer", Outcome.OK, said, _ADVICE)
