"""Red, green and amber in turn."""

from hardware.interfaces import Lamp
from provisioning.acceptance.result import Announce, Ask, Outcome, Result
from provisioning.acceptance.stopwatch import Stopwatch
from provisioning.language import mark as _

SHOWN_S = 1.0
_COLOURS = (("red", True, False), ("green", False, True), ("amber", True, True))
_ADVICE = _("if you saw another order, exchange red_pin and green_pin; if none, check the wires")


def try_lamp(lamp: Lamp, stopwatch: Stopwatch, announce: Announce, ask: Ask) -> Result:
    """Raises LampFault."""
    announce("lamp: watch it show red, green, amber (both lights)")
    for name, red, green in _COLOURS:
        lamp.show(red=red, green=green, caption=name)
        stopwatch.wait(SHOWN_S)
    lamp.show(red=False, green=False, caption="")
    said = f"{lamp.describe()}: switched to red, green, amber and off"
    if not ask("lamp: did you see red, green, amber, in this order?"):
        return Result("lamp", Outcome.BAD, f"{said}, which nobody saw", _ADVICE)
    return Result("lamp", Outcome.OK, said, _ADVICE)
