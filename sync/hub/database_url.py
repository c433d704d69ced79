"""`DATABASE_URL`, as most hosts of Django sites give it, turned into Django's settings."""

from pathlib import Path
from typing import TypedDict
from urllib.parse import parse_qsl, unquote, urlsplit

from sync.hub.errors import SettingFault

_LOCK_WAIT_S = 15


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
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def parse_database_url(url: str) -> DatabaseSettings:
    """Read `postgresql://user:password@host:port/name?option=value` or `sqlite:///path`.

    Raises:
        SettingFault: it is neither. The message does not repeat the URL: it holds a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
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
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
