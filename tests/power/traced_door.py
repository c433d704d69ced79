"""The real `gapura-kiosk run` under strace, with a simulated camera, and what its lamp says."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.signalling.cue import Signal
from kiosk.signalling.words import SIGNALS
from sync.uplink.door import DoorSocket, deliver, fetch
from sync.uplink.errors import DoorAway
from sync.wire.envelope import Content, Envelope, open_envelope
from tests.power.calls import CALLS

# Long enough for a busy machine; whoever comes next does not wait for it.
_SHOWN_MS = 8_000
ROOT = Path(__file__).parents[2]
BOARD = "simulated"
TRACED = ("-e", f"trace={CALLS}")
VERDICTS = (
    *(Signal.ADMIT, Signal.DENY, Signal.REFER_IDENTITY),
    *(Signal.REFER_OTHER_CODE, Signal.REFER_UNSURE),
)
_CONFIGURATION = """
[kiosk]
state_dir = "state"
run_dir = "run"
languages = ["en"]
[camera]
driver = "simulated"
source = "stage.jsonl"
seed = 7
[lamp]
driver = "desktop"
[buzzer]
driver = "absent"
[board]
driver = "simulated"
"""


def is_verdict(light: str) -> bool:
    """Tell a verdict, which gives its reason, from a state of the door."""
    return any(f" {SIGNALS[signal]}: " in light for signal in VERDICTS)


def is_signal(signal: Signal) -> Callable[[str], bool]:
    return lambda light: f"] {SIGNALS[signal]}" in light


class TracedDoor:
    """`home` holds what the door reads and writes; `program` is what Python runs; without words
    for strace it runs untraced.

    The lamp is a file: what it says stands in the trace among the writes to the card.
    """

    def __init__(
        self,
        home: Path,
        *,
        program: tuple[str, ...] = ("-m", "kiosk"),
        strace: tuple[str, ...] = TRACED,
    ) -> None:
        self.home = home
        self.state_dir = home / "state"
        self.trace = home / "trace"
        self.lamp = home / "lamp"
        self._socket = DoorSocket(home / "run" / "courier.sock", timeout_s=30)
        self._seen = 0
        self._is_traced = bool(strace)
        self._shown = 0
        (home / "kiosk.toml").write_text(_CONFIGURATION)
        self.state_dir.mkdir(exist_ok=True)
        words = [sys.executable, *program, "run", "--config", "kiosk.toml"]
        if strace:
            # -D: the door is this process's child, strace beside it.
            tracer = ["strace", "-D", "-f", "-y", "-xx", "--seccomp-bpf", "-s", "16000000"]
            words = [*tracer, *strace, "-o", str(self.trace), *words]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with self.lamp.open("wb") as lamp, (home / "door.log").open("ab") as log:
            self.process = subprocess.Popen(
                words,
                cwd=home,
                env=environment,
                stdout=lamp,
                stderr=log,
            )

    def lights(self) -> list[str]:
        return self.lamp.read_text().splitlines()

    def wait_for_light(self, holds: Callable[[str], bool], seconds: float = 30) -> str:
        """Return the next light of that kind behind the one that was waited for last."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for number, light in enumerate(self.lights()[self._seen :], self._seen + 1):
                if holds(light):
                    self._seen = number
                    return light
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"{self.lights()[self._seen :]}; {self.log()[-2000:]}")

    def show(self, payload: str) -> None:
        """Hold a code up to the camera, in the place of the one before."""
        begins_ms = _boot_ms() + 100
        self._shown += 1
        scene = {
            "from_boot_ms": begins_ms,
            "to_boot_ms": begins_ms + _SHOWN_MS,
            "payload": payload,
            "seed": self._shown,
        }
        with (self.home / "stage.jsonl").open("a") as stage:
            stage.write(json.dumps(scene) + "\n")

    def fetch(self) -> Envelope:
        deadline = time.monotonic() + 30
        while True:
            try:
                return open_envelope(self._socket.ask(fetch(0, 500)).envelope)
            except DoorAway:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def deliver(self, content: Content, message: bytes) -> None:
        envelope = Envelope(content, self.fetch().device, message)
        answer = self._socket.ask(deliver(envelope.to_bytes()))
        assert not answer.error, answer.error

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the door, and wait until strace has written what it saw."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(timeout=30)
        if not self._is_traced:
            return code
        deadline = time.monotonic() + 30
        last = f"{self.process.pid} +++ "
        while not any(line.startswith(last) for line in self._tail()):
            assert time.monotonic() < deadline, "strace has not ended"
            time.sleep(0.02)
        return code

    def log(self) -> str:
        return (self.home / "door.log").read_text()

    def _tail(self) -> list[str]:
        if not self.trace.exists():
            return []
        with self.trace.open("rb") as trace:
            trace.seek(max(0, self.trace.stat().st_size - 4096))
            text = trace.read().decode("ascii", "replace")
        return [" ".join(line.split()) for line in text.splitlines()]


def _boot_ms() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
