"""What stands outside the machine: the hub, and pictures of people who hold up their phones."""

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Self

import cv2

from hardware.simulated.conditions import Conditions
from hardware.simulated.phone import render, render_empty

sys.path.insert(0, str(Path(__file__).parents[2] / "script"))

from demo_hub import DemoHub

# QEMU's own network: the machine outside, as the guest sees it.
OUTSIDE = "10.0.2.2"
_WIDTH, _HEIGHT = 640, 480
# A phone is in view for four pictures, a second each; then nobody is, for three.
_HELD, _NOBODY = 4, 3
# When the phone has come to rest before the camera.
_AT_REST_MS = 1500


class OutsideHub(DemoHub):
    """The real hub, on this machine's loopback, that answers to the guest's name for it too."""

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    @property
    def guests_url(self) -> str:
        return f"http://{OUTSIDE}:{self.url.rpartition(':')[2]}"

    def card_text(self, door: str) -> str:
        card = self._json(
            *("create-card", "--new-door", door, "--site", "Kantor Bupati"),
            *("--office", "Diskominfo", "--direction", "entry"),
            *("--hub-url", self.guests_url),
        )
        return str(card["card"])

    def visits_of(self, cti: str) -> list[tuple[int, int]]:
        """Return of each visit with this pass from when to when it may have been (Unix ms)."""
        with closing(sqlite3.connect(self._home / "db.sqlite3")) as database:
            return list(
                database.execute(
                    "SELECT lower_ms, upper_ms FROM ingest_visit WHERE cti = ?",
                    (bytes.fromhex(cti),),
                )
            )

    def _environment(self) -> dict[str, str]:
        return {**super()._environment(), "GAPURA_HUB_ALLOWED_HOSTS": OUTSIDE}


def pictures_of(payloads: Sequence[str], seed: int) -> list[bytes]:
    """Draw what a camera sees while these people come one after the other, as PNG."""
    frames = [render_empty(seed, 0, _WIDTH, _HEIGHT)] * _NOBODY
    for number, payload in enumerate(payloads):
        for step in range(_HELD):
            frames.append(
                render(
                    payload,
                    Conditions(),
                    seed + number,
                    _AT_REST_MS + 100 * step,
                    _WIDTH,
                    _HEIGHT,
                    room_seed=seed,
                )
            )
        frames += [render_empty(seed, 1000 * number, _WIDTH, _HEIGHT)] * _NOBODY
    return [cv2.imencode(".png", frame)[1].tobytes() for frame in frames]
