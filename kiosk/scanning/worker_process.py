"""The decoding process: `python -m kiosk.scanning.worker_process`, started by worker.py alone."""

import argparse
import mmap
import os
import resource
import signal
import socket
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from kiosk.scanning.ladder import Ladder, Reading
from kiosk.scanning.rungs import build_rungs
from kiosk.scanning.worker_messages import (
    MAX_REQUEST_BYTES,
    READY,
    Reply,
    Request,
    pack_reply,
    unpack_request,
)

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_STATM = Path("/proc/self/statm")


def main(argv: Sequence[str] | None = None) -> None:
    arguments = _parser().parse_args(argv)
    # The door handles both; this process ends when the door closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A service manager tells the whole group to stop; this one is not to look like a crash.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # A crash leaves no core file: it would hold the visitor's code.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    cv2.setNumThreads(1)
    ladder = Ladder(build_rungs(arguments.rungs.split(",")), budget_ms=arguments.budget_ms)
    with (
        socket.socket(fileno=arguments.pipe_fd) as pipe,
        mmap.mmap(arguments.frame_fd, 0, prot=mmap.PROT_READ) as shared,
    ):
        _serve(pipe, shared, ladder, arguments.deadline_s)


def _serve(pipe: socket.socket, shared: mmap.mmap, ladder: Ladder, deadline_s: float) -> None:
    pipe.send(READY)
    while message := pipe.recv(MAX_REQUEST_BYTES):
        request = unpack_request(message)
        # Unhandled, so that the kernel ends a decoder that hangs even if the door is gone.
        signal.setitimer(signal.ITIMER_REAL, 2 * deadline_s)
        reading = _read(request, shared, ladder)
        signal.setitimer(signal.ITIMER_REAL, 0)
        pipe.send(pack_reply(Reply(reading, _memory_bytes())))


def _read(request: Request, shared: mmap.mmap, ladder: Ladder) -> Reading:
    count = request.height * request.width
    # Copied: a view into the map would keep it from being closed.
    grey = np.frombuffer(shared, dtype=np.uint8, count=count).copy()
    picture = grey.reshape(request.height, request.width)
    return ladder.climb(picture) if request.thorough else ladder.look(picture)


def _memory_bytes() -> int:
    """Resident memory (proc(5), statm, second field), without what is shared."""
    _, resident, shared, *_ = map(int, _STATM.read_text().split())
    return (resident - shared) * _PAGE_BYTES


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pipe-fd", type=int, required=True)
    parser.add_argument("--frame-fd", type=int, required=True)
    parser.add_argument("--rungs", required=True)
    parser.add_argument("--budget-ms", type=float, required=True)
    parser.add_argument("--deadline-s", type=float, required=True)
    return parser


if __name__ == "__main__":
    main()
