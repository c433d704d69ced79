"""Whether pictures come."""

from collections.abc import Callable

from kiosk.health.finding import Finding
from sync.wire.batch import State

STALE_MS = 5_000
_ADVICE = "check that the camera's ribbon or cable sits firmly at both ends, then restart"


class CameraCheck:
    """`last_frame_boot_ms` is when the last frame was taken, None where none ever was."""

    def __init__(
        self, last_frame_boot_ms: Callable[[], int | None], boot_ms: Callable[[], int]
    ) -> None:
        self._last_frame_boot_ms = last_frame_boot_ms
        self._boot_ms = boot_ms

    def find(self) -> Finding:
        taken_ms = self._last_frame_boot_ms()
        if taken_ms is None:
            return Finding("frame_age_ms", State.BAD, "no picture has come yet", _ADVICE)
        age_ms = self._boot_ms() - taken_ms
        if age_ms > STALE_MS:
            said = f"the last picture is {age_ms / 1000:.0f} s old"
            return Finding("frame_age_ms", State.BAD, said, _ADVICE, age_ms)
        return Finding("frame_age_ms", State.OK, "pictures come", value=age_ms)
