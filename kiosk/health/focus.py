"""Whether the still picture has lost the sharpness that it had."""

LOST_SHARE = 0.5
"""Of what is usual for this view. What lies far behind the visitors is never quite sharp."""

FOUND_SHARE = 0.65

LEAST = 0.15
LEAST_MS = 120_000
"""So blurred that nothing at any distance is in focus, for so long."""

_NEW_WEIGHT = 1 / 64


class Focus:
    def __init__(self) -> None:
        self._usual: float | None = None
        self._least_since_ms: int | None = None
        self._was_lost = False

    def is_lost(self, sharpness: float | None, boot_ms: int) -> bool | None:
        """Judge the sharpness of a picture of the background; None: it tells nothing."""
        if sharpness is None:
            return None
        if sharpness >= LEAST:
            self._least_since_ms = None
        elif self._least_since_ms is None:
            self._least_since_ms = boot_ms
        if self._least_since_ms is not None and boot_ms - self._least_since_ms >= LEAST_MS:
            return True
        return self._is_below_usual(sharpness)

    def forget(self) -> None:
        """Another view has another usual sharpness."""
        self._usual, self._was_lost = None, False

    def _is_below_usual(self, sharpness: float) -> bool:
        if self._usual is None:
            self._usual = sharpness
        share = FOUND_SHARE if self._was_lost else LOST_SHARE
        self._was_lost = sharpness < share * self._usual
        if not self._was_lost:
            self._usual += _NEW_WEIGHT * (sharpness - self._usual)
        return self._was_lost
