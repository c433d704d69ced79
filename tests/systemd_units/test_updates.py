"""An update changes what door and courier run, and nothing that judges it."""

from pathlib import Path

from provisioning.commands.apply_update import UNITS as STARTED
from provisioning.image import recipe
from provisioning.updates import image, shelf
from provisioning.updates.switch import LINK
from provisioning.updates.trial import LONGEST_MS
from sync.uplink.__main__ import STATE_DIR
from sync.uplink.update_box import READY, RELEASE_DIR
from tests.systemd_units.unit_file import KIOSK_UNITS, LASTING, read_table, read_unit

RELEASE, UPDATE = read_unit("gapura-release.service"), read_unit("gapura-update.service")
BY_LINK, BUILT_IN = f"{RELEASE_DIR}/{LINK}/bin/", f"{image.PLACE}/bin/"


def test_door_and_courier_are_run_by_the_link_and_no_other_program() -> None:
    assert STARTED == LASTING
    for unit in KIOSK_UNITS:
        program = read_unit(unit.name).service("ExecStart").split()[0]
        if "/gapura" in program:
            assert program.startswith(BY_LINK if unit.name in LASTING else BUILT_IN), unit.name


def test_there_is_a_link_before_anything_is_chosen() -> None:
    rows = {row[1]: row for row in read_table("gapura.tmpfiles")}
    made = rows[str(RELEASE_DIR)]
    assert (made[0], made[2:5]) == ("d", ["0755", "root", "root"])
    link = rows[f"{RELEASE_DIR}/{LINK}"]
    # "L+" would move it back at every run of tmpfiles.
    assert (link[0], link[-1]) == ("L", str(image.PLACE))


def test_a_release_is_chosen_once_and_before_it_is_run() -> None:
    assert set(RELEASE.value("Unit", "Before").split()) == set(LASTING)
    assert RELEASE.service("RemainAfterExit") == "yes"
    assert "gapura-release.service" in UPDATE.value("Unit", "After").split()


def test_what_the_courier_leaves_is_what_is_taken() -> None:
    left = str(STATE_DIR / "update" / READY)
    assert read_unit("gapura-update.path").value("Path", "PathExists") == left
    taken = UPDATE.service("ExecStartPre")
    assert taken.endswith(f" -fT {left} {shelf.PLACE / shelf.INCOMING}")
    assert UPDATE.service("ExecStopPost").endswith(f" {shelf.PLACE / shelf.INCOMING}")
    # It is for this group to read, and moved with its owner.
    assert read_unit("gapura-sync.service").service("Group") in UPDATE.words(
        "Service", "SupplementaryGroups"
    )


def test_a_trial_that_came_to_nothing_is_repeated_without_a_restart_of_the_machine() -> None:
    assert read_unit("gapura-update.timer").value("Timer", "OnUnitInactiveSec") == "12h"


def test_root_has_no_privilege_but_its_name() -> None:
    for unit in (RELEASE, UPDATE):
        assert unit.service("CapabilityBoundingSet") == ""
        assert f"/var/lib/{unit.service('StateDirectory')}" == str(shelf.PLACE)
        assert unit.service("StateDirectoryMode") == "0755"
        assert unit.words("Service", "ReadWritePaths") == [f"%t/{RELEASE_DIR.name}"]


def test_a_release_is_taken_back_before_the_machine_is_restarted_for_it() -> None:
    """A door that crashes at each start is given up after so many; then the machine is restarted,
    three times a day at most, and those are for other faults.
    """
    for name in LASTING:
        unit = read_unit(name)
        starts = int(unit.value("Unit", "StartLimitBurst"))
        assert starts * int(unit.service("RestartSec")) * 1000 > LONGEST_MS


def test_programs_may_be_run_from_where_they_are_installed() -> None:
    """The data partition is mounted noexec, and a bind mount takes that over unless it is told."""
    lines = (recipe.STEPS / "one-slot/etc/fstab").read_text().splitlines()
    (mount,) = (line.split() for line in lines if f" {shelf.PLACE} " in line)
    options = mount[3].split(",")
    assert {"bind", "exec", "nodev", "nosuid", "nofail"} <= set(options)
    shared = recipe.STEPS / "two-slots/etc/rpi-image-gen/slot-shared.d/50-gapura.conf"
    assert f"Path={shelf.PLACE}" in shared.read_text().splitlines()


def test_the_image_knows_by_which_keys_and_runs_by_the_link() -> None:
    install = (recipe.STEPS / "install.sh").read_text()
    assert f'"$here/{image.KEYS_FILE}" "$here/{image.LIBRARIES_FILE}" {image.PLACE}/' in install
    assert f'ln -sf "{RELEASE_DIR}/{LINK}/bin/$command" /usr/bin/' in install
    assert str(shelf.PLACE) in install
    assert len(recipe.libraries_digest()) == 32
    assert Path(image.PLACE).is_absolute()
