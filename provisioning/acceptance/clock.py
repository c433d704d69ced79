"""The clock that goes on while the kiosk is switched off, and its battery.

Documentation/ABI/testing/sysfs-class-rtc: `since_epoch` is the clock's own time in Unix seconds,
which fails where the clock has lost it. `battery_voltage`, in microvolts, is of the Raspberry
Pi 5's drivers/rtc/rtc-rpi.c; other clocks do not tell it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from provisioning.acceptance.result import Figure, Outcome, Result
from provisioning.acceptance.stopwatch import Stopwatch
from provisioning.language import mark as _

# It counts whole seconds, and is read a little later than the system's clock.
MOST_OFF_S = 2
# As the door has it: a lithium cell has 3 V while it is good.
LEAST_BATTERY_MV = 2_000
_WAIT_S = 2.0
_RTC = "sys/class/rtc/rtc0"
# systemd-timesyncd makes it when a time server has answered.
_SYNCHRONISED = "run/systemd/timesync/synchronized"

_NONE = _(
    "fit one: on a Pi 5 a battery at its connector J5, on other boards a module DS3231 on I2C"
)
_LOST = _("set it from the system's clock (sudo hwclock --systohc --utc); if it fails again, "
          "replace its battery")  # fmt: skip
_STANDS = _("replace the clock module or its battery")
_OFF = _("set it from the system's clock: sudo hwclock --systohc --utc")
_BATTERY = _("replace the battery of the clock")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`root` has sysfs; `needs_rtc` is whether the site is without internet."""

    root: Path = Path("/")
    needs_rtc: bool = False
    now_s: Callable[[], float] = time.time


def try_clock(around: Surroundings, stopwatch: Stopwatch) -> Result:
    rtc = around.root / _RTC
    if not rtc.is_dir():
        said = "there is no clock with a battery"
        if around.needs_rtc:
            return Result("clock", Outcome.BAD, f"{said}, and the site has no internet", _NONE)
        return Result("clock", Outcome.SKIPPED, f"{said}; only sites without internet need one")
    before_s = _number(rtc / "since_epoch")
    stopwatch.wait(_WAIT_S)
    told_s, now_s = _number(rtc / "since_epoch"), around.now_s()
    if before_s is None or told_s is None:
        return Result("clock", Outcome.BAD, f"{_name(rtc)} does not know the time", _LOST)
    is_synchronised = (around.root / _SYNCHRONISED).exists()
    return _judge(_name(rtc), told_s - before_s, told_s - now_s, _battery_mv(rtc), is_synchronised)


def _judge(
    name: str, gone_s: int, off_s: float, battery_mv: int | None, is_synchronised: bool
) -> Result:
    figures = [Figure("rtc_offset_s", round(off_s)), Figure("time_server", is_synchronised)]
    if battery_mv is not None:
        figures.append(Figure("rtc_battery_mv", battery_mv))
    battery = "unknown" if battery_mv is None else f"{battery_mv / 1000:.1f} V"
    compared = "by a time server" if is_synchronised else "that no time server has set"
    said = f"{name}: {off_s:+.0f} s from the system's clock {compared}; battery {battery}"
    for is_wrong, wrong, advice in (
        (gone_s <= 0, "the clock stands still", _STANDS),
        (
            battery_mv is not None and battery_mv < LEAST_BATTERY_MV,
            "the battery is empty",
            _BATTERY,
        ),
        (is_synchronised and abs(off_s) > MOST_OFF_S, "the clock is wrong", _OFF),
    ):
        if is_wrong:
            return Result("clock", Outcome.BAD, f"{wrong}; {said}", advice, tuple(figures))
    return Result("clock", Outcome.OK, said, figures=tuple(figures))


def _battery_mv(rtc: Path) -> int | None:
    microvolts = _number(rtc / "battery_voltage")
    return None if microvolts is None else microvolts // 1000


def _name(rtc: Path) -> str:
    return _text(rtc / "name") or "rtc0"


def _number(path: Path) -> int | None:
    text = _text(path)
    return int(text) if text.isdecimal() else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
