"""Whatever is killed and whenever: what the door recorded reaches the hub exactly once."""

import random
import time
from collections.abc import Callable
from typing import Any

from demo_hub import DemoHub
from demo_kiosk import DemoKiosk

from tests.system.waiting import has_recorded

SHOWN_MS = 1800


def visitors(hub: DemoHub, count: int) -> list[str]:
    return [
        hub.issue("--type", "visitor", "--label", f"Contoh {number}", "--days", "1")["pass"]
        for number in range(count)
    ]


def judged(status: dict[str, Any]) -> int:
    """Return how many codes this process of the door has judged."""
    return sum(status["counts"].values())


def boot_ms() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


def is_newer_than(asked_ms: int) -> Callable[[dict[str, Any]], bool]:
    return lambda status: bool(status["boot_ms"] > asked_ms)


def has_judged_more_than(count: int) -> Callable[[dict[str, Any]], bool]:
    return lambda status: judged(status) > count


def wait_for_everything(hub: DemoHub, kiosk: DemoKiosk, recorded: int) -> None:
    assert kiosk.wait_for(lambda status: status["backlog"] == 0, 60), kiosk.status()
    assert hub.arrived() == recorded
    (device,) = hub.status()["devices"]
    # What the kiosk tells of itself lies between the visits.
    (epoch,) = device["epochs"]
    assert epoch["entries"] == epoch["acked_through"] > recorded
    assert hub.status()["rejected"] == hub.status()["conflicts"] == 0


def test_killing_door_and_courier_at_any_moment_loses_and_doubles_nothing(
    hub: DemoHub, enrolled: DemoKiosk
) -> None:
    chance = random.Random(20261121)
    for number, payload in enumerate(visitors(hub, 6)):
        asked_ms = boot_ms()
        assert enrolled.wait_for(is_newer_than(asked_ms), 20)
        before = judged(enrolled.status())
        enrolled.show(payload, for_ms=SHOWN_MS)
        time.sleep(chance.uniform(0.6, 2.2))
        if number % 2:
            enrolled.kill_courier()
            enrolled.start_courier()
            assert enrolled.wait_for(has_judged_more_than(before), 20)
        else:
            enrolled.kill_door()
            enrolled.start_door()
        assert enrolled.wait_for(lambda status: status["state"] == "ready", 30)
        enrolled.wait_until_the_stage_is_empty()
    recorded = enrolled.journal_length()
    assert recorded >= 3
    wait_for_everything(hub, enrolled, recorded)


def test_the_door_does_not_notice_that_the_hub_is_gone(hub: DemoHub, enrolled: DemoKiosk) -> None:
    first, second, third = visitors(hub, 3)
    enrolled.show(first, for_ms=SHOWN_MS)
    assert enrolled.wait_for(has_recorded(1), 20)
    port = int(hub.url.rsplit(":", 1)[1])
    hub.stop()
    for number, payload in enumerate((second, third), 2):
        enrolled.show(payload, for_ms=SHOWN_MS)
        assert enrolled.wait_for(has_recorded(number), 20)
        assert enrolled.status()["counts"]["ADMIT"] == number
        enrolled.wait_until_the_stage_is_empty()
    assert enrolled.wait_for(lambda status: status["state"] == "ready", 30)
    hub.start(port)
    wait_for_everything(hub, enrolled, 3)
