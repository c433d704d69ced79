"""What must hold of any code at all: no exception, no undue effort, nobody let in by mistake."""

import time
import tracemalloc
from collections.abc import Collection

from kiosk.passes.reading import NationalCode, Presented, Refusal
from kiosk.passes.recognition import read_pass
from tests.fuzz.targets import TRUST

MOST_CPU_S = 0.005
MOST_BYTES = 4 * 1024 * 1024
# A pause of the machine may fall into one attempt, not into the quickest of these.
_ATTEMPTS = 8


class Broken(AssertionError):
    """A code did what none may; the message has it, so that it can be read again."""


def judge(payload: bytes, allowed: Collection[Presented] | None) -> Presented:
    """Read a code in the time that it may take; what is no refusal must be among `allowed`.

    None allows everything: somebody who is trusted signed it.

    Raises:
        Broken: it took longer, raised, or is somebody else.
    """
    presented, cpu_s = _read(payload)
    if cpu_s > MOST_CPU_S:
        cpu_s = min(_read(payload)[1] for _ in range(_ATTEMPTS))
    if cpu_s > MOST_CPU_S:
        raise Broken(f"{cpu_s * 1000:.1f} ms of CPU for {payload!r}")
    if not isinstance(presented, Refusal | NationalCode) and allowed is not None:
        require(presented in allowed, f"let in as {presented} by", payload)
    return presented


def weigh(payload: bytes) -> int:
    """Return how many bytes reading a code takes at most.

    Raises:
        Broken: that is more than it may.
    """
    tracemalloc.start()
    try:
        read_pass(payload, TRUST)
        _held, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    require(peak_bytes <= MOST_BYTES, f"{peak_bytes} bytes for", payload)
    return peak_bytes


def require(holds: bool, fault: str, payload: bytes) -> None:
    if not holds:
        raise Broken(f"{fault} {payload!r}")


def _read(payload: bytes) -> tuple[Presented, float]:
    begun_s = time.process_time()
    try:
        presented = read_pass(payload, TRUST)
    except Exception as error:
        raise Broken(f"{type(error).__name__} for {payload!r}") from error
    return presented, time.process_time() - begun_s
