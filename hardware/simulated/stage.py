"""What is held up to the simulated camera and when: a file that others append lines to."""

import json
import logging
import zlib
from dataclasses import dataclass
from pathlib import Path

from hardware.simulated.conditions import Conditions, overridden
from hardware.simulated.page import modules
from hardware.simulated.presets import draw

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scene:
    """A phone that begins to come at `from_boot_ms` and is gone at `to_boot_ms`."""

    from_boot_ms: int
    to_boot_ms: int
    payload: str
    seed: int
    conditions: Conditions


class Stage:
    """A line is a JSON object: `from_boot_ms`, `to_boot_ms`, `payload`; as one wishes `seed`,
    `difficulty` (a name in presets.py) and `conditions`, which override what the seed draws.

    The file is read on as it grows; it need not exist yet. Of scenes that overlap, the line
    appended last is shown.
    """

    def __init__(self, path: Path, *, seed: int) -> None:
        self._path = path
        self._seed = seed
        self._read_bytes = 0
        self._lines = 0
        self._scenes: list[Scene] = []

    def scene_at(self, boot_ms: int) -> Scene | None:
        self._read_on()
        for scene in reversed(self._scenes):
            if scene.from_boot_ms <= boot_ms < scene.to_boot_ms:
                return scene
        return None

    def _read_on(self) -> None:
        for line in self._new_lines():
            self._lines += 1
            try:
                self._scenes.append(_scene(line, self._seed))
            except (ValueError, KeyError, TypeError) as error:
                # The line itself is not logged: it may hold a pass.
                _log.warning(
                    "line %d of the stage is skipped: %s", self._lines, type(error).__name__
                )

    def _new_lines(self) -> list[bytes]:
        try:
            size_bytes = self._path.stat().st_size
            if size_bytes < self._read_bytes:
                self._start_over()
            if size_bytes == self._read_bytes:
                return []
            with self._path.open("rb") as file:
                file.seek(self._read_bytes)
                grown = file.read()
        except FileNotFoundError:
            return []
        # A last line without its end is still being written; it is read again next time.
        whole = grown[: grown.rfind(b"\n") + 1]
        self._read_bytes += len(whole)
        return whole.splitlines()

    def _start_over(self) -> None:
        _log.info("the stage has been cut short; it is read anew")
        self._read_bytes, self._lines = 0, 0
        self._scenes.clear()


def _scene(line: bytes, stage_seed: int) -> Scene:
    told = json.loads(line)
    begin, end, payload = told["from_boot_ms"], told["to_boot_ms"], told["payload"]
    # A line that names no seed still looks the same after a restart.
    seed = told.get("seed", zlib.crc32(line, stage_seed & 0xFFFFFFFF))
    for value in (begin, end, seed):
        if type(value) is not int:
            raise TypeError("times and seeds are whole numbers")
    if not isinstance(payload, str):
        raise TypeError("a payload is text")
    modules(payload)
    drawn = draw(told.get("difficulty", "easy"), seed)
    return Scene(begin, end, payload, seed, overridden(drawn, told.get("conditions", {})))
