"""The courier's end of the door's socket."""

import socket
from pathlib import Path
from typing import Protocol

from sync.uplink.errors import DoorAway
from sync.wire.errors import WireError
from sync.wire.link import LENGTH, Answer, Ask, Request, decode_answer, encode_request, frame_length

# A bundle is published within a minute (and a half, where the card is slow).
_ANSWER_S = 90.0


class Door(Protocol):
    def ask(self, request: Request) -> Answer:
        """Raises DoorAway where the door does not answer."""
        ...


class DoorSocket:
    """Opens a connection for each request: the door may restart between any two."""

    def __init__(self, path: Path, *, timeout_s: float = _ANSWER_S) -> None:
        self._path = path
        self._timeout_s = timeout_s

    def ask(self, request: Request) -> Answer:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(self._timeout_s)
                connection.connect(str(self._path))
                connection.sendall(encode_request(request))
                length = frame_length(_read(connection, LENGTH.size))
                return decode_answer(_read(connection, length))
        except (OSError, WireError) as error:
            raise DoorAway(f"the door does not answer on its socket: {error}") from error


def hello() -> Request:
    return Request(Ask.HELLO)


def fetch(after_seq: int, most_entries: int) -> Request:
    return Request(Ask.FETCH, after_seq=after_seq, most_entries=most_entries)


def deliver(envelope: bytes) -> Request:
    return Request(Ask.DELIVER, envelope=envelope)


def _read(connection: socket.socket, length: int) -> bytes:
    received = bytearray()
    while len(received) < length:
        chunk = connection.recv(min(length - len(received), 1 << 16))
        if not chunk:
            raise DoorAway("the door hung up in the middle of an answer")
        received += chunk
    return bytes(received)
