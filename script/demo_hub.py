"""The demo's hub: the real `gapura-hub` in a directory of its own, on a free loopback port."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from demo_visitors import Visitor

START_S = 60.0


class DemoHub:
    """Use as a context: the server ends with it."""

    user = "diskominfo"

    def __init__(self, home: Path) -> None:
        self._home = home
        self._server: subprocess.Popen[bytes] | None = None
        self.url = ""
        self.password = ""

    def __enter__(self) -> "DemoHub":
        self._home.mkdir(parents=True)
        self._run("migrate")
        self.password = self._json("create-user", self.user)["password"]
        self.start()
        return self

    def start(self, port: int = 0) -> None:
        ready = self._home / "url"
        with (self._home / "serve.log").open("ab") as log:
            self._server = subprocess.Popen(
                [*_command(), "serve", "--port", str(port), "--ready-file", str(ready)],
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_S
        while not ready.exists() or not ready.read_text().strip():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The hub did not start; see {self._home}/serve.log")
            time.sleep(0.1)
        self.url = ready.read_text().strip()

    def stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait(timeout=20)
            self._server = None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def create_card(self) -> str:
        """Return the text of an enrolment card for the demo's door."""
        return str(self.card_for("Pintu Depan")["card"])

    def card_for(self, door: str, *words: str) -> dict[str, Any]:
        """Return an enrolment card for a new door, with what else `words` ask for."""
        return self._json(
            *("create-card", "--new-door", door, "--site", "Kantor Bupati"),
            *("--office", "Diskominfo", "--direction", "entry", *words),
        )

    def later_card_for(self, door: str, *words: str) -> dict[str, Any]:
        """Return one more card for a door, by its number."""
        return self._json("create-card", "--door", door, *words)

    def import_stick(self, folder: Path) -> None:
        self._run("import", str(folder))

    def issue(self, *words: str) -> dict[str, Any]:
        return self._json("issue-pass", *words)

    def revoke(self, cti: str) -> None:
        self._json("revoke-pass", cti)

    def status(self) -> dict[str, Any]:
        return self._json("status")

    def arrived(self) -> int:
        """Return how many visits have come; what the kiosk tells of itself is not counted."""
        return int(self.status()["visits"])

    def tally(self) -> dict[str, int]:
        return dict(self.status()["outcomes"])

    def draw(self, visitors: list[Visitor], folder: Path) -> None:
        """Write every visitor's code as a picture."""
        import segno  # noqa: PLC0415 (installed by the time this runs)

        folder.mkdir()
        for number, visitor in enumerate(visitors, 1):
            name = visitor.who.split(":")[0].lower().replace(" ", "-")
            segno.make(visitor.payload).save(str(folder / f"{number:02d}-{name}.png"), scale=8)

    def _json(self, *words: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._run(*words, "--json"))
        return content

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [*_command(), *words],
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"gapura-hub {words[0]} failed:\n{done.stderr}")
        return done.stdout

    def _environment(self) -> dict[str, str]:
        ours = {"GAPURA_HUB_HOME": str(self._home.absolute())}
        if self.url:
            ours["GAPURA_HUB_URL"] = self.url
        return {**os.environ, **ours}


def _command() -> list[str]:
    return [sys.executable, "-m", "sync.hub"]
