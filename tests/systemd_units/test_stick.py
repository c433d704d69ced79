"""A stick is mounted for the courier alone, and nothing on it is run, followed or believed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from sync.uplink.stick import STICK_DIR
from tests.systemd_units.unit_file import FOLDER, read_table, read_unit

_SYSTEMD = FOLDER
_MOUNT = "run-gapura.stick.mount"
_RULES = _SYSTEMD / "90-gapura-stick.rules"
_UDEVADM = shutil.which("udevadm")


def _mount(option: str) -> str:
    (value,) = read_unit(_MOUNT).values("Mount", option)
    return value


def test_the_courier_finds_the_stick_where_it_is_mounted() -> None:
    assert _mount("Where") == str(STICK_DIR)
    assert f"-{str(STICK_DIR).replace('/run', '%t')}" in read_unit("gapura-sync.service").values(
        "Service", "ReadWritePaths"
    )
    made = [row for row in read_table("gapura.tmpfiles") if row[1] == str(STICK_DIR)]
    assert [row[2:5] for row in made] == [["0755", "root", "root"]]


def test_nothing_on_a_stick_is_run_or_followed_and_the_courier_alone_reads_it() -> None:
    options = set(_mount("Options").split(","))
    assert options >= {"nodev", "nosuid", "noexec", "nosymfollow", "dmask=0077", "fmask=0177"}
    user = read_unit("gapura-sync.service").service("User")
    assert {f"uid={user}", f"gid={user}"} <= options


def test_udev_asks_for_the_mount_of_sticks_with_the_label_alone() -> None:
    (rule,) = [line for line in _RULES.read_text().splitlines() if "SYSTEMD_WANTS" in line]
    for part in (
        'ENV{ID_FS_LABEL}=="GAPURA"',
        'SUBSYSTEMS=="usb"',
        'ENV{ID_FS_TYPE}=="vfat|exfat"',
        f'ENV{{SYSTEMD_WANTS}}+="{_MOUNT}"',
        'SYMLINK+="gapura.stick"',
    ):
        assert part in rule
    assert _mount("What") == "/dev/gapura.stick"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")
def test_the_mount_is_well_formed(tmp_path: Path) -> None:
    shutil.copy(_SYSTEMD / _MOUNT, tmp_path)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", tmp_path / _MOUNT],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert _MOUNT not in done.stdout + done.stderr


@pytest.mark.skipif(_UDEVADM is None, reason="there is no udevadm")
def test_the_rules_are_well_formed() -> None:
    done = subprocess.run(
        [str(_UDEVADM), "verify", _RULES], capture_output=True, text=True, timeout=60, check=False
    )
    if "Unknown command" in done.stderr or "unrecognized" in done.stderr.lower():
        pytest.skip("this udevadm is older than 254 and cannot verify rules")
    assert done.returncode == 0, done.stdout + done.stderr
