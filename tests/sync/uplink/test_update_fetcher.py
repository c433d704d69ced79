"""An update comes down part by part, over kills and lost lines, and is handed over whole or not."""

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from provisioning.updates.telling import NAME, Report, write_report
from sync.uplink.courier import Courier
from sync.uplink.errors import HubAway
from sync.uplink.spool import Spool
from sync.uplink.update_box import READY, REPORT_NAME, UpdateBox
from sync.uplink.update_fetcher import AT_ONCE_S, UpdateFetcher
from sync.wire.update import PART_BYTES, Offer
from tests.sync.uplink.ends import FakeDoor, FakeHub, away

CONTENT = bytes(range(251)) * (5 * PART_BYTES // 251 // 2)
OFFER = Offer("0.2.0", len(CONTENT), sha256(CONTENT).digest(), "ticket:1")


class Kiosk:
    """Each `fetcher` is a courier that has just been started, over the same folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now_s = 0.0
        self.told(Report("0.1.0"))

    def told(self, report: Report) -> None:
        write_report(self.root, report)

    @property
    def box(self) -> UpdateBox:
        return UpdateBox(self.root / "update", self.root / NAME)

    def fetcher(self, clock: Callable[[], float] | None = None) -> UpdateFetcher:
        return UpdateFetcher(self.box, clock or (lambda: self.now_s))

    @property
    def ready(self) -> Path:
        return self.root / "update" / READY


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path)


def _hub() -> FakeHub:
    return FakeHub(offer=OFFER, update=CONTENT)


def test_both_ends_have_one_name_for_the_report() -> None:
    assert REPORT_NAME == NAME


def test_what_is_offered_is_handed_over(kiosk: Kiosk) -> None:
    hub = _hub()
    kiosk.fetcher().go(hub)
    assert kiosk.ready.read_bytes() == CONTENT
    assert kiosk.ready.stat().st_mode & 0o777 == 0o640
    assert hub.parts_asked == [0, 1, 2]


def test_visits_go_first(kiosk: Kiosk, tmp_path: Path) -> None:
    door, hub = FakeDoor(newest_seq=700), _hub()
    seen: list[list[int]] = []

    def update(_hub: object) -> None:
        seen.append(list(hub.batches))
        kiosk.fetcher().go(hub)

    Courier(door, Spool(tmp_path / "down"), lambda _url, _pin: hub, update=update).run_errand()
    assert seen == [[500, 200]]
    assert kiosk.ready.exists()


def test_it_takes_no_longer_than_its_time_and_goes_on_where_it_was(kiosk: Kiosk) -> None:
    hub = _hub()
    ticks = iter([0.0, 0.0, AT_ONCE_S])
    kiosk.fetcher(lambda: next(ticks)).go(hub)
    assert hub.parts_asked == [0]
    kiosk.fetcher().go(hub)
    assert hub.parts_asked == [0, 1, 2]
    assert kiosk.ready.read_bytes() == CONTENT


@pytest.mark.parametrize("cut", [1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 7, len(CONTENT) - 1])
def test_half_a_part_is_fetched_again(kiosk: Kiosk, cut: int) -> None:
    hub = _hub()
    folder = kiosk.root / "update"
    folder.mkdir()
    (folder / f"{OFFER.sha256.hex()}.part").write_bytes(CONTENT[:cut])
    kiosk.fetcher().go(hub)
    assert hub.parts_asked[0] == cut // PART_BYTES
    assert kiosk.ready.read_bytes() == CONTENT


def test_what_came_down_damaged_is_fetched_anew(
    kiosk: Kiosk, caplog: pytest.LogCaptureFixture
) -> None:
    hub = _hub()
    hub.update = bytes(len(CONTENT))
    fetcher = kiosk.fetcher()
    fetcher.go(hub)
    assert not kiosk.ready.exists()
    assert "damaged" in caplog.text
    hub.update = CONTENT
    fetcher.go(hub)
    assert kiosk.ready.read_bytes() == CONTENT


@pytest.mark.parametrize("update", [b"", CONTENT[: PART_BYTES - 1]])
def test_a_part_of_another_length_is_none(kiosk: Kiosk, update: bytes) -> None:
    hub = _hub()
    hub.update = update
    kiosk.fetcher().go(hub)
    assert not kiosk.ready.exists()


def test_a_lost_line_is_no_failure_of_the_errand(kiosk: Kiosk) -> None:
    hub = _hub()
    hub.fault = away()
    kiosk.fetcher().go(hub)
    hub.fault = None
    kiosk.fetcher().go(hub)
    assert kiosk.ready.exists()


@pytest.mark.parametrize(
    "report",
    [
        Report("0.2.0"),
        Report("0.3.0"),
        Report("0.1.0", trying="0.2.0"),
        Report("0.1.0", waiting="0.2.0", unwanted=("0.2.0",)),
        Report("0.1.0", failed="0.2.0"),
        Report("0.1.0", trouble="forged", refused="0.2.0"),
    ],
)
def test_what_is_not_wanted_is_not_fetched(kiosk: Kiosk, report: Report) -> None:
    kiosk.told(report)
    hub = _hub()
    kiosk.fetcher().go(hub)
    assert hub.parts_asked == []


@pytest.mark.parametrize("content", ["", "[]", json.dumps({"running": 7})])
def test_where_no_updater_is_nothing_is_fetched(kiosk: Kiosk, content: str) -> None:
    (kiosk.root / NAME).write_text(content)
    hub = _hub()
    kiosk.fetcher().go(hub)
    assert hub.parts_asked == []


def test_the_same_file_is_not_brought_twice_by_one_courier(kiosk: Kiosk) -> None:
    """The updater has taken it, and has not told yet what became of it."""
    hub, fetcher = _hub(), kiosk.fetcher()
    fetcher.go(hub)
    kiosk.ready.unlink()
    fetcher.go(hub)
    assert hub.parts_asked == [0, 1, 2]


def test_what_lies_there_is_not_written_over(kiosk: Kiosk) -> None:
    kiosk.fetcher().go(_hub())
    hub = _hub()
    kiosk.fetcher().go(hub)
    assert hub.parts_asked == []


def test_another_file_takes_the_place_of_one_half_fetched(kiosk: Kiosk) -> None:
    hub = _hub()
    ticks = iter([0.0, 0.0, AT_ONCE_S])
    kiosk.fetcher(lambda: next(ticks)).go(hub)
    other = b"other" * 10
    hub.offer, hub.update = Offer("0.3.0", len(other), sha256(other).digest(), "ticket:2"), other
    kiosk.fetcher().go(hub)
    assert [path.name for path in (kiosk.root / "update").iterdir()] == [READY]
    assert kiosk.ready.read_bytes() == other


def test_a_full_card_is_left_to_the_journal(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    found = os.statvfs(kiosk.root)
    full = os.statvfs_result((found.f_bsize, found.f_frsize, 100, 10, 10, *tuple(found)[5:10]))
    monkeypatch.setattr(os, "statvfs", lambda _path: full)
    hub = _hub()
    fetcher = kiosk.fetcher()
    fetcher.go(hub)
    fetcher.go(hub)
    assert hub.parts_asked == []
    assert caplog.text.count("no room") == 1


def test_a_stick_that_brings_one_is_not_waited_for(kiosk: Kiosk) -> None:
    hub, box = _hub(), kiosk.box
    with box.lock:
        UpdateFetcher(box, lambda: 0.0).go(hub)
    assert hub.parts_asked == []


def test_an_error_of_the_hub_is_an_error_of_the_line() -> None:
    assert issubclass(type(away()), HubAway)
