"""What the configuration asks for is built, or refused in words before anything runs."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.simulated.board import SimulatedBoard
from kiosk import assembly
from kiosk.config import Configuration, parse
from kiosk.errors import ConfigurationError, JournalFault, KioskError
from kiosk.scanning.ladder import Ladder
from kiosk.signalling.cue import Signal
from kiosk.state_directory import directory
from kiosk.supervision import Unsupervised


def configuration(root: Path, more: str = "") -> Configuration:
    text = f"""
        [kiosk]
        state_dir = "{root / "state"}"
        run_dir = "{root / "run"}"
        [camera]
        driver = "simulated"
        source = "{root / "stage"}"
        [lamp]
        driver = "simulated"
        [buzzer]
        driver = "absent"
        [board]
        driver = "simulated"
        [scanning]
        contained = false
        {more}
    """
    return parse(text, origin="-")


def _build(configuration: Configuration) -> None:
    with ExitStack() as stack:
        assembly.build_door(configuration, Unsupervised(), stack)


def test_a_door_is_built_runs_and_leaves_nothing_open(tmp_path: Path) -> None:
    rounds = iter(range(3))
    with ExitStack() as stack:
        door = assembly.build_door(configuration(tmp_path), Unsupervised(), stack)
        door.run(lambda: next(rounds) == 2)
        assert door.state() is Signal.FAULT_CONFIGURATION
        assert (tmp_path / "run" / "courier.sock").is_socket()
        assert (tmp_path / "run" / "door.json").exists()
    assert not (tmp_path / "run" / "courier.sock").exists()
    _build(configuration(tmp_path))


def test_a_second_door_in_the_same_directory_is_refused(tmp_path: Path) -> None:
    with ExitStack() as stack:
        assembly.build_door(configuration(tmp_path), Unsupervised(), stack)
        with pytest.raises(KioskError, match="another gapura-kiosk uses") as error:
            _build(configuration(tmp_path))
        assert "stop it first" in error.value.hint
        assert (tmp_path / "run" / "courier.sock").is_socket()


def _with(tmp_path: Path, section: str, **changes: object) -> Configuration:
    base = configuration(tmp_path)
    return replace(base, **{section: replace(getattr(base, section), **changes)})


@pytest.mark.parametrize(
    ("section", "changes", "said"),
    [
        ("camera", {"driver": "rasberry"}, "there is no 'rasberry'"),
        ("lamp", {"driver": "lava"}, "[lamp] driver: there is no 'lava'"),
        ("buzzer", {"driver": "drum"}, "[buzzer] driver: there is no 'drum'"),
        ("board", {"driver": "wood"}, "[board] driver: there is no 'wood'"),
        ("scanning", {"rungs": ("zbra",)}, "zbra"),
        ("kiosk", {"languages": ("id", "jv")}, "'jv'"),
        ("kiosk", {"languages": ("../id",)}, "'../id'"),
        ("kiosk", {"state_dir": "/dev/null/state"}, "/dev/null/state"),
        ("kiosk", {"run_dir": "/dev/null/run"}, "/dev/null/run"),
    ],
)
def test_what_cannot_be_built_is_said_with_what_there_is(
    tmp_path: Path, section: str, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(ConfigurationError) as error:
        _build(_with(tmp_path, section, **changes))
    assert said in str(error.value)
    assert error.value.hint


def test_a_socket_path_that_is_too_long_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"courier\.sock") as error:
        _build(_with(tmp_path, "kiosk", run_dir=str(tmp_path / ("x" * 120))))
    assert "run_dir" in error.value.hint


def test_a_state_directory_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "state" / "door.lock").mkdir(parents=True)
    with pytest.raises(ConfigurationError, match="cannot be used") as error:
        _build(configuration(tmp_path))
    assert "state_dir" in error.value.hint


def test_a_journal_that_cannot_be_opened_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "state" / "journal.db").mkdir(parents=True)
    with pytest.raises(JournalFault):
        _build(configuration(tmp_path))
    (tmp_path / "state" / "journal.db").rmdir()
    _build(configuration(tmp_path))


def test_a_board_that_will_not_say_who_it_is_is_a_fault() -> None:
    board = SimulatedBoard(boot_ms=lambda: 0, identity="x")
    assert assembly.board_name(board) == "x"
    board.close()
    with pytest.raises(ConfigurationError, match="closed"):
        assembly.board_name(board)


def test_the_decoder_is_the_one_asked_for(tmp_path: Path) -> None:
    decoder = assembly.build_decoder(configuration(tmp_path))
    assert isinstance(decoder, Ladder)
    decoder.close()


def test_directories_are_made_for_the_door_alone(tmp_path: Path) -> None:
    made = directory(str(tmp_path / "a" / "b"))
    assert made.is_dir()
    assert made.stat().st_mode & 0o007 == 0
