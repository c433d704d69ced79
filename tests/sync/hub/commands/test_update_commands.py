"""An update is published to a few doors, and rolled out from there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.hub.__main__ import main
from sync.hub.fleet.models import Office, SoftwareUpdate
from sync.hub.fleet.updates import SHELF
from tests.provisioning.updates.updates import make_update


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    SHELF.clear()
    yield
    SHELF.clear()


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main([*words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_from_a_few_doors_to_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = make_update(tmp_path, "0.2.0")
    assert main(["publish-update", str(file)]) == 0
    said = capsys.readouterr().out
    assert "5 % of the doors" in said
    assert "roll-out-update 0.2.0 --percent 100" in said
    Office.objects.create(name="Dinas PMPTSP", unit=9)
    found = _run(capsys, "roll-out-update", "0.2.0", "--percent", "30", "--office", "Dinas PMPTSP")
    assert found["updates"] == [
        {
            "version": "0.2.0", "percent": 30, "offices": ["Dinas PMPTSP"], "paused": False,
            "stopped": False, "running": 0, "kiosks": 0, "refused": 0,
        }
    ]  # fmt: skip
    found = _run(capsys, "roll-out-update", "0.2.0", "--percent", "100", "--all-offices")
    assert (found["updates"][0]["percent"], found["updates"][0]["offices"]) == (100, [])
    assert _run(capsys, "roll-out-update", "0.2.0", "--pause")["updates"][0]["paused"]
    assert not _run(capsys, "roll-out-update", "0.2.0", "--resume")["updates"][0]["paused"]


def test_nothing_is_published_yet(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["roll-out-update"]) == 0
    assert capsys.readouterr().out == "No update is published.\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["roll-out-update", "--percent", "10"], 2),
        (["roll-out-update", "0.9.0"], 2),
        (["publish-update", "/nonexistent"], 2),
        (["publish-update", __file__], 1),
    ],
)
def test_what_cannot_be_done_is_said(
    words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == code
    assert capsys.readouterr().err
    assert not SoftwareUpdate.objects.exists()


def test_an_office_that_is_none_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["publish-update", str(make_update(tmp_path, "0.2.0"))])
    assert main(["roll-out-update", "0.2.0", "--percent", "50", "--office", "Nirgendwo"]) == 2
    assert "no office Nirgendwo" in capsys.readouterr().err
    assert SoftwareUpdate.objects.get().percent == 5
    file = make_update(tmp_path, "0.3.0")
    assert main(["publish-update", str(file), "--office", "Nirgendwo"]) == 2
    assert not SoftwareUpdate.objects.filter(version="0.3.0").exists()


@pytest.mark.parametrize("percent", ["-1", "101", "x", "5.5"])
def test_a_share_is_a_share(percent: str) -> None:
    with pytest.raises(SystemExit):
        main(["roll-out-update", "0.2.0", "--percent", percent])
