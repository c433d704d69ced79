"""The Unix socket itself: one courier at a time, every read and write under a deadline."""

import logging
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sync.wire.errors import WireError
from sync.wire.link import LENGTH, Answer, Request, decode_request, encode_answer, frame_length

logger = logging.getLogger(__name__)

# A courier that says nothing for this long is cut off; it calls again.
_IDLE_S = 60.0
_FRAME_S = 20.0
_AFTER_A_FAILURE_S = 1.0
_SOCKET_MODE = 0o660


class CourierServer:
    """Serves until closed, on a thread of its own: the door never waits for it."""

    def __init__(self, path: Path, answer: Callable[[Request], Answer]) -> None:
        self._answer = answer
        self._path = path
        self._stopped = threading.Event()
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._listener.bind(str(path))
            path.chmod(_SOCKET_MODE)
            self._listener.listen(8)
        except OSError:
            self._listener.close()
            raise
        self._listener.settimeout(0.5)
        self._thread = threading.Thread(target=self._serve, name="courier", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=3.0)
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
            with connection:
                try:
                    self._talk(connection)
                except (OSError, WireError, EOFError) as error:
                    logger.debug("the courier has hung up: %s", error)

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(0.5)
        while (payload := self._read_frame(connection)) is not None:
            answer = self._answer(decode_request(payload))
            connection.settimeout(_FRAME_S)
            connection.sendall(encode_answer(answer))
            connection.settimeout(0.5)

    def _read_frame(self, connection: socket.socket) -> bytes | None:
        """Return the next frame, None where the courier has gone."""
        prefix = self._read(connection, LENGTH.size, _IDLE_S)
        if not prefix:
            return None
        return self._read(connection, frame_length(prefix), _FRAME_S)

    def _read(self, connection: socket.socket, length: int, patience_s: float) -> bytes:
        """Read exactly so many bytes; empty where the other side closed before the first."""
        received = bytearray()
        give_up_s = time.monotonic() + patience_s
        while len(received) < length:
            if self._stopped.is_set() or time.monotonic() >= give_up_s:
                raise TimeoutError("the courier takes too long")
            try:
                chunk = connection.recv(min(length - len(received), 1 << 16))
            except TimeoutError:
                continue
            if not chunk:
                if received:
                    raise EOFError("in the middle of a frame")
                return b""
            received += chunk
        return bytes(received)
