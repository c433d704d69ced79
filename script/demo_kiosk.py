"""The demo's kiosk: the real `gapura-kiosk` and `gapura-sync`, and a stage for the camera."""

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import IO, Any

# A visit, and one whom an officer let in: sync.wire.entry.Kind, which may not be installed yet.
_VISITS = (1, 2)
_CONFIGURATION = """
[kiosk]
state_dir = "state"
run_dir = "run"
setup_dir = "setup"

[camera]
driver = "{driver}"
source = {source}
seed = 7

[lamp]
driver = "desktop"

[buzzer]
driver = "absent"

[board]
driver = "desktop"
"""
_COLOURS = {"HIJAU": "\033[32m", "MERAH": "\033[31m", "KUNING": "\033[33m"}
_SYNC_EVERY_S = 2


class DemoKiosk:
    """Use as a context: its processes end with it.

    They run inside `home` with relative paths, because a socket's path has at most 107 bytes.
    """

    def __init__(self, home: Path, *, log_level: str = "INFO") -> None:
        self._home = home.absolute()
        self._log_level = log_level
        self._door: subprocess.Popen[str] | None = None
        self._courier: subprocess.Popen[bytes] | None = None
        self._stage = self._home / "stage.jsonl"
        self._empty_at_ms = 0
        self._seed = 0
        self._ends = False

    def __enter__(self) -> "DemoKiosk":
        self._home.mkdir(parents=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in (self._courier, self._door):
            if process is not None:
                process.terminate()
                process.wait(timeout=20)

    def start(self) -> None:
        self._configure("simulated", "stage.jsonl")
        self.start_door()
        self.start_courier()

    def start_courier(self) -> None:
        with (self._home / "courier.log").open("ab") as log:
            self._courier = subprocess.Popen(
                [
                    *(sys.executable, "-m", "sync.uplink", "run", "--run-dir", "run"),
                    *("--state-dir", "courier", "--every", str(_SYNC_EVERY_S)),
                    *("--stick", "stick"),
                    *("--log-level", self._log_level),
                ],
                cwd=self._home,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill_door(self) -> None:
        self._kill(self._door)

    def kill_courier(self) -> None:
        self._kill(self._courier)

    def _kill(self, process: subprocess.Popen[Any] | None) -> None:
        assert process is not None
        process.kill()
        process.wait()

    def restart_with(self, camera: str) -> None:
        """Look at a folder of pictures, a video or the webcam from now on."""
        assert self._door is not None
        self._door.terminate()
        self._door.wait(timeout=20)
        live = camera.startswith("webcam") or "://" in camera
        self._configure("desktop", camera if live else str(Path(camera).absolute()))
        self.start_door()
        self.wait_for(lambda status: status["state"] == "ready", 30)
        self._ends = not live

    def has_ended(self) -> bool:
        return self._ends and self.status()["camera"] == "ended"

    def show(self, payload: str, *, for_ms: int) -> None:
        """Have somebody hold a phone with this code up to the camera."""
        self._seed += 1
        begins_ms = max(_boot_ms() + 300, self._empty_at_ms + 500)
        self._empty_at_ms = begins_ms + for_ms
        line = {
            "from_boot_ms": begins_ms,
            "to_boot_ms": self._empty_at_ms,
            "payload": payload,
            "seed": self._seed,
        }
        with self._stage.open("a") as stage:
            stage.write(json.dumps(line) + "\n")

    def wait_until_the_stage_is_empty(self) -> None:
        time.sleep(max(0.0, (self._empty_at_ms - _boot_ms()) / 1000))

    def wait_for(self, holds: Callable[[dict[str, Any]], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            status = self.status()
            if status["boot_ms"] and holds(status):
                return True
            if self._door is not None and self._door.poll() is not None:
                raise SystemExit(f"The door has stopped; see {self._home}/door.log")
            time.sleep(0.1)
        return False

    def status(self) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads((self._home / "run" / "door.json").read_text())
        except (OSError, ValueError):
            return {"boot_ms": 0, "newest_seq": 0, "state": "starting", "label": "", "counts": {}}
        return content

    def journal_length(self) -> int:
        """Stop the door, count the visits in its journal, and start it again."""
        assert self._door is not None
        self._door.terminate()
        self._door.wait(timeout=20)
        with closing(sqlite3.connect(self._home / "state" / "journal.db")) as journal:
            (length,) = journal.execute(
                "SELECT count(*) FROM entry WHERE kind IN (?, ?)", _VISITS
            ).fetchone()
        self.start_door()
        return int(length)

    def _configure(self, driver: str, source: str) -> None:
        content = _CONFIGURATION.format(driver=driver, source=json.dumps(source))
        (self._home / "kiosk.toml").write_text(content)

    def start_door(self) -> None:
        # What the process before said of itself must not be taken for the new one's word.
        (self._home / "run" / "door.json").unlink(missing_ok=True)
        with (self._home / "door.log").open("ab") as log:
            self._door = subprocess.Popen(
                [
                    *(sys.executable, "-m", "kiosk", "run", "--config", "kiosk.toml"),
                    *("--log-level", self._log_level),
                ],
                cwd=self._home,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        threading.Thread(target=self._echo, args=(self._door,), daemon=True).start()

    def _echo(self, door: subprocess.Popen[str]) -> None:
        """Pass on what the lamp says, in its colour."""
        assert door.stdout is not None
        with door.stdout as lines:
            self._paint(lines)

    def _paint(self, lines: IO[str]) -> None:
        for line in lines:
            if line.rstrip().endswith("]"):
                continue  # the lamp without words: before the first and after the last state
            colour = next((code for name, code in _COLOURS.items() if name in line), "")
            painted = f"{colour}{line.rstrip()}\033[0m" if sys.stdout.isatty() else line.rstrip()
            print(f"    {painted}", flush=True)


def _boot_ms() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
