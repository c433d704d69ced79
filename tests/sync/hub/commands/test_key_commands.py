from pathlib import Path

import pytest

from sync.hub import installation
from sync.hub.home import Home
from sync.hub.key_making import OFFLINE_ROOT
from sync.wire.card import open_time_card
from sync.wire.keys import Purpose
from tests.sync.hub.commands.test_commands import Shell
from tests.sync.hub.conftest import NOW, PinnedClock


@pytest.fixture
def shell(own_home: Home, capsys: pytest.CaptureFixture[str]) -> Shell:
    assert own_home.keys.exists()
    return Shell(capsys)


def by_kid(shell: Shell) -> dict[str, dict[str, object]]:
    return {row["kid"]: row for row in shell.run("keys", "list")["keys"]}


def test_the_list_shows_every_key_and_what_hangs_on_it(shell: Shell) -> None:
    """Passes are counted; the recovery key's private half is not at the hub."""
    shell.run("issue-pass", "--type", "visitor", "--label", "Siti", "--days", "2")
    listed = shell.run("keys", "list")
    purposes = {row["purpose"]: row for row in listed["keys"]}
    assert set(purposes) == {purpose.name.lower() for purpose in Purpose}
    assert listed["version"] == 1
    assert {row["state"] for row in listed["keys"]} == {"current"}
    assert (purposes["pass"]["passes"], purposes["bundle"]["passes"]) == (1, None)
    assert [row["purpose"] for row in listed["keys"] if not row["private"]] == ["recovery"]


def test_a_pass_key_ends_with_its_last_pass(shell: Shell) -> None:
    """Whatever the grace; other keys end after it."""
    issued = shell.run("issue-pass", "--type", "visitor", "--label", "Siti", "--days", "200")
    done = shell.run("keys", "rotate", "--purpose", "pass")
    assert (done["version"], done["purpose"], done["ends"]) == (2, "pass", issued["expires"])
    rows = by_kid(shell)
    assert [rows[done[kid]]["state"] for kid in ("made", "ended")] == ["current", "ending"]
    receipt = shell.run("keys", "rotate", "--purpose", "receipt", "--grace-days", "3")
    assert receipt["ends"] == "2026-11-05T03:00:00+00:00"


def test_a_retired_key_is_over(shell: Shell, clock: PinnedClock) -> None:
    """A pass key stays listed with its end; any other leaves the list."""
    shell.run("issue-pass", "--type", "visitor", "--label", "Siti", "--days", "200")
    passes = shell.run("keys", "rotate", "--purpose", "pass")
    bundle = shell.run("keys", "rotate", "--purpose", "bundle")
    assert shell.run("keys", "retire", bundle["ended"])["ends"] == NOW.isoformat()
    done = shell.run("keys", "retire", passes["ended"])
    assert (done["made"], done["ended"], done["version"]) == (None, passes["ended"], 5)
    clock.instant = NOW.replace(hour=4)
    rows = by_kid(shell)
    assert rows[passes["ended"]]["state"] == "over"
    assert not rows[passes["ended"]]["private"]
    assert bundle["ended"] not in rows


def test_the_root_may_be_anywhere(shell: Shell, own_home: Home, tmp_path: Path) -> None:
    """It belongs on a medium that is brought for this only, whose files know no owners."""
    medium = tmp_path / "medium"
    (own_home.keys / OFFLINE_ROOT).rename(medium)
    (medium / "root.pem").chmod(0o755)
    code, text = shell.fail("keys", "rotate", "--purpose", "sealing")
    assert (code, "--offline-root" in text) == (2, True)
    done = shell.run("keys", "rotate", "--purpose", "sealing", "--offline-root", str(medium))
    assert done["version"] == 2


def test_a_revoked_key_is_shown_so(shell: Shell) -> None:
    """With what it takes to go on; after another has been made passes are issued again."""
    shell.run("issue-pass", "--type", "visitor", "--label", "Siti", "--days", "2")
    kid = installation.keyring().pass_key.kid.hex()
    done = shell.run("revoke-key", kid)
    assert done == {"revoked": kid, "already": False, "passes": 1, "rotate": True}
    assert by_kid(shell)[kid]["state"] == "revoked"
    issue = ("issue-pass", "--type", "visitor", "--label", "Siti", "--days", "2")
    assert "keys rotate" in shell.fail(*issue)[1]
    shell.run("keys", "rotate", "--purpose", "pass")
    shell.run(*issue)
    assert shell.run("revoke-key", kid)["rotate"] is False


def test_people_get_lines_about_keys(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """Each order says what it did, and what is to be done next."""
    from sync.hub.__main__ import main

    kid = installation.keyring().pass_key.kid.hex()
    for words, said in (
        (("keys", "list"), "signed by root"),
        (("revoke-key", kid), "keys rotate --purpose pass"),
        (("keys", "rotate", "--purpose", "pass"), "next bundle"),
        (("keys", "retire", kid), "counts until"),
        (("create-time-card",), "or later"),
    ):
        assert main(list(words)) == 0
        assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("keys",), 2, "required"),
        (("keys", "rotate"), 2, "--purpose"),
        (("keys", "rotate", "--purpose", "recovery"), 2, "invalid choice"),
        (("keys", "rotate", "--purpose", "pass", "--grace-days", "-1"), 2, "number from 0"),
        (("keys", "retire", "0" * 16), 2, "no such key"),
        (("revoke-key", "0" * 16), 2, "no such pass key"),
    ],
)
def test_a_wrong_order_about_keys_is_explained(
    shell: Shell, words: tuple[str, ...], code: int, why: str
) -> None:
    found, text = shell.fail(*words)
    assert (found, why in text) == (code, True), text


def test_a_time_card_opens_at_an_enrolled_kiosk(shell: Shell, tmp_path: Path) -> None:
    """Its time is the hub's, to the second."""
    made = shell.run("create-time-card", "--qr", str(tmp_path / "time.svg"))
    found = open_time_card(made["card"], installation.keyring().key_list)
    assert (found, made["issued_at"]) == (int(NOW.timestamp()), NOW.isoformat())
    assert (tmp_path / "time.svg").exists()
