"""Every setting of the hub, read from environment variables, all faults at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from sync.hub.database_url import DatabaseSettings, parse_database_url, sqlite_at
from sync.hub.errors import SettingFault

HOME = "GAPURA_HUB_HOME"
URL = "GAPURA_HUB_URL"
ALLOWED_HOSTS = "GAPURA_HUB_ALLOWED_HOSTS"
DATABASE_URL = "DATABASE_URL"
DEVICE_CA = "GAPURA_HUB_DEVICE_CA"
VISITOR_STAY = "GAPURA_HUB_VISITOR_STAY_H"
EMPLOYEE_STAY = "GAPURA_HUB_EMPLOYEE_STAY_H"
PUBLIC_STATISTICS = "GAPURA_HUB_PUBLIC_STATISTICS"
WEBHOOK_NETWORKS = "GAPURA_HUB_WEBHOOK_NETWORKS"
NAMES = (
    *(HOME, URL, ALLOWED_HOSTS, DATABASE_URL, DEVICE_CA),
    *(VISITOR_STAY, EMPLOYEE_STAY, PUBLIC_STATISTICS, WEBHOOK_NETWORKS),
)

DEFAULT_URL = "http://127.0.0.1:8000"
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_VISITOR_STAY_H, _EMPLOYEE_STAY_H = 4, 16
_MOST_HOURS = 72
_SWITCH = {"": False, "off": False, "on": True}


@dataclass(frozen=True, slots=True)
class Environment:
    """`device_ca` is the file of the CA that cards pin, None for the one made here, if any.

    `visitor_stay_h` and `employee_stay_h` are how long somebody may have stayed whom nobody saw go.
    `webhook_networks` are those, beside the public internet, that notices may be sent to.
    """

    home: Path
    url: str
    allowed_hosts: tuple[str, ...]
    database: DatabaseSettings
    device_ca: Path | None = None
    visitor_stay_h: int = _VISITOR_STAY_H
    employee_stay_h: int = _EMPLOYEE_STAY_H
    has_public_statistics: bool = False
    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @property
    def is_https(self) -> bool:
        return self.url.startswith("https://")


def read_environment(variables: Mapping[str, str]) -> Environment:
    """Raises SettingFault, naming every setting that cannot be used."""
    faults: list[str] = []
    home = _home(variables)
    url = variables.get(URL, DEFAULT_URL).rstrip("/")
    host = _host(url)
    if not host:
        faults.append(f"{URL}: must be an address such as https://hub.example.go.id")
    database = sqlite_at(home / "db.sqlite3")
    try:
        if given := variables.get(DATABASE_URL):
            database = parse_database_url(given)
    except SettingFault as fault:
        faults.append(f"{DATABASE_URL}: {fault}")
    visitor_stay_h = _hours(variables, VISITOR_STAY, _VISITOR_STAY_H, faults)
    employee_stay_h = _hours(variables, EMPLOYEE_STAY, _EMPLOYEE_STAY_H, faults)
    is_public = _SWITCH.get(variables.get(PUBLIC_STATISTICS, ""))
    if is_public is None:
        faults.append(f"{PUBLIC_STATISTICS}: must be on or off")
    networks = _networks(variables, faults)
    if faults:
        raise SettingFault("; ".join(faults))
    hosts = tuple(dict.fromkeys([*_listed(variables, ALLOWED_HOSTS), host, *_LOOPBACK]))
    given_ca = variables.get(DEVICE_CA)
    device_ca = Path(given_ca).absolute() if given_ca else None
    return Environment(
        *(home, url, hosts, database, device_ca),
        *(visitor_stay_h, employee_stay_h, bool(is_public), networks),
    )


def read_process_environment() -> Environment:
    return read_environment(os.environ)


def _hours(variables: Mapping[str, str], name: str, usual: int, faults: list[str]) -> int:
    given = variables.get(name) or str(usual)
    if given.isascii() and given.isdecimal() and 1 <= int(given[:4]) <= _MOST_HOURS:
        return int(given)
    faults.append(f"{name}: must be a whole number of hours from 1 to {_MOST_HOURS}")
    return usual


def _listed(variables: Mapping[str, str], name: str) -> list[str]:
    return [word for one in variables.get(name, "").split(",") if (word := one.strip())]


def _networks(
    variables: Mapping[str, str], faults: list[str]
) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(one) for one in _listed(variables, WEBHOOK_NETWORKS))
    except ValueError as error:
        faults.append(f"{WEBHOOK_NETWORKS}: {error}; must be as 10.20.0.0/16, separated by commas")
        return ()


def _home(variables: Mapping[str, str]) -> Path:
    if given := variables.get(HOME):
        return Path(given).absolute()
    data = variables.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "gapura-hub"


def _host(url: str) -> str:
    """Return the host as Django compares it, or nothing where the address has none."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    return f"[{host}]" if ":" in host else host


def has_host(url: str) -> bool:
    return bool(_host(url))


def is_loopback(url: str) -> bool:
    """Say whether only this machine itself reaches that address."""
    host = _host(url).strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
