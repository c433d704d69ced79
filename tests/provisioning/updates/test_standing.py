"""A release is judged by the very files that door and courier write."""

from pathlib import Path

import pytest

from kiosk.assembly import software
from kiosk.health.status import Status as DoorStatus
from kiosk.health.status import write_status
from kiosk.signalling.cue import Signal
from provisioning.updates.image import own_image
from provisioning.updates.standing import Kiosk
from sync.uplink import status as courier_status
from sync.uplink.status import Status as CourierStatus

VERSION = own_image().version


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path / "door.json", tmp_path / "sync.json")


def _door(kiosk: Kiosk, state: str, boot_ms: int) -> None:
    told = DoorStatus(
        state=state, software=software(), signal=state, caption="", label="", device="",
        stage="enrolled", camera="ok", bundle_version=1, newest_seq=0, backlog=0, boot_ms=boot_ms,
        counts={},
    )  # fmt: skip
    write_status(kiosk.door, told, ())


def _courier(kiosk: Kiosk, state: str, since_boot_s: int) -> None:
    told = CourierStatus(state, "", "", 0, since_boot_s, None, None)
    courier_status.write(kiosk.courier, told)


def test_ready_is_green_and_nothing_else_is(kiosk: Kiosk) -> None:
    for signal in Signal:
        _door(kiosk, signal.value, 5_000)
        assert kiosk.is_green(6_000, VERSION) is (signal is Signal.READY)
    assert not kiosk.is_green(6_000, "9.9.9")
    assert not kiosk.is_green(4_999, VERSION)


def test_what_was_green_long_ago_is_not(kiosk: Kiosk) -> None:
    _door(kiosk, "ready", 5_000)
    assert kiosk.is_green(15_000)
    assert not kiosk.is_green(15_001)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"boot_ms": "x", "state": "ready"}'])
def test_what_is_no_status_is_no_green(kiosk: Kiosk, content: str) -> None:
    kiosk.door.write_text(content)
    kiosk.courier.write_text(content)
    assert not kiosk.is_green(0)
    assert not kiosk.goes_rounds(0)


def test_a_courier_speaks_for_itself(kiosk: Kiosk) -> None:
    """What the one before it has said is not its own word."""
    _courier(kiosk, "ok", 100)
    assert kiosk.is_in_touch()
    assert kiosk.is_in_touch(100_900)
    assert not kiosk.is_in_touch(101_001)
    _courier(kiosk, "no-network", 100)
    assert kiosk.goes_rounds(100_000)
    assert not kiosk.is_in_touch(100_000)


def test_a_link_is_not_followed(kiosk: Kiosk, tmp_path: Path) -> None:
    """Who may write there is not who reads here."""
    _door(kiosk, "ready", 5_000)
    kiosk.door.rename(tmp_path / "elsewhere")
    kiosk.door.symlink_to(tmp_path / "elsewhere")
    assert not kiosk.is_green(5_000)
