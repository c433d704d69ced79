"""The pin factory that the parts on GPIO share, and the one place where its errors are named."""

import functools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gpiozero import GPIOZeroError

from hardware.errors import HardwareFault

_HINT = (
    "check the pin number in the configuration, that no other program holds the pin, and that "
    "the service's user is in the group gpio"
)


@functools.cache
def lgpio_factory() -> Any:
    """Return the one factory of this process.

    Named outright: left to itself gpiozero tries five libraries and ends with one that writes
    to sysfs, which current kernels do not have.

    Importing lgpio writes a file `.lgd-nfy0` into the working directory, so the service must
    be started in one that it can write to.
    """
    from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415

    return LGPIOFactory()


@contextmanager
def faults(fault: type[HardwareFault], doing: str) -> Iterator[None]:
    """Turn what gpiozero, lgpio and the kernel raise into `fault`."""
    try:
        yield
    except _foreign_errors() as error:
        raise fault(f"{doing}: {error}", hint=_HINT) from error


def _foreign_errors() -> tuple[type[Exception], ...]:
    # lgpio.error can only have been raised where lgpio is loaded; a laptop need not have it.
    lgpio = sys.modules.get("lgpio")
    known = (GPIOZeroError, OSError)
    return known if lgpio is None else (*known, lgpio.error)
