"""Each rule is raised, and cleared, by what a kiosk really sends or fails to send."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation

from sync.hub.fleet.health.catalogue import BY_NAME, HUB_RULES, RULES
from sync.hub.fleet.health.models import Severity
from sync.hub.fleet.health.rules.key_expiry import judge_keys
from sync.hub.fleet.models import Device, Site
from sync.hub.keyring import Keyring
from sync.wire.batch import Reading, State
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door, take
from tests.sync.hub.fleet.health.watching import DAY, HOUR, MINUTE, Watched, raised

OK, BAD, UNKNOWN = State.OK, State.BAD, State.UNKNOWN
WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL

# Rule; a reading that is well, one that is a warning if there is any, one that is critical if any.
_Bad = tuple[State, int | None] | None
_Case = tuple[str, tuple[str, State, int | None], _Bad, _Bad]
_BY_READING: list[_Case] = [
    ("frame_age", ("frame_age_ms", OK, 9_999), (OK, 10_000), (BAD, 30_000)),
    ("frame_age", ("frame_age_ms", OK, 40), None, (BAD, None)),
    ("temperature", ("temperature_c", OK, 74), (OK, 75), (BAD, 80)),
    ("under_voltage", ("under_voltage", OK, 0), (BAD, 0), (BAD, 1)),
    ("storage", ("card_errors", OK, 0), None, (BAD, 3)),
    ("damaged_journal", ("damaged_journals", OK, 0), None, (BAD, 1)),
    ("journal", ("backlog_entries", OK, 0), None, (BAD, None)),
    ("disk_free", ("disk_free_percent", OK, 16), (OK, 15), (OK, 5)),
    ("disk_free", ("disk_free_percent", OK, 16), None, (BAD, None)),
    ("rtc_battery", ("rtc_battery_mv", OK, 3_000), (BAD, 2_000), None),
    ("lamp", ("lamp", OK, None), None, (BAD, None)),
    ("courier", ("courier_misdeeds", OK, 0), None, (BAD, 12)),
]


@pytest.mark.parametrize("case", _BY_READING, ids=lambda case: case[0])
def test_a_reading_raises_and_clears(case: _Case, hub: Watched, door: FakeDoor) -> None:
    rule, (name, state, value), warning, critical = case
    hub.hear(door, Reading(name, state, value))
    assert rule not in raised()
    for severity, bad in ((WARNING, warning), (CRITICAL, critical)):
        if bad is not None:
            hub.hear(door, Reading(name, *bad))
            assert raised().get(rule) == severity
    hub.hear(door, Reading(name, UNKNOWN))
    assert rule in raised()
    hub.hear(door, Reading(name, state, value))
    hub.hear(door, Reading(name, state, value), after=5 * MINUTE)
    assert rule not in raised()


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("lens_dark", WARNING),
        ("lens_blocked", CRITICAL),
        ("lens_blurred", WARNING),
        ("lens_frozen", CRITICAL),
        ("lens_overexposed", WARNING),
        ("lens_moved", WARNING),
        ("decoder", WARNING),
    ],
)
def test_what_may_pass_is_raised_after_half_an_hour(
    name: str, severity: Severity, hub: Watched, door: FakeDoor
) -> None:
    check = "decoder_restarts" if name == "decoder" else name
    hub.hear_for(20 * MINUTE, door, Reading(check, BAD))
    assert name not in raised()
    hub.hear(door, Reading(check, OK))
    hub.hear_for(30 * MINUTE, door, Reading(check, BAD))
    assert raised()[name] == severity
    hub.hear_for(10 * MINUTE, door, Reading(check, OK))
    assert name not in raised()


def test_a_clock_is_given_time_to_be_set(hub: Watched, door: FakeDoor) -> None:
    """Seventeen minutes from the start; then an error of 30 s is told, and none at all is worse."""
    hub.hear(door, Reading("clock_width_ms", BAD))
    assert "clock" not in raised()
    hub.hear(door, Reading("clock_width_ms", BAD), after=17 * MINUTE)
    assert raised()["clock"] == CRITICAL
    hub.hear(door, Reading("clock_width_ms", OK, 62_000))
    assert raised()["clock"] == WARNING
    hub.hear_for(10 * MINUTE, door, Reading("clock_width_ms", OK, 60_000))
    assert "clock" not in raised()


def test_a_kiosk_that_is_not_heard_of(hub: Watched, door: FakeDoor) -> None:
    """Late after a quarter of an hour, silent after one, well with the first word."""
    hub.hear(door)
    hub.judge(14 * MINUTE)
    assert "last_seen" not in raised()
    hub.judge(MINUTE)
    assert raised()["last_seen"] == WARNING
    hub.judge(45 * MINUTE)
    assert raised()["last_seen"] == CRITICAL
    hub.hear(door)
    assert "last_seen" not in raised()


def test_an_old_batch_makes_no_kiosk_look_alive(hub: Watched, door: FakeDoor) -> None:
    """Somebody shows again what the kiosk sent an hour ago."""
    hub.hear(door)
    old = door.batch()
    hub.clock.pass_by(HOUR)
    take(door.post(old))
    hub.judge()
    assert raised()["last_seen"] == CRITICAL


def test_a_site_without_internet_waits_for_its_stick(hub: Watched, door: FakeDoor) -> None:
    Site.objects.update(has_internet=False)
    hub.hear(door)
    hub.judge(6 * DAY)
    assert raised() == {}
    hub.judge(DAY)
    assert raised() == {"last_stick": WARNING}
    hub.judge(7 * DAY)
    assert raised() == {"last_stick": CRITICAL}
    hub.hear(door)
    assert "last_stick" not in raised()


def test_visits_that_cannot_be_sent(hub: Watched, door: FakeDoor) -> None:
    """The kiosk is heard of, but does not get rid of what it has."""
    door.see(5)
    hub.hear_for(50 * MINUTE, door)
    assert "oldest_unsent" not in raised()
    hub.hear_for(10 * MINUTE, door)
    assert raised()["oldest_unsent"] == WARNING
    hub.clock.pass_by(23 * HOUR)
    hub.hear(door)
    assert raised()["oldest_unsent"] == CRITICAL
    take(door.send())
    hub.hear_for(10 * MINUTE, door)
    assert "oldest_unsent" not in raised()


def test_a_kiosk_that_starts_again_and_again(hub: Watched, door: FakeDoor) -> None:
    hub.hear(door)
    for _ in range(2):
        door.start()
        hub.hear(door)
    assert "reboots" not in raised()
    door.start()
    hub.hear(door)
    assert raised()["reboots"] == WARNING
    for _ in range(3):
        door.start()
        hub.hear(door)
    assert raised()["reboots"] == CRITICAL
    hub.hear(door, after=25 * HOUR)
    hub.hear(door, after=5 * MINUTE)
    assert "reboots" not in raised()


def test_a_kiosk_with_other_software_than_most(
    hub: Watched, door: FakeDoor, keyring: Keyring
) -> None:
    """A week after most have moved on."""
    others = [an_enrolled_door(keyring, label) for label in ("Selatan", "Timur")]

    def hear(software: str) -> None:
        hub.hear(door)
        for other in others:
            take(other.heartbeat(software=software))
            take(other.heartbeat(software=software))
        hub.judge()

    hear("0.2.0")
    hub.clock.pass_by(7 * DAY)
    hear("0.2.0")
    assert raised()["version_drift"] == WARNING
    hear("0.1.0")
    hub.clock.pass_by(5 * MINUTE)
    hear("0.1.0")
    assert "version_drift" not in raised()


def test_a_kiosk_that_does_not_take_the_rules(hub: Watched, door: FakeDoor) -> None:
    hub.hear(door)
    Device.objects.update(issued_version=2, issued_at=hub.clock())
    Device.objects.update(issued_digest=bytes(32))
    hub.hear_for(50 * MINUTE, door)
    assert "rules_taken" not in raised()
    hub.hear_for(HOUR, door)
    assert raised()["rules_taken"] == WARNING
    hub.hear(door, after=24 * HOUR)
    assert raised()["rules_taken"] == CRITICAL
    door.bundle_version = door.row.issued_version
    hub.hear_for(10 * MINUTE, door)
    assert "rules_taken" not in raised()


def test_a_kiosk_without_rules_is_urgent(hub: Watched, door: FakeDoor) -> None:
    hub.hear(door, Reading("bundle_version", BAD))
    assert raised()["rules_taken"] == CRITICAL


@pytest.mark.parametrize(
    ("days", "severity"), [(31, None), (30, WARNING), (8, WARNING), (7, CRITICAL), (-1, CRITICAL)]
)
def test_a_key_that_ends_soon(days: int, severity: Severity | None, keyring: Keyring) -> None:
    """The one that ends first counts; an older key of a purpose that has a newer one does not."""
    keys = keyring.key_list.keys
    end_s = int((NOW + timedelta(days=days)).timestamp())
    changed = replace(keyring.key_list, keys=(replace(keys[0], not_after_s=end_s), *keys[1:]))
    assert judge_keys(changed, NOW).severity == severity


def test_the_hubs_own_keys_are_watched(hub: Watched, keyring: Keyring, clock: PinnedClock) -> None:
    end_s = min(key.not_after_s for key in keyring.key_list.keys)
    hub.judge(timedelta(seconds=end_s - int(clock().timestamp())) - 20 * DAY)
    assert raised() == {"key_expiry": WARNING}


@pytest.mark.parametrize("rule", [*RULES, *HUB_RULES], ids=lambda rule: rule.name)
def test_a_rule_says_what_is_wrong_and_what_to_do(rule: object) -> None:
    """In both languages."""
    found = BY_NAME[getattr(rule, "name")]  # noqa: B009
    for text in (found.said, found.todo):
        with translation.override("en"):
            english = str(text)
        with translation.override("id"):
            assert english
            assert str(text) != english
