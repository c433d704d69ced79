"""Stands between couriers and a hub and spoils what passes: the same seed, the same faults.

    with FaultyProxy(hub_url, seed=7) as proxy:
        ...HttpsHub(proxy.url, ...)

Each POST meets one `Fault`, drawn by its number from the seed; GETs pass. What each fault does is
said beside it. `counts` tells how often each was met.
"""

import http.client
import ssl
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from types import TracebackType
from urllib.parse import urlsplit

_TIMEOUT_S = 30
_LONGEST_DELAY_S = 0.05
_KEPT = 50


class Fault(Enum):
    NONE = "passes"
    REQUEST_LOST = "never reaches the hub"
    REQUEST_TRUNCATED = "reaches it in part"
    REQUEST_CORRUPTED = "reaches it with one bit changed"
    REQUEST_REPEATED = "reaches it twice"
    REQUEST_LATE = "reaches it after later ones, and nobody hears the answer"
    ANSWER_LOST = "is committed; the receipt is lost"
    ANSWER_TRUNCATED = "is committed; the receipt breaks off"
    ANSWER_CORRUPTED = "is committed; one bit of the receipt is changed"
    ANSWER_SWAPPED = "is committed; an earlier answer, of anybody's, comes back instead"
    SERVER_ERROR = "is answered with an error in the hub's place"
    PORTAL = "is answered with a sign-in page"
    DELAYED = "takes longer"


# How often each, against NONE with 6.
WEIGHTS: Mapping[Fault, float] = {fault: 6.0 if fault is Fault.NONE else 1.0 for fault in Fault}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(slots=True)
class Passing:
    """A request on its way."""

    path: str
    headers: dict[str, str]
    body: bytes
    chance: Random


@dataclass(slots=True)
class FaultyProxy:
    """`weights` may leave faults out; `tls` is what the couriers see, the hub is asked plainly.
    `files` are given to who GETs them, in the hub's place.
    """

    hub_url: str
    seed: int
    weights: Mapping[Fault, float] = field(default_factory=lambda: dict(WEIGHTS))
    tls: ssl.SSLContext | None = None
    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    counts: Counter[Fault] = field(default_factory=Counter)
    _late: deque[Passing] = field(default_factory=deque)
    _answers: deque[Answer] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: "_Server | None" = None
    _thread: threading.Thread | None = None

    def __enter__(self) -> "FaultyProxy":
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        if self.tls is not None:
            self._server.socket = self.tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        scheme = "http" if self.tls is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        assert self._thread is not None
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def become_honest(self) -> None:
        """Pass everything on from now, what was kept back first."""
        self.weights = {Fault.NONE: 1.0}
        self._let_through_what_is_late(all_of_it=True)

    def post(self, path: str, headers: dict[str, str], body: bytes) -> Answer | None:
        """Pass a request on, or do otherwise; None hangs up on the courier."""
        fault, chance = self._draw()
        passing = Passing(path, headers, body, chance)
        if fault is not Fault.REQUEST_LATE:
            self._let_through_what_is_late()
        return _DEEDS[fault](self, passing)

    def ask(self, passing: Passing, body: bytes | None = None, method: str = "POST") -> Answer:
        """Ask the hub and keep what it says."""
        parts = urlsplit(self.hub_url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=_TIMEOUT_S)
        try:
            content = passing.body if body is None else body
            connection.request(method, passing.path, content, passing.headers)
            response = connection.getresponse()
            kept = ("Content-Type", "Retry-After")
            headers = tuple((n, v) for n in kept if (v := response.getheader(n)) is not None)
            answer = Answer(response.status, headers, response.read())
        finally:
            connection.close()
        if method == "POST":
            self._answers.append(answer)
        return answer

    def keep_back(self, passing: Passing) -> None:
        with self._lock:
            self._late.append(passing)

    def earlier_answer(self, chance: Random) -> Answer:
        with self._lock:
            return chance.choice(list(self._answers))

    def break_off(self, passing: Passing) -> None:
        """Send the head and a part of the body, and hang up."""
        parts = urlsplit(self.hub_url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=_TIMEOUT_S)
        with suppress(OSError):
            connection.putrequest("POST", passing.path)
            for name, value in passing.headers.items():
                connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(passing.body)))
            connection.endheaders(passing.body[: passing.chance.randrange(len(passing.body))])
        connection.close()

    def _draw(self) -> tuple[Fault, Random]:
        with self._lock:
            chance = Random(f"{self.seed}/{self.counts.total()}")
            (fault,) = chance.choices(list(self.weights), list(self.weights.values()))
            self.counts[fault] += 1
        return fault, chance

    def _let_through_what_is_late(self, *, all_of_it: bool = False) -> None:
        while self._late:
            with self._lock:
                passing = self._late.popleft()
            self.ask(passing)
            if not all_of_it:
                return


