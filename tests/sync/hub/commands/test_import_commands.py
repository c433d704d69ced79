import json
from pathlib import Path

import pytest

from sync.hub.__main__ import main
from sync.hub.people.models import Roster, Subject
from sync.hub.rules.publishing import DEFAULT, publish_default
from sync.hub.web.roles import Role
from tests.kiosk.passes.health_issuer import issuer
from tests.sync.hub.commands.test_commands import _NEW_DOOR, Shell
from tests.sync.hub.conftest import NOW
from tests.sync.hub.operators import an_operator


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


def a_rulebook(path: Path, **changes: object) -> str:
    path.write_text(json.dumps(json.loads(DEFAULT.read_text()) | changes))
    return str(path)


def test_signers_are_imported(shell: Shell, tmp_path: Path) -> None:
    """In the form that is named, or told from the file."""
    path = tmp_path / "signer.der"
    path.write_bytes(issuer().certificate)
    done = shell.run("import-signers", str(path))
    assert done == {"signers": 1, "added": 1, "removed": 0, "expired": 1}
    code, text = shell.fail("import-signers", str(path), "--format", "eu-json")
    assert (code, "signer.der" in text) == (1, True)
    assert main(["import-signers", str(path), "--format", "der"]) == 0


def test_a_roster_is_tried_and_imported(
    shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A trial says what would be, and stores nothing."""
    path = tmp_path / "roster.csv"
    path.write_text("identifier,label\n12345678,Siti\n")
    tried = shell.run("import-roster", str(path), "--dry-run")
    assert (tried["people"], tried["added"], tried["dry_run"]) == (1, None, True)
    assert main(["import-roster", str(path), "--dry-run"]) == 0
    assert Roster.objects.count() == Subject.objects.count() == 0
    capsys.readouterr()
    done = shell.run("import-roster", str(path))
    assert done == {
        "people": 1,
        "shapes": [["digits", 8]],
        "added": 1,
        "kept": 0,
        "left": 0,
        "dry_run": False,
    }
    assert main(["import-roster", str(path)]) == 0
    path.write_text("identifier,label\n1,Siti\n")
    code, text = shell.fail("import-roster", str(path))
    assert (code, "line 2" in text, "roster.csv" in text) == (1, True, True)


def test_a_new_door_may_see_both_ways(shell: Shell) -> None:
    """Only such a one can tell who is inside."""
    assert shell.run(*_NEW_DOOR, "--sees-both-ways")["sees_both_ways"] is True
    assert shell.run(*_NEW_DOOR)["sees_both_ways"] is False


def test_publishing_shows_what_is_different(
    shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the rulebook that is in force at such sites, not from one that is still to come."""
    path = tmp_path / "rules.json"
    later = {"version": 2, "effective_from": "2027-01-01T00:00:00+07:00", "trial": True}
    first = shell.run("publish-rulebook", a_rulebook(path, **later))
    assert (first["compared_with"], first["difference"]) == (None, [])
    publish_default(NOW)
    by = ("--by", an_operator(Role.DISKOMINFO).username)
    other = {"version": 3, "effective_from": "2026-11-01T00:00:00+07:00", "site_kinds": ["museum"]}
    assert shell.run("publish-rulebook", a_rulebook(path, **other), *by)["compared_with"] is None
    wide = shell.run("publish-rulebook", a_rulebook(path, **other | {"version": 4}), *by)
    assert (wide["compared_with"], wide["difference"]) == (3, [])
    assert main(["publish-rulebook", a_rulebook(path, **later | {"version": 5}), *by]) == 0
    said = capsys.readouterr().out
    assert "Different from rulebook 4" in said
    assert "Trial phase: yes, was no." in said


def test_two_rulebooks_are_compared(
    shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By version or by file."""
    publish_default(NOW)
    path = a_rulebook(tmp_path / "rules.json", version=2, capacity=80)
    found = shell.run("diff-rulebook", "1", path)
    assert found == {"old": 1, "new": 2, "difference": ["Capacity: 80, was no limit."]}
    assert main(["diff-rulebook", "1", "1"]) == 0
    assert "Nothing is different" in capsys.readouterr().out
    for wrong, why in (("9", "no rulebook 9"), ("9" * 30, "no rulebook"), ("x", "No such file")):
        code, text = shell.fail("diff-rulebook", "1", wrong)
        assert (code, why in text) == (2, True)
