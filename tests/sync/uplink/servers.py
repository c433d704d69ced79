"""A hub over HTTP on the loopback and a door on a Unix socket, on ports and paths of their own."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sync.wire.envelope import MEDIA_TYPE
from sync.wire.link import LENGTH, Answer, Request, decode_request, encode_answer, frame_length


@dataclass(frozen=True, slots=True)
class Reply:
    """`raw` replaces the whole answer, head and all."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", MEDIA_TYPE),)
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    path: str
    body: bytes
    content_type: str


@dataclass(slots=True)
class HubServer:
    """`reply` makes the answer to a request's body; `files` are given to who GETs them; `asked` are
    the requests that came.
    """

    url: str
    reply: Callable[[bytes], Reply]
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def hub_server(
    reply: Reply | Callable[[bytes], Reply], tls: ssl.SSLContext | None = None
) -> Iterator[HubServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    port = server.server_address[1]
    url = f"{'http' if tls is None else 'https'}://127.0.0.1:{port}"
    hub = HubServer(url, reply if callable(reply) else lambda _body: reply)
    server.hub = hub  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    timeout = 5
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        hub: HubServer = self.server.hub  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        hub.asked.append(Asked(self.path, body, self.headers["Content-Type"]))
        reply = hub.reply(body)
        if reply.raw is not None:
            self.wfile.write(reply.raw)
            self.close_connection = True
            return
        self.send_response_only(reply.status)
        for name, value in (*reply.headers, ("Content-Length", str(len(reply.body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def do_GET(self) -> None:
        hub: HubServer = self.server.hub  # type: ignore[attr-defined]
        hub.asked.append(Asked(self.path, b"", ""))
        content = hub.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *_arguments: object) -> None:  # noqa: A002
        """Say nothing: the library would write to standard error."""


@contextmanager
def door_server(path: Path, answer: Callable[[Request], Answer | bytes | None]) -> Iterator[None]:
    """Serve requests, one connection each. Bytes are sent as they are; None hangs up unanswered."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(4)
    thread = threading.Thread(target=_serve_door, args=(listener, answer))
    thread.start()
    try:
        yield
    finally:
        # Wakes the thread out of accept().
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()
        path.unlink()


def _serve_door(
    listener: socket.socket, answer: Callable[[Request], Answer | bytes | None]
) -> None:
    while True:
        try:
            connection, _address = listener.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(5)
            length = frame_length(_read(connection, LENGTH.size))
            said = answer(decode_request(_read(connection, length)))
            if said is not None:
                connection.sendall(said if isinstance(said, bytes) else encode_answer(said))


def _read(connection: socket.socket, length: int) -> bytes:
    received = b""
    while len(received) < length:
        chunk = connection.recv(length - len(received))
        assert chunk, "the courier hung up in the middle of a request"
        received += chunk
    return received
