"""A card that was taken out of a kiosk tells the hub what the kiosk did not come to send."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.hub.__main__ import main
from sync.hub.fleet.models import Device, DeviceStatus
from sync.hub.ingest.models import Entry, Rejected, Visit
from sync.hub.keyring import Keyring
from sync.hub.rules.publishing import publish_default
from tests.sync.hub.conftest import NOW
from tests.sync.hub.stick_kiosk import StickKiosk
from tests.sync.uplink.stick_ends import files


@pytest.fixture
def kiosk(tmp_path: Path, keyring: Keyring) -> Iterator[StickKiosk]:
    """Enrolled by stick."""
    publish_default(NOW)
    kiosk = StickKiosk(tmp_path / "kiosk", keyring)
    _journey(kiosk, tmp_path / "stick")
    yield kiosk
    kiosk.close()


def _journey(kiosk: StickKiosk, stick: Path) -> None:
    kiosk.use(stick)
    assert main(["import", str(stick)]) == 0
    kiosk.use(stick)


def _card(kiosk: StickKiosk, tmp_path: Path) -> Path:
    """Copy what lies on the card while the kiosk runs: a power cut leaves no more."""
    card = tmp_path / "card" / "var" / "lib" / "gapura"
    shutil.copytree(kiosk.state_dir, card)
    return tmp_path / "card"


Told = tuple[int, dict[str, object]]
"""The exit code, and the last line that was told."""


def _take(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> Told:
    capsys.readouterr()
    code = main(["import", str(path), "--jsonl", *more])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def test_what_was_never_sent_is_taken_from_the_card(
    kiosk: StickKiosk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Over a restart, with more than a batch holds; and the card stays as it was."""
    kiosk.see(700)
    kiosk.close()
    kiosk.start()
    kiosk.see(3)
    card = _card(kiosk, tmp_path)
    before = files(card)
    code, told = _take(card, capsys)
    assert (code, told["taken"], told["unread"]) == (0, 703, 0)
    assert (Visit.objects.count(), Rejected.objects.count()) == (703, 0)
    assert files(card) == before


def test_what_was_synced_before_and_after_is_the_same(
    kiosk: StickKiosk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kiosk.see(5)
    _journey(kiosk, tmp_path / "stick")
    kiosk.see(4)
    card = _card(kiosk, tmp_path)
    _, told = _take(card, capsys)
    assert (told["taken"], told["repeated"]) == (4, 5)
    _, told = _take(card, capsys)
    assert (told["taken"], told["repeated"]) == (0, 9)
    kiosk.see(2)
    _journey(kiosk, tmp_path / "stick")
    assert (Entry.objects.count(), kiosk.journal.backlog()) == (11, 0)
    assert not Device.objects.filter(epochs__conflicts__isnull=False).exists()


def test_what_is_damaged_costs_what_it_holds_and_the_one_behind(
    kiosk: StickKiosk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An entry opens in its place only; the place is told by the one before."""
    kiosk.see(20)
    card = _card(kiosk, tmp_path)
    path = card / "var/lib/gapura/journal.db"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE entry SET body=zeroblob(80) WHERE seq=5")
        connection.execute("DELETE FROM entry WHERE seq=10")
    connection.close()
    code, told = _take(card, capsys)
    assert (code, told["taken"], told["unread"]) == (1, 17, 2)
    assert sorted(Entry.objects.values_list("seq", flat=True)) == [
        seq for seq in range(1, 21) if seq not in {5, 10, 11}
    ]
    assert Rejected.objects.count() == 0
    _journey(kiosk, tmp_path / "stick")
    assert (Entry.objects.count(), kiosk.journal.backlog()) == (20, 0)


def test_a_journal_that_was_set_aside_is_read_as_far_as_it_goes(
    kiosk: StickKiosk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The kiosk carries on with what it could read: the hub knows that as the same."""
    kiosk.see(400)
    kiosk.close()
    path = kiosk.state_dir / "journal.db"
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 4096)
    kiosk.start()
    card = _card(kiosk, tmp_path)
    code, told = _take(card, capsys)
    assert code == 1
    held = Visit.objects.count()
    assert 300 < held < 400
    assert told["unread"] == 0
    _journey(kiosk, tmp_path / "stick")
    assert Visit.objects.count() == held


def test_a_card_of_no_kiosk_of_ours_is_told(
    kiosk: StickKiosk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kiosk.see(3)
    card = _card(kiosk, tmp_path)
    Device.objects.update(status=DeviceStatus.REVOKED)
    code, told = _take(card, capsys)
    assert (code, told["taken"]) == (1, 0)
    assert "--even-revoked" in str(told["fault"])
    code, told = _take(card, capsys, "--even-revoked")
    assert (code, told["taken"]) == (0, 3)
    Device.objects.update(device_id=bytes(16))
    _, told = _take(card, capsys)
    assert told["fault"] == "this device is not known here"


def test_what_is_no_card_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(tmp_path / "absent")]) == 2
    assert "no such folder" in capsys.readouterr().err
    (tmp_path / "journal.db").write_bytes(b"not a database" * 100)
    code, told = _take(tmp_path / "journal.db", capsys)
    assert (code, told["fault"]) == (1, "nothing is readable")
