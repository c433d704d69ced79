"""Wherever the power is cut: each light has its entry, and the door starts again and goes on."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.power.calls import Act, Event
from tests.power.campaign import tally, weakened
from tests.power.recording import Recording
from tests.power.scenes import (
    checkpoint,
    deletion,
    failed_sync,
    first_start,
    night,
    salvage,
    visits,
)
from tests.power.traced_door import is_verdict

SEED = 20261121
LOG = "journal.db-wal"


def empties_the_log(event: Event) -> bool:
    return event.act is Act.TRUNCATE and event.name == LOG and event.size == 0


def begins_the_log_anew(event: Event) -> bool:
    """After the log that was left behind has been moved into the file."""
    return event.act is Act.WRITE and event.name == LOG and event.offset == 0


def publishes(event: Event) -> bool:
    return event.act is Act.RENAME and event.to == "reference.db"


def ends_the_log(event: Event) -> bool:
    return event.act is Act.UNLINK and event.name == LOG


def sets_aside(event: Event) -> bool:
    return event.act is Act.RENAME and event.to == "journal.db.damaged-1/journal.db"


def syncs(event: Event) -> bool:
    return event.act is Act.SYNC and event.name == LOG


def fails(event: Event) -> bool:
    return event.act is Act.FAILED and event.name == LOG


@pytest.mark.parametrize(
    ("make", "holds", "before_last_light", "states"),
    [
        (partial(visits, count=4), ends_the_log, False, 80),
        (partial(night, count=2), empties_the_log, True, 50),
        (partial(checkpoint, count=3), begins_the_log_anew, True, 25),
        (partial(first_start, count=2), publishes, True, 60),
        (partial(failed_sync, count=6), fails, True, 40),
        (partial(salvage, count=1), sets_aside, True, 40),
        (partial(deletion, count=2), syncs, True, 30),
    ],
    ids=["visits", "night", "checkpoint", "first start", "failed sync", "salvage", "deletion"],
)
def test_a_cut_loses_no_entry_that_was_lit(
    make: Callable[[Path], Recording],
    holds: Callable[[Event], bool],
    before_last_light: bool,
    states: int,
    tmp_path: Path,
) -> None:
    recording = make(tmp_path)
    lights = [event for event in recording.events if event.act is Act.LIGHT]
    last_light = [light.begun for light in lights if is_verdict(light.data.decode())][-1]
    seen = [event for event in recording.events if holds(event)]
    assert seen, "the recording does not have what it is for"
    assert not before_last_light or seen[0].begun < last_light
    counted = tally(recording, states, SEED)
    assert counted.states == states
    assert (counted.lost, counted.wrong) == (0, 0), counted.said


@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL"])
def test_a_journal_that_does_not_wait_for_the_card_is_found_out(
    synchronous: str, tmp_path: Path
) -> None:
    counted = tally(weakened(synchronous, count=2)(tmp_path), 30, SEED)
    assert counted.lost > 5, str(counted)
