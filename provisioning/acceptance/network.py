"""Whether a network leads out of the kiosk, and how strong the WiFi is."""

from pathlib import Path

from provisioning.acceptance.result import Figure, Outcome, Result
from provisioning.language import mark as _
from sync.wire import link

# The hub calls a WiFi critical from here on, and weak from there.
WEAKEST_DBM, WEAK_DBM = -80, -72
_PROC = "proc/self/net"
_EVERYWHERE = "00000000"
_EVERYWHERE_6 = "0" * 32
_LOOPBACK = "lo"

_NONE = _("check the cable or the WiFi's name and password, or show a card with the right WiFi")
_WEAK = _("move the kiosk or the access point closer, or lay a cable")


def try_network(root: Path, *, needs_network: bool) -> Result:
    """By the kernel's own tables: no word goes out."""
    ways, dbm = _ways(root / _PROC), _dbm(root / _PROC)
    figures = tuple(Figure("wifi_dbm", level) for level in (dbm,) if level is not None)
    if not ways:
        said = "no network leads out of the kiosk"
        if needs_network:
            return Result("network", Outcome.BAD, said, _NONE, figures)
        return Result("network", Outcome.SKIPPED, f"{said}, and the site has no internet")
    figures = (Figure("interface", ways[0]), *figures)
    radio = "" if dbm is None else f", WiFi {dbm} dBm"
    said = f"a way out by {', '.join(ways)}{radio}"
    if dbm is not None and dbm <= WEAKEST_DBM:
        return Result("network", Outcome.BAD, f"the WiFi is too weak; {said}", _WEAK, figures)
    advice = _WEAK if dbm is not None and dbm <= WEAK_DBM else ""
    return Result("network", Outcome.OK, said, advice, figures)


def _ways(proc: Path) -> list[str]:
    """Return the interfaces with a default route (proc_net_route; net/ipv6/route.c)."""
    ipv4 = {row[0] for row in _rows(proc / "route") if len(row) > 7 and row[1] == _EVERYWHERE}
    ipv6 = {
        row[9]
        for row in _rows(proc / "ipv6_route")
        if len(row) > 9 and row[0] == _EVERYWHERE_6 and row[1] == "00"
    }
    return sorted((ipv4 | ipv6) - {_LOOPBACK})


def _dbm(proc: Path) -> int | None:
    """Return the best level (net/wireless/wext-proc.c); None where none is told in dBm."""
    levels = [row[3].removesuffix(".") for row in _rows(proc / "wireless")[2:] if len(row) > 3]
    told = [int(level) for level in levels if level.removeprefix("-").isdecimal()]
    possible = range(link.WEAKEST_DBM, link.STRONGEST_DBM + 1)
    return max((level for level in told if level in possible), default=None)


def _rows(path: Path) -> list[list[str]]:
    try:
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return [line.split() for line in text.splitlines()]
