"""HTTP connections under one deadline for a whole request; `requests` knows only one a read.

A hub, or whoever stands in its place, that gives a byte a second would never time out.
"""

import socket
import ssl
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import SystemTimeWarning

from sync.uplink.deadline import Deadline
from sync.uplink.errors import HubAway

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_PIECE_BYTES = 16 * 1024
JudgePeer = Callable[[ssl.SSLSocket], None]


class PlainSocket(socket.socket):
    deadline: Deadline

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0) -> int:
        self.settimeout(self.deadline.patience_s())
        count = super().recv_into(buffer, nbytes, flags)
        self.deadline.moved(count)
        return count

    def sendall(self, data: "ReadableBuffer", flags: int = 0) -> None:
        for piece in _pieces(data):
            self.settimeout(self.deadline.patience_s())
            super().sendall(piece, flags)
            self.deadline.moved(len(piece))


class TlsSocket(ssl.SSLSocket):
    deadline: Deadline

    def recv_into(
        self, buffer: "WriteableBuffer", nbytes: int | None = None, flags: int = 0
    ) -> int:
        self.settimeout(self.deadline.patience_s())
        count = super().recv_into(buffer, nbytes, flags)
        self.deadline.moved(count)
        return count

    def sendall(self, data: "ReadableBuffer", flags: int = 0) -> None:
        for piece in _pieces(data):
            self.settimeout(self.deadline.patience_s())
            super().sendall(piece, flags)
            self.deadline.moved(len(piece))


class BoundedAdapter(HTTPAdapter):
    """Trusts what `context` trusts and nothing beside it; `judge` sees each peer once it is
    verified, before anything is said to it, and raises where it will not have it.
    """

    def __init__(self, context: ssl.SSLContext, deadline: Deadline, judge: JudgePeer) -> None:
        context.sslsocket_class = TlsSocket
        self._context = context
        self._pools = bounded_pools(deadline, judge)
        super().__init__()

    def init_poolmanager(self, *sizes: Any, **more: Any) -> None:
        super().init_poolmanager(*sizes, **more, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **more, ssl_context=self._context)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave the context as it is: the library would add the public authorities to it."""


def bounded_pools(deadline: Deadline, judge: JudgePeer) -> dict[str, Any]:
    """Return urllib3's pools, with connections that keep to the deadline."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _bounded(super()._new_conn(), deadline)

    class Tls(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _bounded(super()._new_conn(), deadline)

        def connect(self) -> None:
            with warnings.catch_warnings():
                # The certificate's dates are judged by what the door knows of the time.
                warnings.simplefilter("ignore", SystemTimeWarning)
                super().connect()
            if not isinstance(self.sock, TlsSocket):
                raise HubAway("a proxy's address begins with http://, also for TLS through it")
            self.sock.deadline = deadline
            judge(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = Tls

    return {"http": PlainPool, "https": TlsPool}


def _bounded(made: socket.socket, deadline: Deadline) -> PlainSocket:
    timeout_s = made.gettimeout()
    bounded = PlainSocket(fileno=made.detach())
    bounded.settimeout(timeout_s)
    bounded.deadline = deadline
    return bounded


def _pieces(data: "ReadableBuffer") -> Iterator[memoryview]:
    view = memoryview(data).cast("B")
    for place in range(0, len(view), _PIECE_BYTES):
        yield view[place : place + _PIECE_BYTES]
