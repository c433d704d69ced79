"""Whether a network has come: the kernel's routes, looked at now and then.

Two small files that the kernel writes on the spot; to look costs some 50 µs. What netlink would
tell, a sandboxed process may not hear, and a hotspot lives for 40 s, not for 4.
"""

from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc/self/net")
_LOOPBACK = "lo"
# Link-local and multicast addresses of IPv6 (RFC 4291, section 2.4) come with any plug.
_NEIGHBOURS = ("fe8", "ff0")
Route = tuple[str, ...]


class Network:
    def __init__(self, proc: Path = _PROC) -> None:
        self._proc = proc
        self._routes = self._read()

    def has_come(self) -> bool:
        """Say whether there is a route that was not there when this was last asked."""
        before, self._routes = self._routes, self._read()
        return not self._routes <= before

    def is_there(self) -> bool:
        """Say whether any route leads out of this machine, beyond the cable's own neighbours."""
        return any(not route[1].startswith(_NEIGHBOURS) for route in self._read())

    def _read(self) -> frozenset[Route]:
        # Fields that are counters or metrics are left out: they change by themselves.
        ipv4 = {(row[0], *row[1:3], row[7]) for row in self._rows("route")[1:] if len(row) > 7}
        ipv6 = {(row[9], *row[0:2], row[4]) for row in self._rows("ipv6_route") if len(row) > 9}
        return frozenset(route for route in ipv4 | ipv6 if route[0] != _LOOPBACK)

    def _rows(self, name: str) -> list[list[str]]:
        with suppress(OSError):
            return [line.split() for line in (self._proc / name).read_text().splitlines()]
        return []
