"""Which drivers there are for each part, and how one is made.

Drivers are imported when asked for: a laptop has no lgpio, and a Pi at a door need not have
segno. A library that is missing is the part's fault, with what to install.
"""
# ruff: noqa: PLC0415

import difflib
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hardware.errors import (
    BoardFault,
    ButtonFault,
    BuzzerFault,
    CameraFault,
    HardwareFault,
    LampFault,
    UnknownDriver,
)
from hardware.interfaces import Board, Button, Buzzer, Camera, Lamp

CAMERAS = ("raspberry", "desktop", "simulated", "absent")
LAMPS = ("raspberry", "desktop", "simulated", "absent")
BUZZERS = ("raspberry", "simulated", "absent")
BUTTONS = ("raspberry", "simulated", "absent")
BOARDS = ("raspberry", "desktop", "simulated", "absent")


def camera(driver: str, *, source: str, width_px: int, height_px: int, seed: int) -> Camera:
    """Make the camera.

    `source` is what `desktop` shows, or the stage file of `simulated`; `seed` is for
    `simulated`; the others do without.

    Raises:
        UnknownDriver: `driver` is not in CAMERAS.
        CameraFault: it cannot be opened, or a library is missing.
    """
    with _libraries(driver, CameraFault):
        match driver:
            case "raspberry":
                from hardware.raspberry.camera import RaspberryCamera

                return RaspberryCamera(width_px=width_px, height_px=height_px, boot_ms=_boot_ms)
            case "desktop":
                from hardware.desktop.camera import open_camera

                return open_camera(
                    source,
                    width_px=width_px,
                    height_px=height_px,
                    boot_ms=_boot_ms,
                    sleep=time.sleep,
                )
            case "simulated":
                from hardware.simulated.camera import SimulatedCamera

                return SimulatedCamera(
                    source,
                    width_px=width_px,
                    height_px=height_px,
                    seed=seed,
                    boot_ms=_boot_ms,
                    sleep=time.sleep,
                )
            case "absent":
                from hardware.absent.camera import AbsentCamera

                return AbsentCamera()
    raise _unknown("camera", driver, CAMERAS)


def lamp(driver: str, *, red_pin: int, green_pin: int) -> Lamp:
    """Make the lamp. Pins are BCM numbers, for `raspberry` alone."""
    with _libraries(driver, LampFault):
        match driver:
            case "raspberry":
                from hardware.raspberry.lamp import RaspberryLamp

                return RaspberryLamp(red_pin=red_pin, green_pin=green_pin)
            case "desktop":
                from hardware.desktop.lamp import TerminalLamp

                return TerminalLamp()
            case "simulated":
                from hardware.simulated.lamp import SimulatedLamp

                return SimulatedLamp(boot_ms=_boot_ms)
            case "absent":
                from hardware.absent.lamp import AbsentLamp

                return AbsentLamp()
    raise _unknown("lamp", driver, LAMPS)


def buzzer(driver: str, *, pin: int) -> Buzzer:
    with _libraries(driver, BuzzerFault):
        match driver:
            case "raspberry":
                from hardware.raspberry.buzzer import RaspberryBuzzer

                return RaspberryBuzzer(pin=pin)
            case "simulated":
                from hardware.simulated.buzzer import SimulatedBuzzer

                return SimulatedBuzzer(boot_ms=_boot_ms)
            case "absent":
                from hardware.absent.buzzer import AbsentBuzzer

                return AbsentBuzzer()
    raise _unknown("buzzer", driver, BUZZERS)


def button(driver: str, *, pin: int) -> Button:
    with _libraries(driver, ButtonFault):
        match driver:
            case "raspberry":
                from hardware.raspberry.button import RaspberryButton

                return RaspberryButton(pin=pin, boot_ms=_boot_ms)
            case "simulated":
                from hardware.simulated.button import SimulatedButton

                return SimulatedButton(boot_ms=_boot_ms)
            case "absent":
                from hardware.absent.button import AbsentButton

                return AbsentButton()
    raise _unknown("button", driver, BUTTONS)


def board(driver: str) -> Board:
    with _libraries(driver, BoardFault):
        match driver:
            case "raspberry":
                from hardware.raspberry.board import RaspberryBoard

                return RaspberryBoard()
            case "desktop":
                from hardware.desktop.board import DesktopBoard

                return DesktopBoard()
            case "simulated":
                from hardware.simulated.board import SimulatedBoard

                return SimulatedBoard(boot_ms=_boot_ms)
            case "absent":
                from hardware.absent.board import AbsentBoard

                return AbsentBoard()
    raise _unknown("board", driver, BOARDS)


def _boot_ms() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


@contextmanager
def _libraries(driver: str, fault: type[HardwareFault]) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise fault(
            f"the driver {driver!r} lacks a library: {error}",
            hint="on a Pi: sudo apt install python3-gpiozero python3-lgpio python3-opencv; "
            "elsewhere: pip install 'gapura[kiosk]'",
        ) from error


def _unknown(part: str, driver: str, drivers: tuple[str, ...]) -> UnknownDriver:
    near = difflib.get_close_matches(driver, drivers, n=1)
    guess = f"did you mean {near[0]!r}? " if near else ""
    return UnknownDriver(
        f"there is no {part} driver {driver!r}", hint=f"{guess}There are: {', '.join(drivers)}"
    )
