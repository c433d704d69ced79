"""Whether a press arrives."""

import threading

from hardware.interfaces import Button
from provisioning.acceptance.result import Announce, Outcome, Result
from provisioning.language import mark as _

_ADVICE = _("check the wires from the button to its pin and to ground, and [button] pin")


def try_button(button: Button, within_s: float, announce: Announce) -> Result:
    """Raises ButtonFault."""
    pressed = threading.Event()
    button.when_pressed(lambda _boot_ms: pressed.set())
    announce(f"button: press it now, within {within_s:g} s")
    if pressed.wait(within_s):
        return Result("button", Outcome.OK, f"{button.describe()}: a press arrived")
    said = f"{button.describe()}: no press arrived within {within_s:g} s"
    return Result("button", Outcome.BAD, said, _ADVICE)
