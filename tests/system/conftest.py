"""Hub, door and courier as `script/demo` starts them, in a directory of the test's own."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "script"))

from demo_hub import DemoHub
from demo_kiosk import DemoKiosk


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[DemoHub]:
    with DemoHub(tmp_path / "hub") as running:
        yield running


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[DemoKiosk]:
    with DemoKiosk(tmp_path / "kiosk", log_level="DEBUG") as running:
        yield running


@pytest.fixture
def enrolled(hub: DemoHub, kiosk: DemoKiosk) -> DemoKiosk:
    """A kiosk that has been enrolled by a card before its camera, and knows the time."""
    kiosk.start()
    kiosk.show(hub.create_card(), for_ms=4000)
    assert kiosk.wait_for(lambda status: status["state"] == "ready", 90), kiosk.status()
    kiosk.wait_until_the_stage_is_empty()
    return kiosk


@pytest.fixture(autouse=True)
def plain_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Coverage or warnings settings of the test run do not reach the processes."""
    for name in list(os.environ):
        if name.startswith(("COV_", "PYTHONWARNINGS")):
            monkeypatch.delenv(name)
