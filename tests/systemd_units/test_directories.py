"""Where the processes meet: each writes into a directory of its own, and reads the other's."""

import stat
from pathlib import Path

from kiosk.config import KioskSection
from kiosk.courier.server import CourierServer
from kiosk.handover import CARD_FILE, ENROLLED_FILE
from provisioning.__main__ import build_parser
from provisioning.firstboot.network import COUNTRY_FILE
from sync.uplink.__main__ import RUN_DIR, STATE_DIR
from sync.uplink.door import DoorSocket, hello
from sync.wire.link import Answer
from tests.systemd_units.unit_file import KIOSK_UNITS, read_table, read_unit

DOOR, COURIER = read_unit("gapura-kiosk.service"), read_unit("gapura-sync.service")
MADE = {path: (kind, mode, user, group, target) for kind, path, mode, user, group, _, target in (
    [*row, ""][:7] for row in read_table("gapura.tmpfiles")
)}  # fmt: skip


def _path(unit_path: str) -> str:
    return unit_path.replace("%t", "/run")


def test_the_programs_find_their_directories_without_being_told() -> None:
    assert f"/var/lib/{DOOR.service('StateDirectory')}" == KioskSection().state_dir
    assert _path(DOOR.service("ReadWritePaths")) == KioskSection().run_dir == str(RUN_DIR)
    assert f"/var/lib/{COURIER.service('StateDirectory')}" == str(STATE_DIR)


def test_nobody_writes_where_the_other_does() -> None:
    for unit in (DOOR, COURIER):
        writable, *sticks = unit.values("Service", "ReadWritePaths")
        assert all(MADE[_path(path.lstrip("-"))][2] == "root" for path in sticks)
        kind, mode, user, group, _ = MADE[_path(writable)]
        assert (kind, user, group) == ("d", unit.service("User"), "gapura")
        bits = int(mode, 8)
        assert bits & stat.S_ISGID
        assert bits & stat.S_IRWXG == stat.S_IRGRP | stat.S_IXGRP
        assert not bits & stat.S_IRWXO
        # What is made inside is for the group to read, and for no other.
        assert unit.service("UMask") == "0027"


def test_the_pipe_of_the_pins_is_the_doors_alone() -> None:
    assert DOOR.service("WorkingDirectory") == f"%t/{DOOR.service('RuntimeDirectory')}"
    assert DOOR.service("RuntimeDirectoryMode") == "0700"


def test_every_user_and_group_is_made() -> None:
    rows = read_table("gapura.sysusers")
    users = {row[1] for row in rows if row[0] == "u"}
    groups = {row[1] for row in rows if row[0] in {"u", "g"}}
    members = {(row[1], row[2]) for row in rows if row[0] == "m"}
    assert users == {read_unit(unit.name).service("User") for unit in KIOSK_UNITS} - {"root"}
    for unit in (DOOR, COURIER):
        assert set(unit.words("Service", "SupplementaryGroups")) <= groups
        assert (unit.service("User"), "gapura") in members


def _make_links(root: Path) -> None:
    """Do what systemd-tmpfiles does, below `root`."""
    for path, (kind, *_, target) in MADE.items():
        made = root / path.removeprefix("/run/")
        if kind == "d":
            made.mkdir()
        else:
            assert kind in {"L", "L+"}
            made.symlink_to(target)


def test_links(tmp_path: Path) -> None:
    """The courier reaches the door's socket from its directory, and its status is seen in the
    door's.
    """
    _make_links(tmp_path)
    argument = COURIER.service("ExecStart").split("--run-dir %t/")[1]
    server = CourierServer(tmp_path / "gapura/courier.sock", lambda _: Answer(hub_url="http://h"))
    try:
        answer = DoorSocket(tmp_path / argument / "courier.sock").ask(hello())
    finally:
        server.close()
    assert answer.hub_url == "http://h"
    beside = tmp_path / argument / "sync.new"
    beside.write_text("{}")
    beside.replace(tmp_path / argument / "sync.json")
    assert (tmp_path / "gapura/sync.json").read_text() == "{}"


def test_the_setup_helper_and_the_door_find_each_other() -> None:
    helper = read_unit("gapura-firstboot.service")
    assert f"/run/{helper.service('RuntimeDirectory')}" == KioskSection().setup_dir
    options = build_parser().parse_args(["firstboot"])
    assert str(options.run_dir) == str(options.given) == KioskSection().setup_dir
    assert str(options.state_dir) == f"/var/lib/{helper.service('StateDirectory')}"
    taken = " ".join(helper.values("Service", "ExecStartPre"))
    for name in (CARD_FILE, ENROLLED_FILE):
        assert f"mv -fT %t/gapura/{name} %t/gapura-firstboot/{name}" in taken
    assert f"of={options.stick_card} ".replace("/run", "%t") in taken
    country = str(options.state_dir / COUNTRY_FILE)
    assert read_unit("gapura-wifi-country.service").service("EnvironmentFile") == country
    assert read_unit("gapura-wifi-country.path").value("Path", "PathChanged") == country
