"""What a door goes through: each scene is recorded once and then cut anywhere."""

import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.admission.verdict import Outcome
from kiosk.signalling.cue import Signal
from sync.wire.envelope import Content
from tests.kiosk.hub import PLACE
from tests.power.recording import (
    Card,
    Recorder,
    Recording,
    card_files,
    door_keys,
    prepare,
    record,
)
from tests.power.todays_hub import Shown, TodaysHub
from tests.power.traced_door import TRACED, TracedDoor, is_signal, is_verdict

# SQLite moves the log into the database when it has grown to so many pages.
_CHECKPOINT_PAGES = 1000
_PAGE_BYTES = 4096
_FRAME_BYTES = _PAGE_BYTES + 24
_WAL = "journal.db-wal"
# A day begins at three in the morning.
_NIGHT = timedelta(hours=3)


def _receive(door: TracedDoor, shown: list[Shown]) -> list[Shown]:
    """Hold up each code when the door is ready, until its verdict is lit."""
    for code in shown:
        door.show(code.payload)
        light = door.wait_for_light(is_verdict)
        assert (code.outcome is Outcome.ADMIT) == ("HIJAU/GREEN" in light), light
    return shown


def visits(
    home: Path,
    *,
    count: int = 8,
    program: tuple[str, ...] = ("-m", "kiosk"),
    recorder: Recorder = record,
) -> Recording:
    """A day at the door: scans on an enrolled card, and a proper end."""
    hub = TodaysHub()
    card = prepare(home / "state", hub)
    card.record()
    card.journal.begin_day(_day())
    card.journal.close()

    def play(door: TracedDoor) -> list[Shown]:
        door.wait_for_light(is_signal(Signal.READY))
        return _receive(door, hub.visitors(count))

    return recorder("visits", home, hub, card.earlier, play, program=program)


def night(home: Path, *, count: int = 3, recorder: Recorder = record) -> Recording:
    """The first minute of a new day: presence is forgotten and the log cut to nothing."""
    hub = TodaysHub()
    card = prepare(home / "state", hub)
    for _ in range(5):
        card.record()
    card.journal.begin_day(1)
    card.record()
    card.journal.close()

    def play(door: TracedDoor) -> list[Shown]:
        door.wait_for_light(is_signal(Signal.READY))
        return _receive(door, hub.visitors(count))

    return recorder("night", home, hub, card.earlier, play, remembers=False)


def checkpoint(home: Path, *, count: int = 6, recorder: Recorder = record) -> Recording:
    """Scans while the log grows beyond its bound, after a start from a log that was left behind."""
    hub = TodaysHub()
    elsewhere = prepare(home / "filling", hub)
    elsewhere.journal.begin_day(_day())
    _fill(elsewhere, _CHECKPOINT_PAGES - 60)
    elsewhere.send()
    _fill(elsewhere, _CHECKPOINT_PAGES - 8)
    # What an earlier door left when its power was cut: the log is whole, and nobody closed it.
    left = card_files(elsewhere.state_dir)
    elsewhere.journal.close()
    (home / "state").mkdir()
    for name, content in left.items():
        (home / "state" / name).write_bytes(content)

    def play(door: TracedDoor) -> list[Shown]:
        door.wait_for_light(is_signal(Signal.READY))
        return _receive(door, hub.visitors(count))

    return recorder("checkpoint", home, hub, elsewhere.earlier, play)


def _fill(card: Card, pages: int) -> None:
    """Record until the log has so many pages."""
    log = card.state_dir / _WAL
    while log.stat().st_size < pages * _FRAME_BYTES:
        card.record()


def first_start(home: Path, *, count: int = 3, recorder: Recorder = record) -> Recording:
    """An empty card: enrolment, first bundle, scans, a newer bundle in its place, scans."""
    hub = TodaysHub()
    (home / "state").mkdir(parents=True)

    def play(door: TracedDoor) -> list[Shown]:
        door.wait_for_light(is_signal(Signal.FAULT_CONFIGURATION))
        door.show(hub.card())
        door.wait_for_light(is_signal(Signal.CARD_TAKEN))
        while door.fetch().content is not Content.ENROLMENT:
            time.sleep(0.1)
        door.deliver(Content.BUNDLE, hub.bundle(door_keys(door.state_dir), version=1))
        _bring_a_receipt(door, hub)
        door.wait_for_light(is_signal(Signal.READY))
        shown = _receive(door, hub.visitors(count))
        door.deliver(Content.BUNDLE, hub.bundle(door_keys(door.state_dir), version=2))
        _bring_a_receipt(door, hub)
        return shown + _receive(door, hub.visitors(2))

    return recorder("first start", home, hub, [], play, remembers=False)


