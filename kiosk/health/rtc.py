"""The battery of the clock that goes on while the kiosk is switched off."""

from pathlib import Path

from kiosk.health.finding import Finding
from sync.wire.batch import State

# A lithium cell has 3 V while it is good; of what is left below 2 V a clock chip gets little.
LEAST_MV = 2_000
_ADVICE = "replace the battery of the clock"
_BATTERY = "sys/class/rtc/rtc0/battery_voltage"


class RtcCheck:
    """`battery_voltage` counts microvolts: drivers/rtc/rtc-rpi.c. Other clocks do not tell it."""

    def __init__(self, *, root: Path = Path("/")) -> None:
        self._root = root

    def find(self) -> Finding:
        try:
            text = (self._root / _BATTERY).read_text(encoding="ascii", errors="replace").strip()
        except OSError:
            text = ""
        if not text.isdecimal():
            return Finding("rtc_battery_mv", State.UNKNOWN, "no clock tells how its battery is")
        battery_mv = int(text) // 1000
        said = f"the clock's battery has {battery_mv / 1000:.1f} V"
        if battery_mv < LEAST_MV:
            return Finding("rtc_battery_mv", State.BAD, said, _ADVICE, battery_mv)
        return Finding("rtc_battery_mv", State.OK, said, value=battery_mv)
