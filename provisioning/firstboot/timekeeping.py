"""The clock, which a card may only put forward: its hub has seen that time already."""

import fcntl
import logging
import os
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from provisioning.firstboot.trouble import SetupFault, Trouble

logger = logging.getLogger(__name__)

# <linux/rtc.h>: _IOW('p', 0x0a, struct rtc_time), nine numbers of 32 bits.
_RTC_SET_TIME = 0x4024700A
_RTC_TIME = struct.Struct("9i")
_RTC = Path("/dev/rtc0")
# systemd-timesyncd makes it when a time server has answered.
_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")


class SystemTime:
    """The machine's clock, and the one with a battery where there is one."""

    def now_s(self) -> float:
        return time.time()

    def is_synchronised(self) -> bool:
        return _SYNCHRONISED.exists()

    def set_s(self, now_s: int) -> None:
        """Raises OSError: it may not be set."""
        time.clock_settime(time.CLOCK_REALTIME, now_s)
        with suppress(FileNotFoundError):
            set_rtc(_RTC, now_s, fcntl.ioctl)


def set_rtc(device: Path, now_s: int, ioctl: Callable[[int, int, bytes], object]) -> None:
    """Have the kernel set the clock with a battery, in UTC.

    Raises:
        FileNotFoundError: there is none.
    """
    descriptor = os.open(device, os.O_RDONLY | os.O_CLOEXEC)
    try:
        ioctl(descriptor, _RTC_SET_TIME, rtc_time(now_s))
    except OSError as error:
        logger.warning("the clock with the battery is not set: %s", error.strerror)
    finally:
        os.close(descriptor)


def rtc_time(now_s: int) -> bytes:
    at = time.gmtime(now_s)
    # The kernel counts months from 0 and years from 1900, and looks at nothing behind the year.
    return _RTC_TIME.pack(
        *(at.tm_sec, at.tm_min, at.tm_hour, at.tm_mday, at.tm_mon - 1, at.tm_year - 1900),
        *(0, 0, 0),
    )


def put_forward(clock: SystemTime, hub_time_s: int) -> bool:
    """Set the clock where it is behind what the hub has signed; return whether it was.

    Raises:
        SetupFault: it is behind, and may not be set.
    """
    if clock.now_s() >= hub_time_s:
        return False
    try:
        clock.set_s(hub_time_s)
    except OSError as error:
        raise SetupFault(Trouble.CLOCK_NOT_SET) from error
    return True
