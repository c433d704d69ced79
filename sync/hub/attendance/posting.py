"""Sends a notice to an address that somebody typed in: to no machine that it must not reach.

The address is looked up once, judged, and connected to as it was judged: a name that leads
elsewhere a moment later is not asked again. No redirect, proxy, cookie or password is followed.
"""

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Timer
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from sync.hub.attendance.models import Trouble

Networks = Sequence[IPv4Network | IPv6Network]

# Standard Webhooks: "somewhere between 15 and 30s", for all of it.
DEADLINE_S = 15.0
_CONNECT_S = 5.0
MOST_ANSWER_BYTES = 4096
_SENDER = "Gapura"
# RFC 6052, section 2.1: what a translator makes an IPv4 address of.
_TRANSLATED = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Answer:
    """`trouble` is None where the receiver took it; `wait` is what it asked for."""

    trouble: Trouble | None
    status: int = 0
    wait: timedelta = timedelta(0)


class _Forbidden(OSError):
    """The name leads to no address that may be reached."""


def may_be_reached(address: str, allowed: Networks) -> bool:
    """Say whether an address is one of the public internet, or of a network that is allowed."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found in _TRANSLATED:
            found = ip_address(int(found) & 0xFFFFFFFF)
        else:
            found = found.ipv4_mapped or found.sixtofour or found
    if any(found in network for network in allowed if network.version == found.version):
        return True
    return found.is_global and not found.is_multicast


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    allowed: Networks,
    deadline_s: float = DEADLINE_S,
) -> Answer:
    """Send it once. All that can go wrong with that is in the answer."""
    try:
        line = _Line(allowed)
        with _session(line, deadline_s) as session:
            given = {**headers, "User-Agent": _SENDER, "Accept-Encoding": "identity"}
            with session.post(
                url,
                data=body,
                headers=given,
                timeout=(_CONNECT_S, deadline_s),
                allow_redirects=False,
                stream=True,
            ) as response:
                # The connection is not used again: what more there is need not be read.
                response.raw.read(MOST_ANSWER_BYTES)
                # What was cut off looks like an answer that ends there.
                return Answer(Trouble.NO_ANSWER) if line.is_cut else _judged(response)
    except (OSError, HTTPError, ValueError) as error:
        return Answer(_trouble_of(error))


@dataclass(slots=True)
class _Line:
    """The connection of one request, with a second handle on it: TLS takes the first one away."""

    allowed: Networks
    handles: list[socket.socket] = field(default_factory=list)
    is_cut: bool = False

    def connect(self, host: str, port: int) -> socket.socket:
        made = _connect(host, port, self.allowed)
        self.handles.append(made.dup())
        return made

    def cut(self) -> None:
        self.is_cut = True
        for handle in self.handles:
            # The other end may have been quicker.
            with suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for handle in self.handles:
            handle.close()


@contextmanager
def _session(line: _Line, deadline_s: float) -> Iterator[requests.Session]:
    """Whoever drips a byte a second is cut off: a time limit of each read alone would not do."""
    timer = Timer(deadline_s, line.cut)
    timer.daemon = True
    session = requests.Session()
    # Neither proxies nor passwords of the environment.
    session.trust_env = False
    adapter = _Adapter(_pools(line))
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    timer.start()
    try:
        yield session
    finally:
        timer.cancel()
        session.close()
        line.close()


class _Adapter(HTTPAdapter):
    """Believes whom this machine believes (`update-ca-certificates`), not a list of its own."""

    def __init__(self, pools: dict[str, Any]) -> None:
        self._pools = pools
        super().__init__()

    def init_poolmanager(self, *sizes: Any, **more: Any) -> None:
        super().init_poolmanager(*sizes, **more, ssl_context=ssl.create_default_context())
        self.poolmanager.pool_classes_by_scheme = self._pools

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave the context as it is: the library would add authorities to it."""


def _pools(line: _Line) -> dict[str, Any]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return line.connect(self.host, self.port or 80)

    class Tls(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return line.connect(self.host, self.port or 443)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = Tls

    return {"http": PlainPool, "https": TlsPool}


def _connect(host: str, port: int, allowed: Networks) -> socket.socket:
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    addresses = [where for *_kind, where in found if may_be_reached(str(where[0]), allowed)]
    if not addresses:
        raise _Forbidden("not an address that may be reached")
    fault: OSError | None = None
    for where in addresses:
        try:
            return socket.create_connection((str(where[0]), port), timeout=_CONNECT_S)
        except OSError as error:
            fault = error
    raise fault or _Forbidden("no address")


def _judged(response: requests.Response) -> Answer:
    status = response.status_code
    if 200 <= status < 300:
        return Answer(None, status)
    if status == requests.codes.gone:
        return Answer(Trouble.GONE, status)
    return Answer(Trouble.STATUS, status, _asked(response.headers.get("Retry-After", "")))


def _asked(value: str) -> timedelta:
    """Return what Retry-After asks for (RFC 9110, section 10.2.3), if anything."""
    if value.isascii() and value.isdecimal():
        return timedelta(seconds=int(value[:6]))
    try:
        return max(parsedate_to_datetime(value) - datetime.now(UTC), timedelta(0))
    except (ValueError, TypeError):
        return timedelta(0)


def _trouble_of(error: BaseException) -> Trouble:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, _Forbidden):
            return Trouble.FORBIDDEN
        if isinstance(cause, socket.gaierror):
            return Trouble.NO_SUCH_HOST
        if isinstance(cause, ssl.SSLError):
            return Trouble.TLS
        cause = cause.__cause__ or cause.__context__
    return Trouble.NO_ANSWER
