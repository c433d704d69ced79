"""A card puts the clock forward and never back, and the clock with a battery with it."""

import struct
from pathlib import Path

import pytest

from provisioning.firstboot.timekeeping import put_forward, rtc_time, set_rtc
from provisioning.firstboot.trouble import SetupFault, Trouble
from tests.provisioning.firstboot.fake_time import FakeTime

NOON_S = 1_767_614_400  # 5 January 2026, 12:00 UTC


@pytest.mark.parametrize("behind_s", [1, 86_400, NOON_S])
def test_a_clock_that_is_behind_is_put_forward(behind_s: int) -> None:
    clock = FakeTime(NOON_S - behind_s)
    assert put_forward(clock, NOON_S)
    assert clock.was_set == [NOON_S]


@pytest.mark.parametrize("ahead_s", [0, 1, 10**9])
def test_no_card_puts_it_back(ahead_s: int) -> None:
    clock = FakeTime(NOON_S + ahead_s)
    assert not put_forward(clock, NOON_S)
    assert clock.was_set == []


def test_a_clock_that_may_not_be_set_is_a_fault_of_the_clock() -> None:
    clock = FakeTime(0)
    clock.fault = PermissionError(1, "Operation not permitted")
    with pytest.raises(SetupFault) as fault:
        put_forward(clock, NOON_S)
    assert (fault.value.trouble, fault.value.step.value) == (Trouble.CLOCK_NOT_SET, "clock")


def test_the_kernel_is_told_the_time_as_it_counts() -> None:
    """<linux/rtc.h>: seconds, minutes, hours, day, month from 0, years from 1900."""
    assert struct.unpack("9i", rtc_time(NOON_S)) == (0, 0, 12, 5, 0, 126, 0, 0, 0)


def test_the_clock_with_the_battery_is_set_and_its_fault_stops_nothing(tmp_path: Path) -> None:
    device = tmp_path / "rtc0"
    with pytest.raises(FileNotFoundError):
        set_rtc(device, NOON_S, lambda *_words: None)
    device.touch()
    told: list[tuple[int, bytes]] = []
    set_rtc(device, NOON_S, lambda _file, request, content: told.append((request, content)))
    assert told == [(0x4024700A, rtc_time(NOON_S))]

    def refuse(_file: int, _request: int, _content: bytes) -> None:
        raise OSError(22, "Invalid argument")

    set_rtc(device, NOON_S, refuse)
