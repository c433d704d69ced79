"""`DATABASE_URL`, as most hosts of Django sites give it, turned into Django's settings."""

from pathlib import Path
from typing import TypedDict
from urllib.parse import parse_qsl, unquote, urlsplit

from sync.hub.errors import SettingFault

_LOCK_WAIT_S = 15
_CONNECT_WAIT_S = 5
# A hub that waits for ever, or was cut off in the middle of a batch, would hold up its door.
_SESSION = f"-c lock_timeout={_LOCK_WAIT_S}s -c idle_in_transaction_session_timeout=60s"
# A server that has gone without a word is noticed within this, not within hours.
_SILENCE = {"tcp_user_timeout": "10000", "keepalives_idle": "10", "keepalives_interval": "5"}


class DatabaseSettings(TypedDict, total=False):
    """One of Django's `DATABASES`, which has to be a dict."""

    ENGINE: str
    NAME: str
    USER: str
    PASSWORD: str
    HOST: str
    PORT: str
    CONN_MAX_AGE: int
    CONN_HEALTH_CHECKS: bool
    OPTIONS: dict[str, object]


def sqlite_at(path: Path) -> DatabaseSettings:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "timeout": _LOCK_WAIT_S,
            # A transaction that reads first and writes later would fail at once, whatever
            # the timeout, when another one has written in between.
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                # What is deleted is zeroed in the file.
                " PRAGMA secure_delete=ON;"
            ),
        },
    }


def parse_database_url(url: str) -> DatabaseSettings:
    """Read `postgresql://user:password@host:port,host:port/name?option=value` or
    `sqlite:///path`. Options are those of libpq.

    Raises:
        SettingFault: it is neither. The message does not repeat the URL: it holds a password.
    """
    try:
        parts = urlsplit(url)
        hosts = _hosts(parts.netloc.rpartition("@")[2])
    except ValueError as error:
        raise SettingFault("not a URL") from error
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise SettingFault("names no database")
    if parts.scheme == "sqlite":
        return sqlite_at(Path(name))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SettingFault("must begin with postgresql:// or sqlite:///")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": ",".join(host for host, _ in hosts),
        "PORT": ",".join(port for _, port in hosts) if any(port for _, port in hosts) else "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": str(_CONNECT_WAIT_S),
            "options": _SESSION,
            **_SILENCE,
            **dict(parse_qsl(parts.query)),
        },
    }


def _hosts(listed: str) -> list[tuple[str, str]]:
    """Return each host with its port, empty where none is said: libpq tries them in order.

    Raises:
        ValueError: one of them is not a host and a port.
    """
    found = [urlsplit(f"//{one}") for one in listed.split(",")]
    return [(unquote(one.hostname or ""), str(one.port or "")) for one in found]
