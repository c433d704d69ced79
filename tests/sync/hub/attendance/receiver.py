"""Another system that is told: an HTTP server of this test on this machine."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from threading import Event, Thread
from typing import Any

LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass(slots=True)
class Receiver:
    """Remembers what came; answers `status` with `headers`, after `slow_s`. One that drips begins
    an answer and does not end it before it is `released`.
    """

    url: str
    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    slow_s: float = 0.0
    drips: bool = False
    released: Event = field(default_factory=Event)
    came: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up is no news here."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.came.append((self.path, dict(self.headers), body))
        if receiver.drips:
            self._drip(receiver)
            return
        receiver.released.wait(receiver.slow_s)
        self.send_response(receiver.status)
        for name, value in receiver.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(receiver.body)))
        self.end_headers()
        self.wfile.write(receiver.body)

    def _drip(self, receiver: Receiver) -> None:
        self.wfile.write(b"HTTP/1.1 204 No Content\r\nX: ")
        while not receiver.released.wait(0.05):
            self.wfile.write(b"a")

    def log_request(self, *_said: object) -> None:
        """Nothing is to stand on the test's output."""


@contextmanager
def a_receiver(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    server = _Server(("127.0.0.1", 0), _Handler)
    scheme = "http" if context is None else "https"
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.receiver = Receiver(f"{scheme}://127.0.0.1:{server.server_port}/gapura")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.receiver
    finally:
        server.receiver.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
