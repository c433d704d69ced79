"""A passive piezo on one pin, driven by software PWM."""

from typing import Any

from gpiozero import TonalBuzzer
from gpiozero.tones import Tone

from hardware.errors import BuzzerFault
from hardware.interfaces import HIGHEST_TONE_HZ, LOWEST_TONE_HZ
from hardware.raspberry.pins import faults, lgpio_factory


class RaspberryBuzzer:
    def __init__(self, *, pin: int, pin_factory: Any = None) -> None:
        """`pin` is a BCM number."""
        self._closed = False
        self._description = f"piezo on GPIO{pin}"
        with faults(BuzzerFault, "the buzzer's pin could not be opened"):
            # Two octaves either side of A4 (440 Hz) are 110 to 1760 Hz.
            self._buzzer = TonalBuzzer(
                pin,
                mid_tone=Tone.from_frequency(440),
                octaves=2,
                pin_factory=pin_factory or lgpio_factory(),
            )

    def sound(self, frequency_hz: int | None) -> None:
        self._check_open()
        if frequency_hz is not None and not LOWEST_TONE_HZ <= frequency_hz <= HIGHEST_TONE_HZ:
            raise BuzzerFault(
                f"{frequency_hz} Hz is out of range",
                hint=f"use {LOWEST_TONE_HZ} to {HIGHEST_TONE_HZ} Hz",
            )
        with faults(BuzzerFault, "the tone could not be played"):
            # Said outright to be a frequency: a bare 110 could be a MIDI note.
            self._buzzer.play(None if frequency_hz is None else Tone.from_frequency(frequency_hz))

    def describe(self) -> str:
        self._check_open()
        return self._description

    def close(self) -> None:
        self._closed = True
        self._buzzer.close()

    def _check_open(self) -> None:
        if self._closed:
            raise BuzzerFault("the buzzer is closed", hint="restart the kiosk")
