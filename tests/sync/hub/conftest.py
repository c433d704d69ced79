"""A hub in a directory of its own, with a pinned clock; what a test stores is rolled back.

What stores and dates is tested on SQLite and on PostgreSQL, the rest on SQLite.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client
from django.test.utils import (
    setup_databases,
    setup_test_environment,
    teardown_databases,
    teardown_test_environment,
)

from sync.hub import environment
from sync.hub.database_url import DatabaseSettings, parse_database_url
from sync.hub.home import Home
from sync.hub.key_making import make_keys
from sync.hub.keyring import Keyring, load_keyring
from sync.hub.privacy.append_only import guard, unguard
from tests.sync.hub.postgres_server import PostgresServer, find_programs

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)

# Django reads its settings once, when the first module of the hub is imported.
_HOME = Home(Path(tempfile.mkdtemp(prefix="gapura-hub-test-")))
atexit.register(shutil.rmtree, _HOME.path, ignore_errors=True)
for _name in environment.NAMES:
    os.environ.pop(_name, None)
os.environ[environment.HOME] = str(_HOME.path)
os.environ["DJANGO_SETTINGS_MODULE"] = "sync.hub.settings"
_HOME.prepare()
make_keys(_HOME.keys, NOW)
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The handler would keep hold of whatever pytest captures with at this moment.
settings.LOGGING = {**settings.LOGGING, "handlers": {"stderr": {"class": "logging.NullHandler"}}}
django.setup()
connections["default"].settings_dict["TEST"]["NAME"] = str(_HOME.path / "test.sqlite3")


class PinnedClock:
    """Stands in for `sync.hub.clock.now`."""

    def __init__(self) -> None:
        self.instant = NOW

    def __call__(self) -> datetime:
        return self.instant

    def pass_by(self, span: timedelta) -> None:
        self.instant += span


_ON_BOTH = ("ingest", "fleet", "people", "privacy", "attendance")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    folder = metafunc.definition.path.parent.name
    if "database" in metafunc.fixturenames and folder in _ON_BOTH:
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def _sqlite() -> Iterator[None]:
    setup_test_environment()
    state = setup_databases(verbosity=0, interactive=False)
    yield
    teardown_databases(state, verbosity=0)
    connections.close_all()
    teardown_test_environment()


@pytest.fixture(scope="session")
def _postgresql(_sqlite: None) -> Iterator[DatabaseSettings]:
    """A database on a server of this worker's own, with all tables."""
    if find_programs() is None:
        pytest.skip("no PostgreSQL server is installed; script/setup installs Debian's")
    with PostgresServer() as server:
        found = parse_database_url(server.create_database("hub"))
        with chosen(found):
            call_command("migrate", verbosity=0, interactive=False)
        yield found


@contextmanager
def chosen(found: DatabaseSettings) -> Iterator[None]:
    """Make it the hub's database, for this thread and for those that begin meanwhile."""
    kept, kept_settings = connections["default"], connections.settings["default"]
    connections.settings["default"] = connections.configure_settings({"default": found})["default"]
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = kept_settings
        connections["default"] = kept


@pytest.fixture
def database(_sqlite: None, request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of the database that the test runs on."""
    name: str = getattr(request, "param", "sqlite")
    if name == "sqlite":
        yield name
        return
    with chosen(request.getfixturevalue("_postgresql")):
        yield name


@pytest.fixture(autouse=True)
def _rolled_back(database: str, request: pytest.FixtureRequest) -> Iterator[None]:
    if "committing" in request.fixturenames:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def committing(database: str) -> Iterator[None]:
    """For tests in which several threads or processes must see each other's work."""
    yield
    unguard(connections["default"])
    call_command("flush", verbosity=0, interactive=False)
    guard(connections["default"])


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> PinnedClock:
    pinned = PinnedClock()
    monkeypatch.setattr("sync.hub.clock.now", pinned)
    return pinned


@pytest.fixture
def keyring() -> Keyring:
    return load_keyring(_HOME.keys)


@pytest.fixture
def hub_home() -> Home:
    return _HOME


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A hub whose keys a test may renew and end."""
    home = Home(tmp_path / "home")
    home.prepare()
    make_keys(home.keys, NOW)
    monkeypatch.setattr("sync.hub.installation.home", lambda: home)
    return home


@pytest.fixture
def client() -> Client:
    return Client()
