"""Two LEDs, or the inputs of a relay board, on two pins; active high."""

from typing import Any

from gpiozero import DigitalOutputDevice

from hardware.errors import LampFault
from hardware.raspberry.pins import faults, lgpio_factory


class RaspberryLamp:
    def __init__(self, *, red_pin: int, green_pin: int, pin_factory: Any = None) -> None:
        """`red_pin` and `green_pin` are BCM numbers."""
        self._closed = False
        self._description = f"LEDs on GPIO{red_pin} (red) and GPIO{green_pin} (green)"
        with faults(LampFault, "the lamp's pins could not be opened"):
            factory = pin_factory or lgpio_factory()
            self._red = DigitalOutputDevice(red_pin, pin_factory=factory)
            try:
                self._green = DigitalOutputDevice(green_pin, pin_factory=factory)
            except BaseException:
                self._red.close()
                raise

    def show(self, *, red: bool, green: bool, caption: str) -> None:
        del caption  # an LED cannot show text
        self._check_open()
        with faults(LampFault, "the lamp could not be switched"):
            self._red.value = red
            self._green.value = green

    def describe(self) -> str:
        self._check_open()
        return self._description

    def close(self) -> None:
        # A closed pin is an input again: both lights go out.
        self._closed = True
        self._red.close()
        self._green.close()

    def _check_open(self) -> None:
        if self._closed:
            raise LampFault("the lamp is closed", hint="restart the kiosk")
