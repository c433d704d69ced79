"""The drivers for a Raspberry Pi on lines of a real kernel; the kernel's watchdog bites."""

import pytest

from tests.machine.guest import BUZZER, GREEN, RED
from tests.machine.machine import KERNEL, boot

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not KERNEL.exists(), reason="no kernel to run; script/test-long machine builds one"
    ),
]


def test_the_lamp_lights_its_lines() -> None:
    seen = boot("lamp")
    assert seen.only("ended") == "lamp", seen.said
    assert seen.all("lamp") == [
        [red, green, int(red), int(green)] for red in (False, True) for green in (False, True)
    ]
    assert f"GPIO{RED}" in str(seen.only("taken"))
    assert seen.only("dark") == [0, 0]
    assert GREEN != RED


def test_the_buzzer_makes_its_line_go_up_and_down() -> None:
    seen = boot("buzzer")
    assert seen.only("ended") == "buzzer", seen.said
    heard = [tuple(edges) for edges in seen.all("edges") if isinstance(edges, list)]
    (tone, sounding), quiet = heard
    assert tone == 220, BUZZER
    # Two edges a wave: 220 in half a second, as far as they are looked at often enough.
    assert 20 < sounding <= 330
    assert quiet == (None, 0)


def test_a_press_is_read_once() -> None:
    seen = boot("button")
    assert seen.only("ended") == "button", seen.said
    assert seen.only("presses") == 3
    assert seen.only("bounced") == 4
    assert seen.only("closed") == 4


def test_a_frozen_machine_starts_anew() -> None:
    """As long as it is fed the watchdog lets be; nobody else ends the machine."""
    seen = boot("watchdog", "softdog.soft_margin=8")
    assert seen.all("fed"), seen.said
    assert not seen.all("ended")
    frozen = seen.all("frozen")
    assert frozen, seen.said
    assert float(str(frozen[-1])) < 12
    assert "softdog: Initiating system reboot" in seen.said
