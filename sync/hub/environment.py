"""Every setting of the hub, read from environment variables, all faults at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sync.hub.database_url import DatabaseSettings, parse_database_url, sqlite_at
from sync.hub.errors import SettingFault

HOME = "GAPURA_HUB_HOME"
URL = "GAPURA_HUB_URL"
ALLOWED_HOSTS = "GAPURA_HUB_ALLOWED_HOSTS"
DATABASE_URL = "DATABASE_URL"
DEVICE_CA = "GAPURA_HUB_DEVICE_CA"
NAMES = (HOME, URL, ALLOWED_HOSTS, DATABASE_URL, DEVICE_CA)

DEFAULT_URL = "http://127.0.0.1:8000"
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Environment:
    """`device_ca` is the file of the CA that cards pin, None for the one made here, if any."""

    home: Path
    url: str
    allowed_hosts: tuple[str, ...]
    database: DatabaseSettings
    device_ca: Path | None = None

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
    if faults:
        raise SettingFault("; ".join(faults))
    listed = [name.strip() for name in variables.get(ALLOWED_HOSTS, "").split(",")]
    hosts = tuple(dict.fromkeys([*(name for name in listed if name), host, *_LOOPBACK]))
    given_ca = variables.get(DEVICE_CA)
    device_ca = Path(given_ca).absolute() if given_ca else None
    return Environment(home, url, hosts, database, device_ca)


def read_process_environment() -> Environment:
    return read_environment(os.environ)


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
