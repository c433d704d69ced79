"""A buzzer that the signals play on, and that can be lent to whoever aims the camera."""

import threading

from hardware.interfaces import Buzzer


class LentBuzzer:
    """A Buzzer for the signals; while it is lent, they are silent and `tone` sounds instead."""

    def __init__(self, buzzer: Buzzer) -> None:
        self._buzzer = buzzer
        self._turn = threading.Lock()
        self._is_lent = False

    def sound(self, frequency_hz: int | None) -> None:
        with self._turn:
            if not self._is_lent:
                self._buzzer.sound(frequency_hz)

    def borrow(self) -> None:
        with self._turn:
            self._is_lent = True

    def tone(self, frequency_hz: int | None) -> None:
        """Sound for the borrower.

        Raises:
            BuzzerFault: as `Buzzer.sound`.
        """
        with self._turn:
            self._buzzer.sound(frequency_hz)

    def give_back(self) -> None:
        """Raises BuzzerFault where it cannot be silenced."""
        with self._turn:
            self._is_lent = False
            self._buzzer.sound(None)

    def describe(self) -> str:
        return self._buzzer.describe()

    def close(self) -> None:
        self._buzzer.close()
