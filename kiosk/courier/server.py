"""The Unix socket itself: a few lines, every read and write under a deadline."""

import logging
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.courier.conduct import Conduct, Misdeed
from kiosk.courier.turns import Turns
from sync.wire.errors import WireError
from sync.wire.link import LENGTH, Answer, Request, decode_request, encode_answer, frame_length

logger = logging.getLogger(__name__)

# A courier that says nothing for this long is cut off; it calls again.
_IDLE_S = 60.0
_FRAME_S = 20.0
_LOOK_S = 0.5
_AFTER_A_FAILURE_S = 1.0
_BETWEEN_CALLS_S = 0.01
_SOCKET_MODE = 0o660
# An honest courier has one, for one request. Each may hold a frame of the largest size, no more.
_LINES = 4
_REQUESTS_A_LINE = 16
_QUEUE = 64
_ROOM_AFTER_S = 0.05


@dataclass(slots=True)
class Line:
    """A connection; `moved_s` is when a byte last came or went, None while it is being answered."""

    connection: socket.socket
    moved_s: float | None = field(default_factory=time.monotonic)

    def hang_up(self) -> None:
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            logger.debug("the courier had hung up")


class CourierServer:
    """Serves until closed, on threads of its own: the door never waits for it.

    Whoever calls gets a line. Where all are taken, the one that has been still for longest is cut
    off: who calls and says nothing, or drips, keeps nobody out.
    """

    def __init__(
        self, path: Path, answer: Callable[[Request], Answer], conduct: Conduct | None = None
    ) -> None:
        self._answer = answer
        self._path = path
        self._conduct = conduct or Conduct(lambda: 0)
        self._stopped = threading.Event()
        self._turns = Turns(self._stopped.wait, lambda: self._conduct.note(Misdeed.FLOOD))
        self._lines: dict[threading.Thread, Line] = {}
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._listener.bind(str(path))
            path.chmod(_SOCKET_MODE)
            self._listener.listen(_QUEUE)
        except OSError:
            self._listener.close()
            raise
        self._listener.settimeout(_LOOK_S)
        self._thread = threading.Thread(target=self._serve, name="courier", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=3.0)
        for thread in list(self._lines):
            thread.join(timeout=3.0)
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _address = self._listener.accept()
            except TimeoutError:
                continue
            except OSError as error:  # out of files, for instance: it may pass
                logger.error("the courier cannot be answered: %s", error.strerror)
                self._stopped.wait(_AFTER_A_FAILURE_S)
                continue
            self._take(Line(connection))
            self._stopped.wait(_BETWEEN_CALLS_S)

    def _take(self, line: Line) -> None:
        if self._is_full():
            self._conduct.note(Misdeed.CROWD)
        while self._is_full() and not self._stopped.is_set():
            self._make_room()
        thread = threading.Thread(target=self._attend, args=(line,), name="line", daemon=True)
        self._lines[thread] = line
        thread.start()

    def _is_full(self) -> bool:
        self._lines = {thread: line for thread, line in self._lines.items() if thread.is_alive()}
        return len(self._lines) >= _LINES

    def _make_room(self) -> None:
        """Cut off the line that has been still for longest; where all are busy, wait a moment."""
        moved_s = {
            thread: line.moved_s for thread, line in self._lines.items() if line.moved_s is not None
        }
        if not moved_s:
            self._stopped.wait(_ROOM_AFTER_S)
            return
        thread = min(moved_s, key=lambda found: moved_s[found])
        self._lines[thread].hang_up()
        thread.join(timeout=_ROOM_AFTER_S)

    def _attend(self, line: Line) -> None:
        with line.connection:
            try:
                self._talk(line)
            except TimeoutError as error:
                self._conduct.note(Misdeed.SLOW)
                logger.debug("the courier is cut off: %s", error)
            except WireError as error:
                self._conduct.note(Misdeed.GARBAGE)
                logger.debug("the courier is cut off: %s", error)
            except (OSError, EOFError) as error:
                logger.debug("the courier has hung up: %s", error)

    def _talk(self, line: Line) -> None:
        for _ in range(_REQUESTS_A_LINE):
            payload = self._read_frame(line)
            if payload is None:
                return
            request = decode_request(payload)
            line.moved_s = None
            with self._turns.turn():
                answer = self._answer(request)
            line.moved_s = time.monotonic()
            line.connection.settimeout(_FRAME_S)
            line.connection.sendall(encode_answer(answer))

    def _read_frame(self, line: Line) -> bytes | None:
        """Return the next frame, None where the courier has gone."""
        line.moved_s = time.monotonic()
        try:
            first = self._read(line, 1, _IDLE_S)
        except EOFError:
            return None
        prefix = first + self._read(line, LENGTH.size - 1, _FRAME_S)
        return self._read(line, frame_length(prefix), _FRAME_S)

    def _read(self, line: Line, length: int, patience_s: float) -> bytes:
        """Read exactly so many bytes. Raises EOFError where there are no more."""
        received = bytearray()
        give_up_s = time.monotonic() + patience_s
        line.connection.settimeout(_LOOK_S)
        while len(received) < length:
            if time.monotonic() >= give_up_s:
                raise TimeoutError("it takes too long")
            if self._stopped.is_set():
                raise EOFError("the door closes")
            try:
                chunk = line.connection.recv(min(length - len(received), 1 << 16))
            except TimeoutError:
                continue
            if not chunk:
                raise EOFError("it has hung up")
            line.moved_s = time.monotonic()
            received += chunk
        return bytes(received)
