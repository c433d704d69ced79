"""What each process has and has not: broken into, it can do no more than its own work."""

import pytest

from tests.systemd_units.unit_file import KIOSK_UNITS, LASTING, UnitFile, read_unit

DOOR, COURIER = read_unit("gapura-kiosk.service"), read_unit("gapura-sync.service")
NAMES = [unit.name for unit in KIOSK_UNITS]


def test_the_door_has_no_network() -> None:
    assert DOOR.service("PrivateNetwork") == "yes"
    assert DOOR.service("IPAddressDeny") == "any"
    families = DOOR.words("Service", "RestrictAddressFamilies")
    assert set(families) == {"AF_UNIX", "AF_NETLINK"}


def test_the_door_has_camera_and_pins_and_no_other_device() -> None:
    assert DOOR.service("DevicePolicy") == "closed"
    assert sorted(DOOR.values("Service", "DeviceAllow")) == [
        "char-dma_heap rw",
        "char-gpiochip rw",
        "char-media rw",
        "char-video4linux rw",
    ]
    assert set(DOOR.words("Service", "SupplementaryGroups")) == {"gapura", "video", "gpio"}


def test_the_door_may_ask_how_far_the_clock_is_trusted_and_not_set_it() -> None:
    filters = DOOR.values("Service", "SystemCallFilter")
    # A later line takes back what an earlier one refused.
    assert filters.index("~@privileged @resources") < filters.index("adjtimex clock_adjtime")
    assert DOOR.values("Service", "ProtectClock") == ()
    assert DOOR.service("CapabilityBoundingSet") == ""


def test_the_courier_has_neither_camera_nor_pins_nor_journal() -> None:
    assert COURIER.service("DevicePolicy") == "closed"
    assert COURIER.service("PrivateDevices") == "yes"
    assert COURIER.values("Service", "DeviceAllow") == ()
    assert COURIER.words("Service", "SupplementaryGroups") == ["gapura"]
    assert COURIER.service("InaccessiblePaths") == f"-/var/lib/{DOOR.service('StateDirectory')}"


@pytest.mark.parametrize("name", [*LASTING, "gapura-reboot-guard.service"])
def test_a_process_is_its_own_user_without_privileges(name: str) -> None:
    unit = read_unit(name)
    own = name.removesuffix(".service").replace("reboot-", "")
    assert (unit.service("User"), unit.service("Group")) == (own, own)
    assert unit.service("CapabilityBoundingSet") == unit.service("AmbientCapabilities") == ""
    assert unit.service("NoNewPrivileges") == "yes"
    assert unit.service("StateDirectoryMode") == "0700"


@pytest.mark.parametrize("name", NAMES)
def test_memory_never_reaches_the_card(name: str) -> None:
    unit = read_unit(name)
    assert unit.service("LimitCORE") == "0"
    assert unit.service("MemorySwapMax") == "0"


@pytest.mark.parametrize("name", LASTING)
def test_no_process_waits_for_the_network_the_time_or_the_other(name: str) -> None:
    unit = read_unit(name)
    for key in ("After", "Requires", "Wants", "BindsTo", "PartOf", "Requisite", "Upholds"):
        assert unit.values("Unit", key) == ()


HELPER, STATUS = read_unit("gapura-firstboot.service"), read_unit("gapura-status.service")


def test_the_setup_helper_may_set_the_clock_and_write_profiles_and_no_more() -> None:
    assert HELPER.service("CapabilityBoundingSet") == "CAP_SYS_TIME"
    assert HELPER.words("Service", "ReadWritePaths") == [
        "-/etc/NetworkManager/system-connections",
        "-/boot/firmware",
    ]
    assert HELPER.service("DeviceAllow") == "char-rtc r"


@pytest.mark.parametrize("unit", [HELPER, STATUS], ids=["firstboot", "status"])
def test_what_runs_as_root_has_neither_network_nor_the_doors_files(unit: UnitFile) -> None:
    assert unit.service("User") == "root"
    assert unit.service("PrivateNetwork") == "yes"
    assert unit.words("Service", "InaccessiblePaths") == [
        "-/var/lib/gapura",
        "-/var/lib/gapura-sync",
    ]
    assert "CAP_DAC" not in unit.service("CapabilityBoundingSet")


def test_no_unit_runs_a_shell() -> None:
    for name in NAMES:
        for key in ("ExecStart", "ExecStartPre", "ExecStopPost"):
            for words in read_unit(name).values("Service", key):
                assert "/sh" not in words
                assert "bash" not in words
