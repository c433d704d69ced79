"""What kiosks put on a stick reaches the hub, and its answers them: nothing else is needed."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sync.hub.__main__ import main
from sync.hub.fleet.models import Device, DeviceStatus
from sync.hub.ingest.models import Entry
from sync.hub.keyring import Keyring
from sync.hub.rules.publishing import publish_default
from sync.uplink.stick_errand import Round
from sync.wire.parcel import MAX_UP_BYTES
from tests.sync.hub.conftest import NOW
from tests.sync.hub.stick_kiosk import StickKiosk
from tests.sync.uplink.stick_ends import files

Make = Callable[[str], StickKiosk]


@pytest.fixture
def make(tmp_path: Path, keyring: Keyring) -> Iterator[Make]:
    publish_default(NOW)
    with ExitStack() as stack:

        def build(label: str) -> StickKiosk:
            kiosk = StickKiosk(tmp_path / label, keyring, label)
            stack.callback(kiosk.close)
            return kiosk

        yield build


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


def _import(stick: Path, *more: str) -> int:
    return main(["import", str(stick), *more])


def _enrolled(make: Make, stick: Path, label: str = "Pintu desa") -> StickKiosk:
    kiosk = make(label)
    kiosk.use(stick)
    assert _import(stick) == 0
    kiosk.use(stick)
    assert kiosk.standing.reference is not None
    return kiosk


def test_a_kiosk_without_network_is_enrolled_sends_and_is_settled(make: Make, stick: Path) -> None:
    """There and back twice: the request and the bundle, the visits and the receipt."""
    kiosk = _enrolled(make, stick)
    kiosk.see(1203)
    assert kiosk.use(stick).carried == 3
    assert _import(stick) == 0
    assert Entry.objects.count() == 1203
    assert kiosk.use(stick) == Round(carried=1, brought=1)
    assert kiosk.journal.backlog() == 0
    own = [name for name in files(stick) if not name.endswith("health.parcel")]
    assert own == []


def test_nobody_who_finds_the_stick_reads_anything(
    make: Make, stick: Path, keyring: Keyring
) -> None:
    """Neither the kiosk's number nor its door's, hub, health, software or times."""
    kiosk = _enrolled(make, stick)
    kiosk.see(3)
    kiosk.use(stick)
    _import(stick)
    device = Device.objects.get(device_id=kiosk.device)
    secrets = [
        *(kiosk.device, kiosk.device.hex().encode(), bytes(device.door.public_id)),
        *(bytes(device.signing_public), keyring.hub, b"gapura test", b"subject1", b"hub.example"),
        kiosk.clock.boot_id,
    ]
    found = files(stick)
    assert len(found) == 3
    for name, content in found.items():
        assert not [secret for secret in secrets if secret in content or secret in name.encode()]


def test_a_stick_of_many_kiosks_is_told_kiosk_by_kiosk(
    make: Make, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kiosks = [_enrolled(make, stick, label) for label in ("Utara", "Selatan", "Timur")]
    for number, kiosk in enumerate(kiosks, start=1):
        kiosk.see(number)
        kiosk.use(stick)
    capsys.readouterr()
    assert _import(stick, "--jsonl") == 0
    told = {line["label"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert {label: line["taken"] for label, line in told.items()} == {
        "Utara": 1,
        "Selatan": 2,
        "Timur": 3,
    }
    for kiosk in kiosks:
        kiosk.use(stick)
        assert kiosk.journal.backlog() == 0


def test_an_import_may_be_repeated(
    make: Make, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kiosk = _enrolled(make, stick)
    kiosk.see(7)
    kiosk.use(stick)
    _import(stick)
    capsys.readouterr()
    assert _import(stick, "--jsonl") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["taken"], told["repeated"]) == (0, 7)
    assert Entry.objects.count() == 7
    assert _import(stick) == 0
    assert "7 known already" in capsys.readouterr().out


def test_one_bad_file_does_not_stop_the_rest(
    make: Make, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cut off, forged, too long, from a stranger or from a kiosk that was revoked."""
    kiosk, gone = _enrolled(make, stick, "Utara"), _enrolled(make, stick, "Selatan")
    for each in (kiosk, gone):
        each.see(5)
        each.use(stick)
    Device.objects.filter(device_id=gone.device).update(status=DeviceStatus.REVOKED)
    own = next(path for path in (stick / "gapura" / "up").iterdir() if any(path.iterdir()))
    whole = next(own.iterdir()).read_bytes()
    (own / "0-cut.parcel").write_bytes(whole[:-1])
    (own / "1-empty.parcel").write_bytes(b"")
    with (own / "2-long.parcel").open("wb") as file:
        file.truncate(MAX_UP_BYTES * 1000)
    capsys.readouterr()
    assert _import(stick, "--jsonl") == 1
    spoken = capsys.readouterr()
    told = [json.loads(line) for line in spoken.out.splitlines()]
    assert [line["taken"] for line in told if "taken" in line] == [5]
    faults = sorted(line["fault"] for line in told if "fault" in line)
    assert len(faults) == 5
    assert "this device is revoked" in faults
    assert "5 files could not be taken" in spoken.err
    assert Entry.objects.count() == 5


def test_a_copy_of_the_stick_is_answered_elsewhere(make: Make, stick: Path, tmp_path: Path) -> None:
    kiosk = _enrolled(make, stick)
    kiosk.see(2)
    kiosk.use(stick)
    copy, out = tmp_path / "copy", tmp_path / "out"
    shutil.copytree(stick / "gapura" / "up", copy)
    before = files(copy)
    assert _import(copy, "--out", str(out)) == 0
    assert files(copy) == before
    kiosk.use(out)
    assert kiosk.journal.backlog() == 0


def test_bundles_are_taken_along_for_a_site(make: Make, stick: Path, tmp_path: Path) -> None:
    """For a kiosk of which nothing is on the stick."""
    kiosk = _enrolled(make, stick)
    out = tmp_path / "out"
    out.mkdir()
    assert _import(out, "--for", "Mal Pelayanan Publik") == 0
    assert len(files(out)) == 1
    assert kiosk.use(out).brought == 1
    assert _import(out, "--for", "No such site") == 2


def test_a_folder_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _import(tmp_path / "nothing") == 2
    assert "no such folder" in capsys.readouterr().err
    assert _import(tmp_path) == 0
    assert "Nothing of a kiosk's" in capsys.readouterr().out


def test_a_stick_that_takes_no_answers_is_told(
    make: Make, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was read is stored; the answers come with the next import."""
    kiosk = _enrolled(make, stick)
    kiosk.see(2)
    kiosk.use(stick)
    shutil.rmtree(stick / "gapura" / "down")
    (stick / "gapura" / "down").write_bytes(b"a file in the way")
    assert _import(stick) == 2
    assert "Import once more" in capsys.readouterr().err
    assert Entry.objects.count() == 2
