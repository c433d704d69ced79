"""Runs as all there is on a machine of its own: the real drivers on lines of a real kernel.

Argument: a scene. Each line that it writes is an observation, as JSON behind a word; the machine is
switched off at its end.
"""

import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from pathlib import Path

from hardware.errors import HardwareFault
from hardware.raspberry.button import RaspberryButton
from hardware.raspberry.buzzer import RaspberryBuzzer
from hardware.raspberry.lamp import RaspberryLamp

WORD = "OBSERVED "
RED, GREEN, BUZZER, BUTTON = 17, 27, 12, 22
_LINES = 54
_SETTLED_S = 0.3
_POWER_OFF = 0x4321FEDC  # LINUX_REBOOT_CMD_POWER_OFF, reboot(2)
_CONFIG = Path("/sys/kernel/config/gpio-sim/pi")


class Lines:
    """The other end of the wires: what a line of gpio-sim carries, and what pulls it."""

    def __init__(self) -> None:
        bank = _CONFIG / "bank0"
        bank.mkdir(parents=True)
        (bank / "num_lines").write_text(str(_LINES))
        (bank / "label").write_text("pinctrl-bcm2711")
        (_CONFIG / "live").write_text("1")
        device = (_CONFIG / "dev_name").read_text().strip()
        chip = (bank / "chip_name").read_text().strip()
        self._folder = Path("/sys/devices/platform", device, chip)

    def value(self, number: int) -> int:
        return int((self._folder / f"sim_gpio{number}/value").read_text())

    def pull(self, number: int, way: str) -> None:
        (self._folder / f"sim_gpio{number}/pull").write_text(f"pull-{way}")


def tell(name: str, value: object) -> None:
    sys.stdout.write(f"{WORD}{json.dumps([name, value])}\n")
    sys.stdout.flush()


def lamp(lines: Lines) -> None:
    light = RaspberryLamp(red_pin=RED, green_pin=GREEN)
    for red in (False, True):
        for green in (False, True):
            light.show(red=red, green=green, caption="")
            tell("lamp", [red, green, lines.value(RED), lines.value(GREEN)])
    try:
        RaspberryLamp(red_pin=RED, green_pin=GREEN)
    except HardwareFault as fault:
        tell("taken", str(fault))
    light.close()
    tell("dark", [lines.value(RED), lines.value(GREEN)])


def buzzer(lines: Lines) -> None:
    """A tone is a line that goes up and down; how often is counted for half a second."""
    piezo = RaspberryBuzzer(pin=BUZZER)
    for hertz in (220, None):
        piezo.sound(hertz)
        tell("edges", [hertz, _edges(lambda: lines.value(BUZZER), 0.5)])
    piezo.close()


def button(lines: Lines) -> None:
    lines.pull(BUTTON, "up")
    pressed: list[int] = []
    key = RaspberryButton(pin=BUTTON, boot_ms=lambda: time.monotonic_ns() // 1_000_000)
    key.when_pressed(pressed.append)
    for count in (1, 2, 3):
        lines.pull(BUTTON, "down")
        _wait_for(pressed, count)
        lines.pull(BUTTON, "up")
        time.sleep(_SETTLED_S)
    tell("presses", len(pressed))
    # Contacts that bounce: one press all the same.
    for way in ("down", "up", "down", "up", "down"):
        lines.pull(BUTTON, way)
        time.sleep(0.002)
    _wait_for(pressed, 4)
    time.sleep(_SETTLED_S)
    tell("bounced", len(pressed))
    lines.pull(BUTTON, "up")
    time.sleep(_SETTLED_S)
    key.close()
    lines.pull(BUTTON, "down")
    time.sleep(_SETTLED_S)
    tell("closed", len(pressed))


def watchdog(_lines: Lines) -> None:
    """Feed the kernel's watchdog as a manager does, then freeze."""
    feeder = os.fork()
    if feeder == 0:
        with Path("/dev/watchdog").open("wb", buffering=0) as dog:
            while True:
                dog.write(b"1")
                time.sleep(1)
    time.sleep(_BITES_AFTER_S * 2)
    tell("fed", time.monotonic())
    os.kill(feeder, signal.SIGSTOP)
    frozen_s = time.monotonic()
    while True:
        time.sleep(1)
        tell("frozen", time.monotonic() - frozen_s)


# On the kernel's command line: softdog.soft_margin.
_BITES_AFTER_S = 8
SCENES: dict[str, Callable[[Lines], None]] = {
    "lamp": lamp,
    "buzzer": buzzer,
    "button": button,
    "watchdog": watchdog,
}


def _wait_for(pressed: Sized, count: int, seconds: float = 5) -> None:
    """A busy host gives this machine little time, and its threads less."""
    ends_s = time.monotonic() + seconds
    while len(pressed) < count and time.monotonic() < ends_s:
        time.sleep(0.01)


def _edges(value: Callable[[], int], seconds: float) -> int:
    count, before, ends_s = 0, value(), time.monotonic() + seconds
    while time.monotonic() < ends_s:
        now = value()
        count += now != before
        before = now
    return count


@contextmanager
def _switching_off() -> Iterator[None]:
    try:
        yield
    finally:
        sys.stdout.flush()
        ctypes.CDLL(None).reboot(_POWER_OFF)


if __name__ == "__main__":
    with _switching_off():
        SCENES[sys.argv[1]](Lines())
        tell("ended", sys.argv[1])
