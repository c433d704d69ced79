"""Hubs of their own on SQLite and on a real PostgreSQL, used as from a shell."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sync.hub.hub_process import HubProcesses
from tests.sync.hub.postgres_server import PostgresServer, find_programs

_DEADLINE_S = 120


@dataclass(frozen=True, slots=True)
class Backups:
    """A hub with a key for its backups, and places for another one to be restored into."""

    hub: HubProcesses
    other: HubProcesses
    identity: Path
    folder: Path
    server: PostgresServer | None

    def take(self, *words: str) -> Path:
        told = self.hub.run("backup", str(self.folder), "--json", *words)
        return Path(json.loads(told)["file"])

    def restore(self, path: Path) -> str:
        return self.other.run("restore", str(path), "--identity", str(self.identity))


def fails(hub: HubProcesses, *words: str) -> str:
    """Run what must not succeed; return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "sync.hub", *words],
        env=hub.environment,
        capture_output=True,
        text=True,
        timeout=_DEADLINE_S,
        check=False,
    )
    assert done.returncode in {1, 2}, done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


def status_of(hub: HubProcesses) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(hub.run("status", "--json"))
    return found


@pytest.fixture(scope="module")
def made_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a hub that nobody has used yet, and the key to its backups."""
    folder = tmp_path_factory.mktemp("made")
    _make(HubProcesses(folder / "hub", f"sqlite:///{folder}/hub/db.sqlite3"), folder)
    return folder


@pytest.fixture(scope="module")
def made_on_postgresql(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Path, PostgresServer]]:
    """The same, with a server of its own; `made` is its database."""
    if find_programs() is None:
        pytest.skip("no PostgreSQL server is installed; script/setup installs Debian's")
    folder = tmp_path_factory.mktemp("made")
    with PostgresServer() as server:
        _make(HubProcesses(folder / "hub", server.create_database("made")), folder)
        yield folder, server


def _make(hub: HubProcesses, folder: Path) -> None:
    hub.run("migrate")
    hub.run("create-backup-key", str(folder / "offline.key"))


@pytest.fixture(params=[pytest.param("sqlite", marks=pytest.mark.long), "postgresql"])
def backups(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backups]:
    if request.param == "sqlite":
        made: Path = request.getfixturevalue("made_on_sqlite")
        yield from _on_sqlite(made, tmp_path)
    else:
        made, server = request.getfixturevalue("made_on_postgresql")
        yield from _on_postgresql(made, server, tmp_path)


@pytest.fixture
def on_sqlite(made_on_sqlite: Path, tmp_path: Path) -> Iterator[Backups]:
    yield from _on_sqlite(made_on_sqlite, tmp_path)


def _on_sqlite(made: Path, folder: Path) -> Iterator[Backups]:
    urls = [f"sqlite:///{folder}/{name}/db.sqlite3" for name in ("hub", "other")]
    yield from _backups(made, folder, urls, None)


def _on_postgresql(made: Path, server: PostgresServer, folder: Path) -> Iterator[Backups]:
    """Two databases: a copy of the one that was made, and an empty one."""
    talk = ("--host", str(server.folder), "--username", "gapura")
    for name in ("hub", "other"):
        server.run("dropdb", *talk, "--if-exists", "--force", name)
    server.run("createdb", *talk, "--template", "made", "hub")
    urls = [server.url("hub"), server.create_database("other")]
    yield from _backups(made, folder, urls, server)


def _backups(
    made: Path, folder: Path, urls: list[str], server: PostgresServer | None
) -> Iterator[Backups]:
    shutil.copytree(made, folder, dirs_exist_ok=True)
    hub, other = HubProcesses(folder / "hub", urls[0]), HubProcesses(folder / "other", urls[1])
    (folder / "disk").mkdir()
    try:
        yield Backups(hub, other, folder / "offline.key", folder / "disk", server)
    finally:
        hub.stop()
        other.stop()


def without_programs(hub: HubProcesses, folder: Path) -> None:
    """Take everything but Python off the hub's path."""
    folder.mkdir()
    hub.environment["PATH"] = str(folder)
    assert os.environ["PATH"] != str(folder)