def failed_sync(home: Path, *, count: int = 8) -> Recording:
    """The card refuses one sync in the middle of the day, and Linux forgets what it should write.

    Known as "fsyncgate": the next sync succeeds and says nothing of what the failed one lost.
    """
    hub = TodaysHub()
    card = prepare(home / "state", hub)
    card.record()
    card.journal.begin_day(_day())
    card.journal.close()
    unlit: list[int] = []

    def play(door: TracedDoor) -> list[Shown]:
        door.wait_for_light(is_signal(Signal.READY))
        shown = hub.visitors(count)
        for number, code in enumerate(shown):
            door.show(code.payload)
            light = door.wait_for_light(_is_answer)
            if not is_verdict(light):
                unlit.append(number)
                door.wait_for_light(is_signal(Signal.FAULT_STORAGE))
        return shown

    # The start needs fewer syncs than this on the journal's thread, and each scan one.
    failing = ("-e", "inject=fdatasync:error=EIO:when=9")
    made = record("failed sync", home, hub, card.earlier, play, strace=(*TRACED, *failing))
    return replace(made, unlit=frozenset(unlit))


def _is_answer(light: str) -> bool:
    return is_verdict(light) or is_signal(Signal.OUT_OF_ORDER)(light)


def salvage(home: Path, *, count: int = 3, recorder: Recorder = record) -> Recording:
    """A start on a card with a damaged page: the file is set aside, its entries are carried over.

    The door before had no time to close it, so that its last entries lie in the log alone.
    """
    hub = TodaysHub()
    elsewhere = prepare(home / "damaged", hub)
    elsewhere.journal.begin_day(_day())
    for _ in range(3):
        elsewhere.record()
    elsewhere.reopen()
    for _ in range(2):
        elsewhere.record()
    (home / "state").mkdir()
    left = card_files(elsewhere.state_dir)
    elsewhere.journal.close()
    whole = elsewhere.state_dir / "journal.db"
    page = _page_of_presence(whole)
    left["journal.db"] = _with_rubbish(left["journal.db"], page)
    for name, content in left.items():
        (home / "state" / name).write_bytes(content)

    def play(door: TracedDoor) -> list[Shown]:
        door.wait_for_light(is_signal(Signal.READY))
        return _receive(door, hub.visitors(count))

    made = recorder("salvage", home, hub, elsewhere.earlier, play, remembers=False)
    as_it_was = {name: left[name] for name in ("journal.db", _WAL)}
    return replace(made, damaged=as_it_was)


def deletion(home: Path, *, count: int = 4) -> Recording:
    """What the hub has settled long ago is deleted, between one visitor and the next."""
    hub = TodaysHub()
    card = prepare(home / "state", hub)
    for _ in range(6):
        card.record()
    card.send()
    settled = len(card.earlier)
    for _ in range(2):
        card.record()
    card.journal.begin_day(_day())
    card.journal.close()

    def play(door: TracedDoor) -> list[Shown]:
        door.wait_for_light(is_signal(Signal.READY))
        return _receive(door, hub.visitors(count))

    program = ("-m", "tests.power.hurried")
    made = record("deletion", home, hub, card.earlier, play, program=program)
    with closing(sqlite3.connect(home / "state" / "journal.db")) as connection:
        (left,) = connection.execute("SELECT min(seq) FROM entry").fetchone()
    assert left == settled, "the recording does not have what it is for"
    return replace(made, settled=settled)


def _page_of_presence(journal: Path) -> int:
    """Return the number of a page that the log does not have."""
    with closing(sqlite3.connect(journal)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name='presence'"
        ).fetchone()
    return int(page)


def _with_rubbish(content: bytes, page: int) -> bytes:
    start = (page - 1) * _PAGE_BYTES
    return content[:start] + b"\xff" * _PAGE_BYTES + content[start + _PAGE_BYTES :]


def _bring_a_receipt(door: TracedDoor, hub: TodaysHub) -> None:
    receipt = hub.take(door.fetch().message, door_keys(door.state_dir).signing_public)
    door.deliver(Content.RECEIPT, hub.sign(receipt))


def _day() -> int:
    """Return the number of the day that the door's place has, as housekeeping counts it."""
    return (datetime.now(ZoneInfo(PLACE.timezone)) - _NIGHT).toordinal()
