"""The lamp tells when the stick may be pulled out, and the next stick is another one."""

from pathlib import Path

import pytest

from sync.uplink.errors import StickFull, StickReadOnly
from sync.uplink.stick import StickKeeper, find_stick
from sync.uplink.stick_errand import Round, StickErrand
from sync.wire.link import StickState
from tests.sync.uplink.stick_ends import PackingDoor, down, files

BUSY, DONE, ABSENT = StickState.BUSY, StickState.DONE, StickState.ABSENT


class Bench:
    """A keeper whose time stands still and whose stick a test puts in and pulls out."""

    def __init__(self, root: Path) -> None:
        self.now_s = 1000.0
        self.stick: object = None
        self.door = PackingDoor(newest_seq=3)
        self.keeper = StickKeeper(
            self.door,
            root,
            lambda _seconds: True,
            clock=lambda: self.now_s,
            find=lambda _root: self.stick,
        )

    def look(self, after_s: float = 1.0) -> list[StickState]:
        """Return what the lamp is told meanwhile."""
        self.now_s += after_s
        self.door.states.clear()
        self.keeper.look()
        return list(self.door.states)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_stick_is_busy_then_done_then_gone(bench: Bench) -> None:
    assert bench.look() == []
    bench.stick = "one"
    assert bench.look() == [ABSENT, BUSY, DONE]
    assert [bench.look() for _ in range(5)] == [[], [], [], [], [DONE]]
    bench.stick = None
    assert bench.look() == [ABSENT]
    assert bench.look(60) == []


def test_a_stick_that_was_put_in_before_the_card_is_not_kept_waiting(
    bench: Bench, tmp_path: Path
) -> None:
    """The request to be enrolled goes onto it within seconds of the card, not of 15 minutes."""
    bench.door.has_hub, bench.door.epoch = False, b""
    bench.stick = "one"
    assert bench.look() == [ABSENT, BUSY, ABSENT]
    bench.door.has_hub = True
    assert bench.look(10) == [BUSY, DONE]
    assert list(tmp_path.rglob("request.parcel"))


def test_a_stick_that_lies_in_gets_what_is_new(bench: Bench, tmp_path: Path) -> None:
    bench.stick = "one"
    bench.look()
    before = files(tmp_path)
    bench.door.newest_seq = 9
    assert bench.look(890) == [DONE]
    assert files(tmp_path) == before
    assert bench.look(10) == [BUSY, DONE]
    assert files(tmp_path) != before


def test_another_stick_is_begun_anew(bench: Bench) -> None:
    bench.stick = "one"
    bench.look()
    bench.stick = "two"
    assert bench.look() == [ABSENT, BUSY, DONE]


def test_a_long_errand_goes_on_saying_that_it_is_busy(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = StickErrand._write

    def slow(*given: object) -> None:
        bench.now_s += 6
        write(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(StickErrand, "_write", slow)
    bench.door.newest_seq = 1500
    bench.stick = "one"
    assert bench.look() == [ABSENT, BUSY, BUSY, BUSY, BUSY, DONE]


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (StickFull("no room"), StickState.FULL),
        (StickReadOnly("no"), StickState.READ_ONLY),
    ],
)
def test_what_keeps_a_stick_from_its_work_is_told(
    fault: Exception, state: StickState, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def go(_errand: StickErrand) -> Round:
        raise fault

    monkeypatch.setattr(StickErrand, "go", go)
    bench.stick = "one"
    assert bench.look() == [ABSENT, BUSY, state]


def test_a_stick_that_brings_damaged_files_is_faulty(bench: Bench, tmp_path: Path) -> None:
    down(tmp_path, bench.door.folder, "receipt.parcel", b"half")
    bench.stick = "one"
    assert bench.look() == [ABSENT, BUSY, StickState.FAULTY]


def test_a_stick_pulled_out_too_early_is_told(bench: Bench, tmp_path: Path) -> None:
    """The door forgets it by itself, for the courier says it once."""
    bench.stick = "one"
    bench.look()
    tmp_path.rename(tmp_path.with_name("gone"))
    assert bench.look(900) == [BUSY, StickState.FAULTY]
    bench.stick = None
    assert bench.look() == [StickState.FAULTY]
    assert bench.look(60) == []


def test_a_door_that_is_away_gets_its_turn_when_it_is_back(bench: Bench) -> None:
    bench.stick, bench.door.away = "one", True
    assert bench.look() == []
    bench.door.away = False
    assert bench.look(10) == [BUSY, DONE]


def test_a_stick_is_what_is_mounted_or_was_used_before(tmp_path: Path) -> None:
    assert find_stick(tmp_path / "nothing") is None
    assert find_stick(tmp_path) is None
    assert find_stick(Path("/proc")) is not None
    (tmp_path / "gapura").mkdir()
    found = tmp_path.stat()
    assert find_stick(tmp_path) == (found.st_dev, found.st_ino)


def test_it_looks_until_it_is_told_to_stop(tmp_path: Path) -> None:
    looks = iter([False, False, True])
    (tmp_path / "gapura").mkdir()
    door = PackingDoor(newest_seq=1)
    StickKeeper(door, tmp_path, lambda _seconds: next(looks), clock=lambda: 5.0).run()
    assert door.states == [ABSENT, BUSY, DONE]


def test_a_round_without_news_is_done_too(bench: Bench) -> None:
    bench.stick = "one"
    bench.look()
    for _ in range(3):
        assert bench.look(900) == [BUSY, DONE]


def test_a_stick_that_goes_while_it_is_looked_for_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.path.ismount", lambda _path: True)
    assert find_stick(tmp_path / "gone") is None
