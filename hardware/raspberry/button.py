"""A push button between one pin and ground."""

from collections.abc import Callable
from typing import Any

from gpiozero import Button

from hardware.errors import ButtonFault
from hardware.raspberry.pins import faults, lgpio_factory

BOUNCE_S = 0.05


class RaspberryButton:
    def __init__(self, *, pin: int, boot_ms: Callable[[], int], pin_factory: Any = None) -> None:
        """`pin` is a BCM number; the Pi's own pull-up holds it high."""
        self._closed = False
        self._boot_ms = boot_ms
        self._description = f"button on GPIO{pin}"
        with faults(ButtonFault, "the button's pin could not be opened"):
            self._button = Button(
                pin,
                pull_up=True,
                bounce_time=BOUNCE_S,
                pin_factory=pin_factory or lgpio_factory(),
            )

    def when_pressed(self, callback: Callable[[int], None]) -> None:
        self._check_open()

        def pressed() -> None:
            callback(self._boot_ms())

        with faults(ButtonFault, "the button cannot be watched"):
            self._button.when_pressed = pressed

    def describe(self) -> str:
        self._check_open()
        return self._description

    def close(self) -> None:
        self._closed = True
        self._button.close()

    def _check_open(self) -> None:
        if self._closed:
            raise ButtonFault("the button is closed", hint="restart the kiosk")
