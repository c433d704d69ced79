"""A kiosk on a copy of a journal of three runs, for tests that damage it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.journal.salvage import MEMBERSHIP_FILE
from kiosk.journal.sightings import Sighting
from sync.wire.visit import Direction
from tests.kiosk.enrolled import Enrolled, membership
from tests.kiosk.journal.damage import COUNT


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Enrolled:
    """A journal of three runs, closed; tests work on copies of it."""
    kiosk = Enrolled(tmp_path_factory.mktemp("model"))
    path = kiosk.state_dir / MEMBERSHIP_FILE
    path.write_bytes(membership(kiosk.hub, kiosk.keys).to_bytes())
    for number in range(COUNT):
        if number % 100 == 50:
            kiosk.restart()
        cti = number.to_bytes(8)
        kiosk.record(str(number).encode(), cti=cti, sighting=Sighting(Direction.IN))
    kiosk.journal.close()
    return kiosk


@pytest.fixture
def damaged(model: Enrolled, tmp_path: Path) -> Iterator[Enrolled]:
    shutil.copytree(model.state_dir, tmp_path, dirs_exist_ok=True)
    copy = object.__new__(Enrolled)
    copy.state_dir, copy.deadline_s = tmp_path, 10.0
    copy.clock, copy.keys, copy.hub, copy.journal = (
        *(model.clock, model.keys, model.hub, model.journal),
    )
    yield copy
    copy.journal.close()
