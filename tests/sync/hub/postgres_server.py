"""A PostgreSQL server of the system's packages, in a directory of its own, without a port."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

_VERSIONS = Path("/usr/lib/postgresql")
_SYSTEM_USER = "postgres"
_USER = "gapura"
_PORT = 5432
_DEADLINE_S = 60
# What a test may lose in a power cut buys it time; a server that is killed loses nothing by it.
_QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


def find_programs() -> Path | None:
    """Return the folder of the newest installed server's programs, None where there is none."""
    found = [path.parent for path in _VERSIONS.glob("*/bin/initdb")]
    return max(found, key=lambda folder: float(folder.parent.name), default=None)


class PostgresServer:
    """`durable` keeps the server's own settings for what reaches the disk when."""

    def __init__(self, *, durable: bool = False, settings: Sequence[str] = ()) -> None:
        programs = find_programs()
        assert programs is not None, "no PostgreSQL server is installed"
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="gapura-pg-"))
        self._settings = [*settings, *(() if durable else _QUICK)]
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            shutil.chown(self.folder, _SYSTEM_USER, _SYSTEM_USER)

    def __enter__(self) -> Self:
        self.initialise()
        self.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.remove()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    def url(self, database: str = "postgres", **options: str) -> str:
        """Return a `DATABASE_URL`."""
        given = {"host": str(self.folder), **options}
        query = "&".join(f"{name}={value}" for name, value in given.items())
        return f"postgresql://{_USER}@/{database}?{query}"

    def initialise(self) -> None:
        self.run(
            *("initdb", "--pgdata", str(self.data), "--username", _USER, "--auth", "trust"),
            *("--encoding", "UTF8", "--no-locale", "--no-sync", "--no-instructions"),
        )

    def follow(self, primary: "PostgresServer", name: str) -> None:
        """Become a copy of another server that follows it under this name."""
        self.run(
            *("pg_basebackup", "--pgdata", str(self.data), "--checkpoint", "fast", "--no-sync"),
            *("--write-recovery-conf", "--dbname"),
            f"host={primary.folder} user={_USER} application_name={name}",
        )

    def start(self) -> None:
        """Begin, and wait until it answers; a server that follows another answers too."""
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.folder}",
            f"port={_PORT}",
            *self._settings,
        ]
        # What a server that was killed has left says that it is ready.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command("postgres", "-D", str(self.data), *_each("-c", settings)),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _DEADLINE_S
        while not self._answers():
            assert self._process.poll() is None, self.log[-2000:]
            assert time.monotonic() < deadline, self.log[-2000:]
            time.sleep(0.01)

    def kill(self) -> None:
        """SIGKILL for the server and all that it has started, none of them before the others."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)
        processes = self._processes()
        for pid in processes:
            os.kill(pid, signal.SIGKILL)
        self._process.wait(_DEADLINE_S)
        self._process = None
        _wait_for_the_end_of(processes[1:])

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it stand still for a while, as a machine does whose disk does not answer."""
        for pid in (stopped := self._processes()):
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)

    def promote(self) -> None:
        self.run("pg_ctl", "promote", "--wait", "--silent", "--pgdata", str(self.data))

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(_DEADLINE_S)
            self._process = None

    def remove(self) -> None:
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def create_database(self, name: str) -> str:
        self.run("createdb", "--host", str(self.folder), "--username", _USER, name)
        return self.url(name)

    def run(self, program: str, *words: str) -> str:
        """Run one of the server's programs, which refuse to be run by root."""
        done = subprocess.run(
            self._command(program, *words),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=2 * _DEADLINE_S,
            check=False,
        )
        assert done.returncode == 0, f"{program}: {done.stdout}\n{self.log[-2000:]}"
        return done.stdout

    def _command(self, program: str, *words: str) -> list[str]:
        command = [str(self._programs / program), *words]
        if os.geteuid() != 0:
            return command
        identity = pwd.getpwnam(_SYSTEM_USER)
        user, group = f"--reuid={identity.pw_uid}", f"--regid={identity.pw_gid}"
        return ["setpriv", user, group, "--clear-groups", *command]

    def _processes(self) -> list[int]:
        """Return the server and what it has started."""
        assert self._process is not None
        server = self._process.pid
        listed = Path(f"/proc/{server}/task/{server}/children").read_text()
        return [server, *map(int, listed.split())]

    def _answers(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[7].strip() in {"ready", "standby"}


def _each(flag: str, values: Iterable[str]) -> list[str]:
    return [word for value in values for word in (flag, value)]


def _wait_for_the_end_of(pids: Sequence[int]) -> None:
    deadline = time.monotonic() + _DEADLINE_S
    while any(_runs(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _runs(pid: int) -> bool:
    """A process that nobody has waited for yet holds nothing any more."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
