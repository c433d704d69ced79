"""The clocks of this machine."""

import ctypes
import logging
import os
import time
import uuid
from pathlib import Path
from typing import Protocol

from kiosk.instants import Moment
from sync.wire.entry import WallClock

logger = logging.getLogger(__name__)

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_TIME_ERROR = 5  # adjtimex(2): the clock is not synchronised


class Clock(Protocol):
    def moment(self) -> Moment: ...

    def synchronisation_error_ms(self) -> int | None:
        """Return how far the wall clock may be off by the kernel's account; None: unknown."""
        ...


def wall_clock(clock: Clock) -> WallClock:
    synchronised = clock.synchronisation_error_ms() is not None
    return WallClock.SYNCHRONISED if synchronised else WallClock.UNSET


class SystemClock:
    def __init__(self) -> None:
        self._boot_id = uuid.UUID(_BOOT_ID.read_text().strip()).bytes
        self._adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
        self._was_refused = False

    def moment(self) -> Moment:
        return Moment(
            boot_id=self._boot_id,
            boot_ms=time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000,
            wall_ms=time.clock_gettime_ns(time.CLOCK_REALTIME) // 1_000_000,
        )

    def synchronisation_error_ms(self) -> int | None:
        """Ask adjtimex(2), which NTP daemons keep up to date.

        A sandbox may refuse the call: then nothing is known of the clock, as without NTP.
        """
        timex = _Timex()
        state = self._adjtimex(ctypes.byref(timex))
        if state < 0 and not self._was_refused:
            self._was_refused = True
            logger.warning("adjtimex is refused (%s)", os.strerror(ctypes.get_errno()))
        if state < 0 or state == _TIME_ERROR:
            return None
        return int(timex.maxerror) // 1000 + 1


class _Timex(ctypes.Structure):
    """struct timex of <sys/timex.h>; only `maxerror` (microseconds) is read."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("rest", ctypes.c_byte * 256),
    )
