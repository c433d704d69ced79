"""The bench and the door never hold the parts at the same time."""

from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from kiosk.errors import JournalFault
from kiosk.state_directory import claim
from provisioning.acceptance.door_lock import hold_door_lock
from provisioning.errors import DoorIsRunning


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    """A directory in which a door has run before."""
    claim(tmp_path).close()
    return tmp_path


def test_the_door_keeps_the_bench_away(state_dir: Path) -> None:
    with closing(claim(state_dir)), ExitStack() as stack, pytest.raises(DoorIsRunning) as caught:
        hold_door_lock(state_dir, stack)
    assert "systemctl stop" in caught.value.hint


def test_the_bench_keeps_the_door_and_another_bench_away_until_it_is_done(state_dir: Path) -> None:
    with ExitStack() as stack:
        hold_door_lock(state_dir, stack)
        with pytest.raises(JournalFault):
            claim(state_dir)
        with ExitStack() as other, pytest.raises(DoorIsRunning):
            hold_door_lock(state_dir, other)
    claim(state_dir).close()


def test_where_no_door_has_run_nothing_is_made(tmp_path: Path) -> None:
    with ExitStack() as stack:
        hold_door_lock(tmp_path, stack)
        hold_door_lock(tmp_path / "missing", stack)
    assert list(tmp_path.iterdir()) == []
