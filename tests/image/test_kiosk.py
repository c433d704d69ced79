"""What the console says is read as lights: verdicts and nothing else, each once."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from tests.image.kiosk import Kiosk
from tests.image.machine import Machine

_CONSOLE = """\
[  OK  ] Started gapura-kiosk.service - Gapura: the door.
[MERAH/RED] Teknisi: 3, hub. Menunggu / Technician: 3, hub. Waiting for the hub's answer
[HIJAU/GREEN] Siap: silakan tunjukkan kode Anda / Ready: hold up your code
[HIJAU/GREEN] Silakan masuk: tiketnya berlaku / Please come in: the pass is valid
[MERAH/RED] Tidak dapat masuk: bukan tiket / No entry with this code: this is not a pass
[HIJAU/GREEN] Siap: silakan tunjukkan kode Anda / Ready: hold up your code
"""


@dataclass
class _Console:
    """As much of a machine as is needed to read what it said."""

    serial: Path


@pytest.mark.parametrize(("said", "colours"), [("", []), (_CONSOLE, ["GREEN", "RED"])])
def test_only_verdicts_are_lights(tmp_path: Path, said: str, colours: list[str]) -> None:
    serial = tmp_path / "serial.log"
    serial.write_text(said)
    assert Kiosk(cast("Machine", _Console(serial))).lights() == colours
