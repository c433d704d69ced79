"""`gapura-hub` as processes of their own on one database, and doors that reach them by HTTP."""

import http.client
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from sync.hub.keyring import load_keyring
from sync.wire.card import open_card
from tests.sync.hub.fake_door import FakeDoor

_DEADLINE_S = 120
_ANSWER_S = 30


class HubProcesses:
    """One installation; `serve` starts as many processes of it as are asked for."""

    def __init__(self, home: Path, database_url: str) -> None:
        self.home = home
        self._processes: list[subprocess.Popen[bytes]] = []
        kept = {name: value for name, value in os.environ.items() if "GAPURA" not in name}
        self.environment = {
            **kept,
            "GAPURA_HUB_HOME": str(home),
            "DATABASE_URL": database_url,
        }

    def __enter__(self) -> Self:
        self.run("migrate")
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait(_DEADLINE_S)
        self._processes.clear()
        for ready in self.home.glob("ready-*"):
            ready.unlink()

    def run(self, *words: str) -> str:
        done = subprocess.run(
            self._command(*words),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=_DEADLINE_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def serve(self) -> str:
        """Start one more process, and return its address."""
        ready = self.home / f"ready-{len(self._processes)}"
        # A home that was restored has what lay in the other one.
        ready.unlink(missing_ok=True)
        process = self.start("serve", "--port", "0", "--ready-file", str(ready))
        deadline = time.monotonic() + _DEADLINE_S
        while not ready.exists():
            assert process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)
        return ready.read_text().strip()

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command that goes on until `stop`."""
        with (self.home / "serve.log").open("ab") as log:
            process = subprocess.Popen(
                self._command(*words), env=self.environment, stdout=log, stderr=log
            )
        self._processes.append(process)
        return process

    @property
    def log(self) -> str:
        return (self.home / "serve.log").read_text()

    def a_door(self, label: str, url: str) -> FakeDoor:
        """Return a door that is enrolled over HTTP."""
        place = ("--site", "Kantor Bupati", "--office", "Diskominfo", "--direction", "entry")
        made = json.loads(self.run("create-card", "--new-door", label, *place, "--json"))
        card, _ = open_card(made["card"], pinned_root=None)
        keyring = load_keyring(self.home / "keys")
        door = FakeDoor(keyring, client=HttpClient(url))
        answer = door.enrol(card.door, card.token)
        assert answer.bundle is not None, answer
        door.bundle_version = answer.bundle.version
        door.start()
        return door

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "sync.hub", *words]


@dataclass(frozen=True, slots=True)
class Response:
    status_code: int
    content: bytes
    retry_after: str | None


class HttpClient:
    """Posts as Django's test client does; `last` is what came back."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc
        self.last: Response | None = None

    def post(self, path: str, data: bytes, *, content_type: str) -> Response:
        connection = http.client.HTTPConnection(self._address, timeout=_ANSWER_S)
        try:
            connection.request("POST", path, data, {"Content-Type": content_type})
            answer = connection.getresponse()
            self.last = Response(answer.status, answer.read(), answer.getheader("Retry-After"))
        finally:
            connection.close()
        return self.last
