"""The steps hold together: both builders have the same, and what a file names is there."""

import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

from provisioning.image import recipe
from provisioning.image.layout import BOOT_LABEL, DATA_LABEL, plan
from tests.systemd_units.unit_file import UNITS, read_unit

IMAGE = recipe.STEPS.parent
ONE_SLOT = recipe.STEPS / "one-slot"
SCRIPTS = [
    path
    for path in sorted(IMAGE.rglob("*"))
    if path.is_file() and path.read_bytes().startswith(b"#!/bin/sh")
]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_read_by_a_plain_shell(script: Path) -> None:
    done = subprocess.run(["sh", "-n", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_there_are_scripts() -> None:
    names = {path.name for path in SCRIPTS}
    assert {"install.sh", "assemble.sh", "grow-data", "keep-machine-id"} <= names


def _mounts() -> dict[str, list[str]]:
    lines = (ONE_SLOT / "etc" / "fstab").read_text().splitlines()
    fields = [line.split() for line in lines if line and not line.startswith("#")]
    return {where: [what, kind, options] for what, where, kind, options, *_ in fields}


def _kiosk_units() -> list[Path]:
    return [
        unit
        for unit in UNITS
        if not any(fnmatch(unit.name, pattern) for pattern in recipe.NOT_A_KIOSKS)
    ]


def test_what_must_outlive_a_power_cut_lies_on_the_data_partition() -> None:
    mounts = _mounts()
    for unit in _kiosk_units():
        for directory in read_unit(unit.name).values("Service", "StateDirectory"):
            for name in directory.split():
                assert mounts[f"/var/lib/{name}"][0].startswith("/data/"), name
    assert "/etc/NetworkManager/system-connections" in mounts


def test_every_directory_that_is_bound_is_made() -> None:
    made = {
        line.split()[1]
        for line in (ONE_SLOT / "usr/lib/gapura/data.tmpfiles").read_text().splitlines()
        if line.startswith("d ")
    }
    bound = {what for what, kind, _ in _mounts().values() if kind == "none"}
    assert bound == made


def test_without_its_data_the_machine_starts_but_mounts_nothing_else_in_its_place() -> None:
    for where, (_, kind, options) in _mounts().items():
        assert "nofail" in options.split(","), where
        if kind == "none":
            assert "x-systemd.requires=gapura-data.service" in options, where


def test_who_reads_what_is_mounted_waits_for_it() -> None:
    """`nofail` takes away the order that a file system in fstab has by itself."""
    mounts = _mounts()
    for where, reader in (
        ("/boot/firmware", "gapura-firstboot.service"),
        ("/etc/gapura", "gapura-kiosk.service"),
        ("/etc/gapura", "gapura-sync.service"),
        ("/etc/NetworkManager/system-connections", "NetworkManager.service"),
    ):
        assert f"x-systemd.before={reader}" in mounts[where][2].split(","), (where, reader)


def test_the_door_finds_a_configuration() -> None:
    made = (ONE_SLOT / "usr/lib/gapura/data.tmpfiles").read_text()
    assert "\nf     /data/configuration/kiosk.toml " in made


def test_labels_are_those_that_the_partitions_get() -> None:
    mounts = _mounts()
    assert mounts["/boot/firmware"][0] == f"LABEL={BOOT_LABEL}"
    assert mounts["/data"][0] == f"PARTUUID={plan(1).data.partuuid}"
    assert (
        DATA_LABEL
        in (ONE_SLOT / "etc/initramfs-tools/scripts/init-bottom/gapura-overlay").read_text()
    )
    # A partition with the label of a USB stick would be taken for one.
    assert BOOT_LABEL != "GAPURA"
    assert len(BOOT_LABEL) <= 11


def test_logs_stay_in_memory_and_a_hung_machine_restarts() -> None:
    etc = recipe.STEPS / "overlay" / "etc"
    drop_ins = {path.parent.name: path for path in etc.rglob("50-gapura.conf")}
    assert "Storage=volatile" in drop_ins["journald.conf.d"].read_text()
    assert re.search(
        r"^RuntimeWatchdogSec=\d+s$", drop_ins["system.conf.d"].read_text(), re.MULTILINE
    )
    assert "wifi.powersave=2" in drop_ins["conf.d"].read_text()


@pytest.mark.parametrize("account", ["root"])
def test_nobody_can_sign_in(account: str) -> None:
    install = (recipe.STEPS / "install.sh").read_text()
    assert f"passwd --quiet --lock {account}" in install
    assert "mask --quiet getty@.service serial-getty@.service" in install


def test_programs_that_steps_call_are_in_the_packages() -> None:
    """Sfdisk and partx grow the card; systemd-tmpfiles and mkfs come with what is listed."""
    listed = recipe.packages("packages.list")
    assert {"fdisk", "dosfstools", "e2fsprogs", "systemd", "udev", "python3-venv"} <= set(listed)
