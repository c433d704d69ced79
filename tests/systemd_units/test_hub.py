"""The hub's units: one user without privileges, no secret in a unit, and each does what it says."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sync.hub.__main__ import COMMANDS
from sync.hub.database_url import parse_database_url
from tests.systemd_units.unit_file import FOLDER, HUB_UNITS, read_table, read_unit

NAMES = [unit.name for unit in HUB_UNITS]
_NIGHTLY = ("gapura-hub-forget-names", "gapura-hub-retain", "gapura-hub-backup")
_SYSUSERS = shutil.which("systemd-sysusers")
_SECRET = re.compile(r"(?i)password|secret|token=|://[^/\s]*:[^/\s]*@")


def test_what_runs_at_diskominfo() -> None:
    assert NAMES == [
        "gapura-hub-backup.service",
        "gapura-hub-forget-names.service",
        "gapura-hub-retain.service",
        "gapura-hub-watch.service",
        "gapura-hub.service",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_one_user_without_privileges_in_a_directory_of_its_own(name: str) -> None:
    unit = read_unit(name)
    assert (unit.service("User"), unit.service("Group")) == ("gapura-hub", "gapura-hub")
    assert unit.service("CapabilityBoundingSet") == unit.service("AmbientCapabilities") == ""
    assert unit.service("NoNewPrivileges") == "yes"
    assert (unit.service("StateDirectory"), unit.service("StateDirectoryMode")) == (
        "gapura-hub",
        "0700",
    )
    assert unit.service("Environment") == "GAPURA_HUB_HOME=%S/gapura-hub"
    assert (unit.service("LimitCORE"), unit.service("MemorySwapMax")) == ("0", "0")


@pytest.mark.parametrize("name", NAMES)
def test_no_unit_holds_a_secret(name: str) -> None:
    """What a unit says every user of the machine can read."""
    lines = (FOLDER / name).read_text().splitlines()
    assert not [line for line in lines if not line.startswith("#") and _SECRET.search(line)]
    assert read_unit(name).service("EnvironmentFile") == "/etc/gapura/hub.env"


@pytest.mark.parametrize("name", NAMES)
def test_each_starts_a_command_that_there_is(name: str) -> None:
    unit = read_unit(name)
    for line in (*unit.values("Service", "ExecStartPre"), *unit.values("Service", "ExecStart")):
        program, command, *_ = line.split()
        assert program == "/opt/gapura/bin/gapura-hub"
        assert command in COMMANDS


def test_tables_are_changed_before_the_hub_serves() -> None:
    assert read_unit("gapura-hub.service").service("ExecStartPre").endswith(" migrate")
    for name in NAMES:
        if name != "gapura-hub.service":
            assert "gapura-hub.service" in read_unit(name).words("Unit", "After")


def test_nobody_demands_a_database_on_the_same_machine() -> None:
    for name in NAMES:
        for key in ("Requires", "BindsTo", "Requisite"):
            assert read_unit(name).values("Unit", key) == ()


def test_only_the_watch_reaches_other_machines() -> None:
    """It tells people by Telegram or mail; all else talks to the proxy and the database."""
    for name in NAMES:
        limits = read_unit(name).values("Service", "IPAddressDeny")
        assert limits == (() if name == "gapura-hub-watch.service" else ("any",))


@pytest.mark.parametrize("name", _NIGHTLY)
def test_what_was_promised_for_every_night_is_made_up_for(name: str) -> None:
    timer = read_unit(f"{name}.timer")
    assert timer.value("Timer", "Persistent") == "yes"
    assert timer.value("Install", "WantedBy") == "timers.target"
    assert read_unit(f"{name}.service").service("Type") == "oneshot"
    assert read_unit(f"{name}.service").values("Install", "WantedBy") == ()


def test_a_backup_goes_to_another_disk_or_fails() -> None:
    """Into a folder that nobody makes on this one: without it the sandbox cannot be set up."""
    unit = read_unit("gapura-hub-backup.service")
    folder = unit.service("ReadWritePaths")
    assert unit.service("ExecStart").split()[-1] == folder
    disk = unit.value("Unit", "RequiresMountsFor")
    assert folder == f"{disk}/hub"
    made = {row[1]: row[2:5] for row in read_table("gapura-hub.tmpfiles")}
    assert made[disk] == ["0755", "root", "root"]
    assert folder not in made


def test_the_user_is_made_and_needs_no_password_for_the_database() -> None:
    """PostgreSQL lets a system user in as the role of the same name (peer)."""
    (row,) = read_table("gapura-hub.sysusers")
    assert row[:2] == ["u", "gapura-hub"]
    found = parse_database_url("postgresql://gapura-hub@/gapura-hub?host=/var/run/postgresql")
    assert (found["USER"], found["PASSWORD"]) == (row[1], "")


@pytest.mark.skipif(_SYSUSERS is None, reason="there is no systemd-sysusers")
@pytest.mark.parametrize("name", ["gapura", "gapura-hub"])
def test_systemd_makes_the_users(name: str, tmp_path: Path) -> None:
    """A line that it does not like it passes over, and the units do not start then."""
    (tmp_path / "etc").mkdir()
    done = subprocess.run(
        [str(_SYSUSERS), f"--root={tmp_path}", str(FOLDER / f"{name}.sysusers")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = [line.split(":")[0] for line in (tmp_path / "etc/passwd").read_text().splitlines()]
    assert made == [row[1] for row in read_table(f"{name}.sysusers") if row[0] == "u"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")
@pytest.mark.parametrize("name", _NIGHTLY)
def test_the_timers_are_well_formed(name: str, tmp_path: Path) -> None:
    when = read_unit(f"{name}.timer").value("Timer", "OnCalendar")
    shutil.copy(FOLDER / f"{name}.timer", tmp_path)
    (tmp_path / f"{name}.service").write_text("[Service]\nType=oneshot\nExecStart=/bin/true\n")
    for words in (
        ("calendar", when),
        ("verify", "--man=no", "--recursive-errors=no", str(tmp_path / f"{name}.timer")),
    ):
        done = subprocess.run(
            ["systemd-analyze", *words], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        assert f"{name}.timer:" not in done.stdout + done.stderr
