"""Aiming the camera by ear while the door runs: three presses, and a tone that rises."""

import logging
import threading
from collections import deque
from collections.abc import Callable

from hardware.errors import BuzzerFault
from hardware.interfaces import Frame
from kiosk.health.aim import take_aim, tone_hz
from kiosk.health.lent_buzzer import LentBuzzer
from kiosk.scanning.ladder import Decoder

logger = logging.getLogger(__name__)

PRESSES = 3
WITHIN_MS = 2_000
LONGEST_MS = 180_000
TONE_EVERY_MS = 200


class Aiming:
    """`may_begin` says whether the door has nothing better to do: an enrolled one has visitors,
    and its button is the officer's.
    """

    def __init__(
        self,
        decoder: Decoder,
        buzzer: LentBuzzer,
        boot_ms: Callable[[], int],
        may_begin: Callable[[], bool],
    ) -> None:
        self._decoder = decoder
        self._buzzer = buzzer
        self._boot_ms = boot_ms
        self._may_begin = may_begin
        self._presses_ms: deque[int] = deque(maxlen=PRESSES)
        self._called = threading.Event()
        self._until_ms: int | None = None
        self._tone_due_ms = 0

    @property
    def is_on(self) -> bool:
        return self._until_ms is not None

    def pressed(self, boot_ms: int) -> None:
        """Count a press of the button; called from the driver's thread."""
        self._presses_ms.append(boot_ms)
        enough = len(self._presses_ms) == PRESSES
        if self.is_on or (enough and boot_ms - self._presses_ms[0] <= WITHIN_MS):
            self._presses_ms.clear()
            self._called.set()

    def takes(self, frame: Frame | None) -> bool:
        """Take a round of the door for itself; False where the door goes on with its work."""
        now_ms = self._boot_ms()
        if self._called.is_set():
            self._called.clear()
            self._turn(now_ms)
        if self._until_ms is not None and now_ms >= self._until_ms:
            self._end()
        if self._until_ms is None:
            return False
        if now_ms >= self._tone_due_ms:
            self._tone_due_ms = now_ms + TONE_EVERY_MS
            self._sound(self._tone_for(frame))
        return True

    def _turn(self, now_ms: int) -> None:
        if self.is_on:
            self._end()
        elif self._may_begin():
            logger.info("the camera is being aimed; no code is judged meanwhile")
            self._until_ms = now_ms + LONGEST_MS
            self._buzzer.borrow()

    def _end(self) -> None:
        self._until_ms = None
        logger.info("the camera has been aimed")
        try:
            self._buzzer.give_back()
        except BuzzerFault as fault:
            logger.warning("the buzzer fails: %s; %s", fault, fault.hint)

    def _tone_for(self, frame: Frame | None) -> int | None:
        """Silence means that there is no picture."""
        if frame is None or not frame.grey.size:
            return None
        aim = take_aim(frame.grey, self._decoder.look(frame.grey).codes)
        return tone_hz(aim.score_percent)

    def _sound(self, frequency_hz: int | None) -> None:
        try:
            self._buzzer.tone(frequency_hz)
        except BuzzerFault as fault:
            logger.warning("the buzzer fails: %s; %s", fault, fault.hint)
            self._end()
