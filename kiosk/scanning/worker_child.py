"""The decoding process as seen from the door: a pipe, a piece of shared memory, an end."""

import contextlib
import mmap
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hardware.interfaces import GreyImage
from kiosk.scanning.worker_messages import MAX_REPLY_BYTES, READY

_ROOT = Path(__file__).parents[2]


class Gone(Exception):
    """The child has ended or closed its side of the pipe."""


class Child:
    """Started at once, ready some time later: it loads OpenCV first."""

    def __init__(self, arguments: Sequence[str], capacity_px: int) -> None:
        # Packets come whole or not at all: a child that stops in mid-message cannot hold the door.
        self._pipe, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # Memory without a name in any file system: no picture of a visitor reaches the card.
        frame_fd = os.memfd_create("gapura-frame")
        try:
            os.ftruncate(frame_fd, capacity_px)
            self._shared = mmap.mmap(frame_fd, capacity_px)
            self._process = _spawn(arguments, theirs.fileno(), frame_fd)
        finally:
            theirs.close()
            os.close(frame_fd)
        self._ready = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_ready(self, timeout_s: float) -> bool:
        """Raises Gone."""
        if not self._ready:
            message = self._receive(timeout_s)
            if message not in {None, READY}:
                raise Gone
            self._ready = message == READY
        return self._ready

    def ask(self, request: bytes, grey: GreyImage, deadline_s: float) -> bytes | None:
        """Give the reply, or None when the deadline passes. Raises Gone."""
        place = np.frombuffer(self._shared, dtype=np.uint8, count=grey.size)
        np.copyto(place.reshape(grey.shape), grey)
        try:
            self._pipe.settimeout(deadline_s)
            self._pipe.send(request)
        except OSError as error:
            raise Gone from error
        return self._receive(deadline_s)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._pipe.close()
        # A picture's view may still hold the map; it is given back with the last of them.
        with contextlib.suppress(BufferError):
            self._shared.close()

    def _receive(self, timeout_s: float) -> bytes | None:
        self._pipe.settimeout(timeout_s)
        try:
            message = self._pipe.recv(MAX_REPLY_BYTES)
        except (TimeoutError, BlockingIOError):
            return None
        except OSError as error:
            raise Gone from error
        if not message:
            raise Gone
        return message


def _spawn(arguments: Sequence[str], pipe_fd: int, frame_fd: int) -> "subprocess.Popen[bytes]":
    """A fresh interpreter: a fork would copy the door's keys into the process that may be broken.

    -P and PYTHONPATH: the code of this very checkout runs, whatever the working directory holds.
    """
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [
            *(sys.executable, "-P", "-m", "kiosk.scanning.worker_process"),
            *(f"--pipe-fd={pipe_fd}", f"--frame-fd={frame_fd}", *arguments),
        ],
        pass_fds=(pipe_fd, frame_fd),
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )
