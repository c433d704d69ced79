"""A kiosk in a machine: its way in, what it says of itself, and whom its camera sees."""

import json
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.image.machine import DISK_LABEL, SHELL_PORT, GuestFailure, Machine
from tests.power.traced_door import is_verdict

NOBODY = "nobody"

# The parts of a laptop in the place of a Pi's; nothing else is other than at a door. A machine that
# is emulated on a busy one may write slowly.
CONFIGURATION = """\
[camera]
driver = "desktop"
source = "/run/gapura-test/shown"
[lamp]
driver = "desktop"
[buzzer]
driver = "absent"
[board]
driver = "desktop"
[journal]
deadline_s = 20.0
"""
_FILES = {
    "kiosk.toml": CONFIGURATION,
    # No unit is changed and none is loaded anew: a reload in the middle of a boot is not what a
    # kiosk lives through.
    "start.sh": f"""\
set -eu
ln -s disk/{NOBODY} /run/gapura-test/shown
mount --bind /run/gapura-test/disk/kiosk.toml /etc/gapura/kiosk.toml
systemd-run --quiet --no-block --unit=gapura-test-shell --property=Restart=always \\
    sh -c 'until [ -e /dev/virtio-ports/{SHELL_PORT} ]; do sleep 1; done
exec 3<>/dev/virtio-ports/{SHELL_PORT}; exec sh <&3 >&3 2>&3'
systemd-run --quiet --no-block --unit=gapura-test-lamp --property=Restart=always \\
    sh -c 'exec journalctl --follow --lines=all --output=cat --unit=gapura-kiosk >/dev/ttyAMA0'
""",
}
_COLOUR = re.compile(r"\[\w+/(RED|GREEN|AMBER)\] ")


@dataclass(frozen=True, slots=True)
class Light:
    colour: str
    seen_ms: int


def make_disk(path: Path, people: Mapping[str, Sequence[bytes]]) -> Path:
    """Write a FAT disk with the configuration and a folder of pictures for each group."""
    path.unlink(missing_ok=True)
    with path.open("wb") as empty:
        empty.truncate(64 * 1024 * 1024)
    _do("mkfs.vfat", "-n", DISK_LABEL, str(path))
    place = path.with_suffix(".d")
    place.mkdir(exist_ok=True)
    for name, content in _FILES.items():
        (place / name).write_text(content)
        _do("mcopy", "-i", str(path), str(place / name), "::")
    for name, pictures in people.items():
        _do("mmd", "-i", str(path), f"::{name}")
        for number, picture in enumerate(pictures):
            file = place / f"{number:03d}.png"
            file.write_bytes(picture)
            _do("mcopy", "-i", str(path), str(file), f"::{name}")
    return path


@dataclass(slots=True)
class Kiosk:
    machine: Machine

    def status(self) -> dict[str, Any]:
        code, said = self.machine.ask("cat /run/gapura/door.json")
        if code:
            return {"state": "away"}
        content: dict[str, Any] = json.loads(said)
        return content

    def wait_until_ready(self, seconds: float) -> float:
        """Return after how many seconds from power on the door said that it is ready."""
        deadline = time.monotonic() + seconds
        self.machine.wait_for_shell(seconds)
        status = self.status()
        while status["state"] != "ready":
            if time.monotonic() > deadline:
                raise GuestFailure(f"{self.machine.name}: the door is not ready: {status}")
            time.sleep(1)
            status = self.status()
        return self.machine.up_s

    def look_at(self, group: str) -> None:
        """Have these people come before the camera, from now on."""
        self.ask(f"ln -sfn disk/{group} /run/gapura-test/shown && systemctl restart gapura-kiosk")

    def ask(self, command: str, seconds: float = 120) -> str:
        code, said = self.machine.ask(command, seconds)
        if code:
            raise GuestFailure(f"{command}: {code}: {said}")
        return said

    def lights(self) -> list[str]:
        """Return the colours of the verdicts that the lamp has shown since power on."""
        console = self.machine.serial.read_text(errors="replace")
        return [
            found[1]
            for line in console.splitlines()
            if is_verdict(line) and (found := _COLOUR.search(line))
        ]

    def wait_for_lights(self, count: int, seconds: float) -> list[Light]:
        """Wait for so many verdicts more; each is stamped when the console said it."""
        before = len(self.lights())
        deadline = time.monotonic() + seconds
        seen: list[Light] = []
        while len(seen) < count:
            if time.monotonic() > deadline:
                raise GuestFailure(f"{self.machine.name}: of {count} lights came {len(seen)}")
            time.sleep(0.1)
            now_ms = int(time.time() * 1000)
            seen += [Light(colour, now_ms) for colour in self.lights()[before + len(seen) :]]
        return seen


def _do(*words: str) -> None:
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
