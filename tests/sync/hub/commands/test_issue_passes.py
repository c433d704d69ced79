import csv
import json
from pathlib import Path

import pytest

from kiosk.passes.reading import Pass as ReadPass
from kiosk.passes.reading import Trust
from kiosk.passes.recognition import read_pass
from sync.hub.__main__ import main
from sync.hub.fleet.models import Office
from sync.hub.keyring import Keyring
from sync.hub.people import cards
from sync.hub.people.models import LookUp, Pass, Person, Printing, Subject
from sync.hub.web.models import Operator
from tests.sync.hub.conftest import NOW


@pytest.fixture(autouse=True)
def _people(database: str) -> None:
    Operator.objects.create_user("budi")
    office = Office.objects.create(name="Dinas Kesehatan", unit=7)
    for number, kind in enumerate(("asn", "asn", "asn", "officer")):
        label = f"=Orang {number}"
        subject = Subject.objects.create(sub=b"sub%05d" % number, label=label, created_at=NOW)
        Person.objects.create(
            subject=subject, office=office, kind=kind, number=b"%032d" % number, imported_at=NOW
        )


def order(into: Path, *more: str) -> int:
    given = ["--into", str(into), "--by", "budi", "--reason", "kartu baru", "--days", "90"]
    return main(["issue-passes", *given, *more])


def test_an_office_gets_its_cards_as_files(
    tmp_path: Path,
    keyring: Keyring,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody else can read them; the table is not executed; the passes count at the doors."""
    monkeypatch.setattr(cards, "CARDS_A_FILE", 2)
    asked = ("--office", "dinas kesehatan", "--work", "asn", "--own-office", "--csv", "--json")
    assert order(tmp_path, *asked) == 0
    content = json.loads(capsys.readouterr().out)
    names = ["kartu-1.pdf", "kartu-1.csv", "kartu-2.pdf", "kartu-2.csv"]
    assert content["files"] == [str(tmp_path / name) for name in names]
    assert (content["passes"], content["printing"]) == (3, Printing.objects.get().pk)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert (tmp_path / "kartu-2.pdf").read_bytes().startswith(b"%PDF")
    with (tmp_path / "kartu-1.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["label"] for row in rows] == ["'=Orang 0", "'=Orang 1"]
    read = read_pass(rows[0]["pass"].encode(), Trust(keyring.key_list))
    assert isinstance(read, ReadPass)
    assert (read.claims.cti.hex(), read.claims.unit) == (rows[0]["cti"], 7)
    look_up = LookUp.objects.get()
    assert (look_up.reason, look_up.subjects.count()) == ("kartu baru", 3)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ([], "--office"),
        (["--office", "Dinas Lain"], "no such office"),
        (["--work", "asn", "--by", "siti"], "no such sign-in"),
        (["--work", "asn", "--into", "/nonexistent"], "no such folder"),
        (["--work", "non_asn"], "nobody"),
    ],
)
def test_what_cannot_be_done_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], why: str
) -> None:
    assert order(tmp_path, *more) == 2
    assert why in capsys.readouterr().err
    assert not Pass.objects.exists()


def test_who_has_one_is_left_out(tmp_path: Path) -> None:
    """Unless they are asked for again; a file that is there is not written over."""
    assert order(tmp_path, "--work", "asn") == 0
    assert order(tmp_path, "--work", "asn") == 2
    assert order(tmp_path, "--work", "asn", "--again") == 2
    assert Pass.objects.count() == 3
    again = tmp_path / "again"
    again.mkdir()
    assert order(again, "--work", "asn", "--again") == 0
