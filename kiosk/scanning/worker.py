"""A Decoder whose C code runs in a process of its own, so that its faults are not the door's."""

import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from hardware.interfaces import GreyImage
from kiosk.scanning.code import scaled
from kiosk.scanning.ladder import DEFAULT_BUDGET_MS, NOTHING, Reading
from kiosk.scanning.rungs import DEFAULT_RUNGS, build_rungs
from kiosk.scanning.transforms import fitted
from kiosk.scanning.worker_child import Child, Gone
from kiosk.scanning.worker_messages import Garbled, Reply, Request, pack_request, unpack_reply

logger = logging.getLogger(__name__)

LOOK_DEADLINE_S = 1.0
CLIMB_DEADLINE_S = 10.0
START_DEADLINE_S = 30.0
MEMORY_LIMIT_BYTES = 300 * 1024 * 1024
MAX_FRAME_PX = 1920 * 1080
LONGEST_PAUSE_S = 30.0


class WorkerFault(Enum):
    CRASHED = "crashed"
    HUNG = "hung"
    GREW = "grew past its memory limit"
    GARBLED = "answered nonsense"
    NEVER_READY = "did not start"


@dataclass(frozen=True, slots=True)
class WorkerHealth:
    """`restarts` counts since the door started; `last_fault` stays after the worker is well."""

    ready: bool
    restarts: int
    last_fault: WorkerFault | None


class Worker:
    """A Decoder in a child process. It serves one thread at a time and never raises.

    While the child is being restarted, frames give an empty Reading: the door goes on. A larger
    frame than `MAX_FRAME_PX` is shrunk.
    """

    def __init__(
        self,
        rungs: Sequence[str] = DEFAULT_RUNGS,
        *,
        budget_ms: float = DEFAULT_BUDGET_MS,
        look_deadline_s: float = LOOK_DEADLINE_S,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the child, without waiting for it.

        Raises:
            UnknownRung, DecoderMissing: the child could not do what is asked.
        """
        build_rungs(rungs)
        self._arguments = (
            f"--rungs={','.join(rungs)}",
            f"--budget-ms={budget_ms}",
            f"--deadline-s={CLIMB_DEADLINE_S}",
        )
        self._look_deadline_s = look_deadline_s
        self._memory_limit_bytes = memory_limit_bytes
        self._monotonic_s = monotonic_s
        self._restarts = 0
        self._in_a_row = 0
        self._last_fault: WorkerFault | None = None
        self._closed = False
        self._child: Child | None = None
        self._started_s = 0.0
        self._start()

    def look(self, grey: GreyImage) -> Reading:
        if not self._is_ready():
            return NOTHING
        return self._ask(grey, thorough=False, deadline_s=self._look_deadline_s)

    def climb(self, grey: GreyImage) -> Reading:
        if not self.wait_until_ready():
            return NOTHING
        return self._ask(grey, thorough=True, deadline_s=CLIMB_DEADLINE_S)

    def health(self) -> WorkerHealth:
        return WorkerHealth(self._is_ready(), self._restarts, self._last_fault)

    def wait_until_ready(self, timeout_s: float = START_DEADLINE_S) -> bool:
        """Wait for a child that is starting; the door does not, a still picture does."""
        return self._is_ready(timeout_s)

    def child_pid(self) -> int | None:
        return None if self._child is None else self._child.pid

    def close(self) -> None:
        self._closed = True
        self._end()

    def _ask(self, grey: GreyImage, *, thorough: bool, deadline_s: float) -> Reading:
        if self._child is None or not grey.size:
            return NOTHING
        seen = fitted(grey, MAX_FRAME_PX)
        height, width = seen.shape
        request = pack_request(Request(height, width, thorough))
        try:
            message = self._child.ask(request, seen, deadline_s)
            reply = None if message is None else unpack_reply(message)
        except Gone:
            return self._fail(WorkerFault.CRASHED)
        except Garbled:
            return self._fail(WorkerFault.GARBLED)
        if reply is None:
            return self._fail(WorkerFault.HUNG)
        return self._accept(reply, grey, seen)

    def _accept(self, reply: Reply, grey: GreyImage, seen: GreyImage) -> Reading:
        self._in_a_row = 0
        if reply.memory_bytes > self._memory_limit_bytes:
            self._fail(WorkerFault.GREW)
        if seen is grey:
            return reply.reading
        down, across = grey.shape[0] / seen.shape[0], grey.shape[1] / seen.shape[1]
        codes = tuple(
            replace(code, corners=scaled(code.corners, across, down))
            for code in reply.reading.codes
        )
        return Reading(codes, reply.reading.decode_ms)

    def _is_ready(self, timeout_s: float = 0.0) -> bool:
        if self._closed:
            return False
        if self._child is None:
            self._start_when_due()
        if self._child is None:
            return False
        try:
            if self._child.is_ready(timeout_s):
                return True
        except Gone:
            self._fail(WorkerFault.CRASHED)
            return False
        if self._monotonic_s() - self._started_s > START_DEADLINE_S:
            self._fail(WorkerFault.NEVER_READY)
        return False

    def _fail(self, fault: WorkerFault) -> Reading:
        logger.warning("the decoding process %s; it is started again", fault.value)
        self._last_fault = fault
        self._restarts += 1
        self._in_a_row += 1
        self._end()
        self._started_s = self._monotonic_s()
        self._start_when_due()
        return NOTHING

    def _start_when_due(self) -> None:
        """The first restart is at once; a child that dies again and again is given pauses."""
        pause_s = min(2.0 ** (self._in_a_row - 1), LONGEST_PAUSE_S) if self._in_a_row > 1 else 0.0
        if self._monotonic_s() - self._started_s >= pause_s:
            self._start()

    def _start(self) -> None:
        self._started_s = self._monotonic_s()
        try:
            self._child = Child(self._arguments, MAX_FRAME_PX)
        except OSError as error:
            self._child = None
            self._in_a_row += 1
            self._last_fault = WorkerFault.NEVER_READY
            logger.warning("no decoding process: %s", os.strerror(error.errno or 0))

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None
