import pytest

from sync.hub.__main__ import main
from sync.hub.attendance.models import ApiToken, AttendanceDay
from sync.wire.visit import Direction
from tests.sync.hub.attendance.presence import AnEpoch, a_door, a_person, an_office, at
from tests.sync.hub.commands.test_commands import Shell

# Of this machine: it is refused before anybody is asked.
_URL = "https://127.0.0.1:9/gapura"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


def test_days_are_reckoned(shell: Shell) -> None:
    """At once by `reckon`, and by `watch`; again there is nothing to do."""
    siti, epoch = a_person(an_office()), AnEpoch(a_door())
    epoch.see(siti, Direction.IN, at("8:00"))
    assert shell.run("reckon") == {"people": 1, "days": 1}
    assert shell.run("reckon") == {"people": 0, "days": 0}
    epoch.see(siti, Direction.IN, at("8:00", 3))
    assert main(["watch", "--once"]) == 0
    assert AttendanceDay.objects.count() == 2


def test_a_token_is_shown_once_listed_and_revoked(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its office and its end; the list has no token."""
    an_office()
    asked = ("create-api-token", "Absensi Online", "--scope", "attendance", "--days", "30")
    made = shell.run(*asked, "--office", "Dinas Kesehatan")
    assert (made["office"], made["expires"]) == ("Dinas Kesehatan", "2026-12-02T03:00:00+00:00")
    assert main(list(asked)) == 2
    assert "already" in capsys.readouterr().err
    assert main(["list-api-tokens"]) == 0
    listed = capsys.readouterr().out
    assert "Absensi Online  attendance  Dinas Kesehatan  until 2026-12-02  never used" in listed
    assert made["token"] not in listed
    assert shell.run("revoke-api-token", "Absensi Online")["revoked"] is True
    assert shell.run("revoke-api-token", "Absensi Online")["revoked"] is False
    (row,) = shell.run("list-api-tokens")["tokens"]
    assert row["webhook"] is None
    assert row["revoked"] == "2026-11-02T03:00:00+00:00"
    assert ApiToken.objects.count() == 1
    assert main(["revoke-api-token", "nobody"]) == 2


def test_a_system_is_told_and_its_faults_are_shown(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    """By `watch`; the secret is shown once, and of the address nothing that opens something."""
    assert main(["set-webhook", "Absensi Online", "--url", _URL]) == 2
    shell.run("create-api-token", "Absensi Online", "--scope", "attendance")
    made = shell.run("set-webhook", "Absensi Online", "--url", f"{_URL}?word=rahasia")
    assert made["secret"].startswith("whsec_")
    epoch = AnEpoch(a_door())
    epoch.see(a_person(an_office()), Direction.IN, at("8:00"))
    assert main(["watch", "--once"]) == 0
    assert main(["list-api-tokens"]) == 0
    listed = capsys.readouterr().out
    assert f"notices to {_URL}: failing after 1 attempts since 2026-11-02 03:00 UTC" in listed
    assert "its address is not public, and of no network that is allowed" in listed
    assert "rahasia" not in listed
    assert made["secret"] not in listed
    (row,) = shell.run("list-api-tokens")["tokens"]
    assert row["webhook"] == {
        "url": _URL,
        "state": "failing",
        "trouble": "forbidden",
        "status": None,
        "failures": 1,
        "since": "2026-11-02T03:00:00+00:00",
    }
    assert shell.run("set-webhook", "Absensi Online", "--resume")["secret"] is None
    assert shell.run("list-api-tokens")["tokens"][0]["webhook"]["state"] == "told"
    assert shell.run("set-webhook", "Absensi Online", "--remove")["removed"] is True
    assert shell.fail("set-webhook", "Absensi Online", "--resume")[0] == 2
