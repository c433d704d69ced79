"""A release on trial: it has to turn green, and to stay so, before the time is over."""

import logging
from collections.abc import Callable
from enum import Enum

from provisioning.updates.memory import Trial
from provisioning.updates.standing import Kiosk

logger = logging.getLogger(__name__)

# A door that crashes for ever is given up after 60 starts 5 s apart (gapura-kiosk.service), and the
# machine is started again: a release has to be taken back before that.
LONGEST_MS = 280_000
STEADY_MS = 60_000
_LOOK_S = 2.0


class Outcome(Enum):
    GREEN = "green"
    NOT_GREEN = "not green"
    OUT_OF_TOUCH = "out of touch"


class Watch:
    """`wait(seconds)` sleeps; `clock` counts milliseconds since the machine began."""

    def __init__(
        self, kiosk: Kiosk, clock: Callable[[], int], wait: Callable[[float], object]
    ) -> None:
        self._kiosk = kiosk
        self._clock = clock
        self._wait = wait

    def over(self, trial: Trial, since_ms: int) -> Outcome:
        """Return how the release fares whose courier began after `since_ms`.

        A hub that answered before has to answer again: a kiosk that cannot be reached cannot be
        mended from afar.
        """
        begun_ms = self._clock()
        green_since_ms: int | None = None
        while True:
            now_ms = self._clock()
            if not self._kiosk.is_green(now_ms, trial.version):
                green_since_ms = None
            elif green_since_ms is None:
                green_since_ms = now_ms
            is_steady = green_since_ms is not None and now_ms - green_since_ms >= STEADY_MS
            is_carried = self._is_carried(trial, since_ms)
            if is_steady and is_carried:
                return Outcome.GREEN
            if now_ms - begun_ms >= LONGEST_MS:
                return Outcome.OUT_OF_TOUCH if is_steady else Outcome.NOT_GREEN
            self._wait(_LOOK_S)

    def _is_carried(self, trial: Trial, since_ms: int) -> bool:
        if trial.was_in_touch:
            return self._kiosk.is_in_touch(since_ms)
        return self._kiosk.goes_rounds(since_ms)
