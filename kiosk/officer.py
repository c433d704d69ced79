"""The officer's button: what a press may do, and when. It never turns a no into a yes."""

from dataclasses import dataclass
from enum import Enum

from kiosk.admission.verdict import Outcome

# A working day; the officer's own phone opens the next shift.
SHIFT_MS = 8 * 3_600_000
# How long after an amber light a press is about the person it was for.
ABOUT_MS = 15_000


class Press(Enum):
    """What a press is."""

    IGNORED = "ignored"
    """No shift is open, or the last light was red."""
    WITHOUT_CODE = "without a code"
    """One person who has no phone."""
    REFERRED = "referred"
    """The person about whom the light asked."""


@dataclass(frozen=True, slots=True)
class LastShown:
    """The last verdict: what was shown, when, and its entry; `known_by` is the pass's serial."""

    shown: Outcome
    boot_ms: int
    seq: int
    known_by: bytes | None


class Officer:
    def __init__(self) -> None:
        self._opened_ms = 0
        self._open_until_ms: int | None = None
        self._last: LastShown | None = None

    def open_shift(self, boot_ms: int) -> None:
        self._opened_ms, self._open_until_ms = boot_ms, boot_ms + SHIFT_MS

    def has_shift(self, boot_ms: int) -> bool:
        return self._open_until_ms is not None and boot_ms <= self._open_until_ms

    def saw(self, last: LastShown) -> None:
        self._last = last

    def judge(self, pressed_boot_ms: int) -> tuple[Press, LastShown | None]:
        """Say what a press is; the referred person's verdict comes with it, once."""
        if self._open_until_ms is None:
            return Press.IGNORED, None
        if not self._opened_ms <= pressed_boot_ms <= self._open_until_ms:
            return Press.IGNORED, None
        last = self._last
        if last is None or not 0 <= pressed_boot_ms - last.boot_ms <= ABOUT_MS:
            return Press.WITHOUT_CODE, None
        if last.shown is Outcome.DENY:
            return Press.IGNORED, None
        self._last = None
        if last.shown is Outcome.REFER:
            return Press.REFERRED, last
        return Press.WITHOUT_CODE, None
