"""The oracle notices whatever may be wrong with a card; each case spoils one that is sound."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.clock import SystemClock
from kiosk.journal.entries import Note
from kiosk.journal.sightings import Sighting
from kiosk.signalling.cue import Signal
from kiosk.signalling.words import SIGNALS
from sync.wire.entry import Kind, WallClock
from sync.wire.visit import Direction, Visit
from tests.power.disk import Disk, How, State
from tests.power.oracle import Finding, Wrong, judge, opened_entries
from tests.power.recording import Recording, card_files, prepare
from tests.power.todays_hub import Shown, TodaysHub

GREEN = f"[HIJAU/GREEN] {SIGNALS[Signal.ADMIT]}: the pass is valid"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Recording, State]:
    """A card with an entry of yesterday and two of today that were lit."""
    hub = TodaysHub()
    card = prepare(tmp_path_factory.mktemp("card") / "state", hub)
    card.record()
    shown = [hub.visitors(1)[0] for _ in range(2)]
    for one in shown:
        moment = SystemClock().moment()
        body = Visit(1, 1, 1, Direction.IN, 1, 1, moment.wall_ms // 1000, cti=one.cti).to_bytes()
        card.journal.record(
            Note(Kind.VISIT, body, moment, WallClock.UNSET),
            cti=one.cti,
            sighting=Sighting(Direction.IN),
        )
    card.journal.close()
    recording = Recording("sound", hub, Disk({}, []), (), tuple(card.earlier), tuple(shown))
    return recording, State(1, How.ALL, (GREEN, GREEN), card_files(card.state_dir))


def with_sql(state: State, directory: Path, statement: str) -> State:
    path = directory / "journal.db"
    path.write_bytes(state.files["journal.db"])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA journal_mode=WAL")
    return replace(state, files={**state.files, "journal.db": path.read_bytes()})


def without(name: str) -> Callable[[State], State]:
    def spoil(state: State) -> State:
        return replace(state, files={n: data for n, data in state.files.items() if n != name})

    return spoil


def said(finding: Finding | None) -> str:
    assert finding is not None
    return finding.said


def test_a_sound_card_is_sound(sound: tuple[Recording, State]) -> None:
    assert judge(*sound) is None


def test_a_light_without_its_entry(sound: tuple[Recording, State]) -> None:
    recording, state = sound
    finding = judge(recording, replace(state, lights=(GREEN,) * 3))
    assert finding is not None
    assert finding.lost
    assert finding.said == "3 were lit, 2 are kept"


def test_an_entry_that_nobody_was_shown_for(sound: tuple[Recording, State]) -> None:
    recording, state = sound
    fewer = replace(recording, shown=recording.shown[:1])
    assert "not that of a code" in said(judge(fewer, replace(state, lights=(GREEN,))))


def test_an_entry_of_somebody_else(sound: tuple[Recording, State]) -> None:
    recording, state = sound
    first, second = recording.shown
    other = replace(recording, shown=(Shown("", first.outcome, b"stranger"), second))
    assert "not that of a code" in said(judge(other, replace(state, lights=())))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM entry WHERE seq=2", "set aside"),
        ("DELETE FROM entry WHERE seq=3", "2 were lit, 1 are kept"),
        ("UPDATE entry SET boot_ms=boot_ms+1 WHERE seq=2", "set aside"),
        ("DELETE FROM presence", "2 who were let in are not remembered"),
        ("DELETE FROM fact WHERE name='membership'", "is unknown"),
    ],
)
def test_a_journal_that_was_changed(
    sound: tuple[Recording, State], tmp_path: Path, statement: str, words: str
) -> None:
    recording, state = sound
    assert words in said(judge(recording, with_sql(state, tmp_path, statement)))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM entry WHERE seq=1", "entry 1 does not open"),
        ("DELETE FROM entry WHERE seq=2", "entry 2 does not open"),
        ("UPDATE entry SET chain=zeroblob(32) WHERE seq=2", "chain breaks at entry 2"),
        ("UPDATE entry SET boot_ms=boot_ms+1 WHERE seq=2", "entry 2 does not open"),
        ("DELETE FROM run", "entry 1 does not open"),
    ],
)
def test_the_chain_is_followed_without_the_journals_own_code(
    sound: tuple[Recording, State], tmp_path: Path, statement: str, words: str
) -> None:
    recording, state = sound
    (tmp_path / "door.key").write_bytes(state.files["door.key"])
    with_sql(state, tmp_path, statement)
    with pytest.raises(Wrong, match=words):
        opened_entries(recording, tmp_path)


@pytest.mark.parametrize("name", ["journal.db", "door.key", "reference.db"])
def test_a_file_that_is_gone(sound: tuple[Recording, State], name: str) -> None:
    recording, state = sound
    assert "it was ready" in said(judge(recording, without(name)(state)))


def test_a_damaged_page(sound: tuple[Recording, State]) -> None:
    recording, state = sound
    content = bytearray(state.files["journal.db"])
    content[4096 : 2 * 4096] = bytes(4096)
    spoilt = replace(state, files={**state.files, "journal.db": bytes(content)})
    finding = judge(recording, spoilt)
    assert finding is not None