def _bent(body: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(body))
    return body[:place] + bytes([body[place] ^ 1 << chance.randrange(8)]) + body[place + 1 :]


def _lost(_proxy: FaultyProxy, _passing: Passing) -> None:
    return None


def _truncated(proxy: FaultyProxy, passing: Passing) -> None:
    proxy.break_off(passing)


def _late(proxy: FaultyProxy, passing: Passing) -> None:
    proxy.keep_back(passing)


def _repeated(proxy: FaultyProxy, passing: Passing) -> Answer:
    proxy.ask(passing)
    return proxy.ask(passing)


def _answer_lost(proxy: FaultyProxy, passing: Passing) -> None:
    proxy.ask(passing)


def _answer_truncated(proxy: FaultyProxy, passing: Passing) -> Answer:
    answer = proxy.ask(passing)
    kept = answer.body[: passing.chance.randrange(len(answer.body))]
    length = (("Content-Length", str(len(answer.body))),)
    return Answer(answer.status, answer.headers + length, kept)


def _answer_corrupted(proxy: FaultyProxy, passing: Passing) -> Answer:
    answer = proxy.ask(passing)
    return Answer(answer.status, answer.headers, _bent(answer.body, passing.chance))


def _answer_swapped(proxy: FaultyProxy, passing: Passing) -> Answer:
    proxy.ask(passing)
    return proxy.earlier_answer(passing.chance)


def _server_error(_proxy: FaultyProxy, passing: Passing) -> Answer:
    status = passing.chance.choice((500, 502, 503, 504))
    return Answer(status, (("Content-Type", "text/plain"), ("Retry-After", "1")), b"no\n")


def _portal(_proxy: FaultyProxy, _passing: Passing) -> Answer:
    return Answer(200, (("Content-Type", "text/html"),), b"<html>Masuk ke WiFi</html>")


def _delayed(proxy: FaultyProxy, passing: Passing) -> Answer:
    time.sleep(passing.chance.uniform(0, _LONGEST_DELAY_S))
    return proxy.ask(passing)


_DEEDS: dict[Fault, Callable[[FaultyProxy, Passing], Answer | None]] = {
    Fault.NONE: lambda proxy, passing: proxy.ask(passing),
    Fault.REQUEST_LOST: _lost,
    Fault.REQUEST_TRUNCATED: _truncated,
    Fault.REQUEST_CORRUPTED: lambda proxy, passing: proxy.ask(
        passing, _bent(passing.body, passing.chance)
    ),
    Fault.REQUEST_REPEATED: _repeated,
    Fault.REQUEST_LATE: _late,
    Fault.ANSWER_LOST: _answer_lost,
    Fault.ANSWER_TRUNCATED: _answer_truncated,
    Fault.ANSWER_CORRUPTED: _answer_corrupted,
    Fault.ANSWER_SWAPPED: _answer_swapped,
    Fault.SERVER_ERROR: _server_error,
    Fault.PORTAL: _portal,
    Fault.DELAYED: _delayed,
}


class _Server(ThreadingHTTPServer):
    proxy: FaultyProxy
    request_queue_size = 64

    def handle_error(self, *_arguments: object) -> None:
        """Say nothing: hanging up is this server's business."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _TIMEOUT_S
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {"Content-Type": self.headers["Content-Type"]}
        self._give(self.server.proxy.post(self.path, headers, body))

    def do_GET(self) -> None:
        proxy = self.server.proxy
        content = proxy.files.get(self.path)
        if content is None:
            self._give(proxy.ask(Passing(self.path, {}, b"", Random(0)), method="GET"))
        else:
            self._give(Answer(200, (), content))

    def _give(self, answer: Answer | None) -> None:
        self.close_connection = True
        if answer is None:
            return
        self.send_response(answer.status)
        named = {name for name, _value in answer.headers}
        for name, value in answer.headers:
            self.send_header(name, value)
        if "Content-Length" not in named:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: the library would write to standard error."""
