"""Each rule is raised, and cleared, by what a kiosk really sends or fails to send."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation

from sync.hub.fleet.health.catalogue import BY_NAME, HUB_RULES, RULES
from sync.hub.fleet.health.models import Severity
from sync.hub.fleet.health.rules.key_expiry import judge_keys
from sync.hub.fleet.models import Device, Site
from sync.hub.ingest.boards import approve_board
from sync.hub.keyring import Keyring
from sync.wire.batch import Reading, State
from sync.wire.entry import Kind
from sync.wire.happenings import Happening
from sync.wire.visit import Event
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
    ("update", ("update_version", OK, 1_000), (BAD, 2_000), None),
    ("lamp", ("lamp", OK, None), None, (BAD, None)),
    ("courier", ("courier_misdeeds", OK, 0), None, (BAD, 12)),
    ("slow_card", ("commit_ms", OK, 249), (OK, 250), (BAD, 1_000)),
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


def test_a_weak_wifi_is_raised_after_half_an_hour(hub: Watched, door: FakeDoor) -> None:
    """From -72 dBm on, and worse from -80; a cable says nothing of it."""

    def hear(dbm: int, span: timedelta = 40 * MINUTE) -> None:
        hub.hear_for(span, door, Reading("wifi_dbm", BAD if dbm <= -80 else OK, dbm))

    hear(-71)
    assert "radio" not in raised()
    hear(-72, 20 * MINUTE)
    assert "radio" not in raised()
    hear(-79, 20 * MINUTE)
    assert raised()["radio"] == WARNING
    hear(-80)
    assert raised()["radio"] == CRITICAL
    hub.hear_for(20 * MINUTE, door, Reading("wifi_dbm", UNKNOWN))
    assert raised()["radio"] == CRITICAL
    hear(-71)
    assert "radio" not in raised()


def _begin_journal(door: FakeDoor, board: str) -> None:
    """Begin an epoch as the door does: with the board that it is written on."""
    door.begin_epoch()
    door.write(Event(Happening.BOARD, detail=board).to_bytes(), Kind.EVENT)
    take(door.send())


def test_another_board_waits_for_somebody_to_approve_it(hub: Watched, door: FakeDoor) -> None:
    """Its visits are taken meanwhile: nobody's are lost over it."""
    _begin_journal(door, "board 1, card 2")
    hub.hear(door)
    assert "board" not in raised()
    _begin_journal(door, "board 9, card 2")
    hub.hear(door)
    assert raised()["board"] == CRITICAL
    door.see()
    assert take(door.send()).acked_through == 2
    assert not approve_board(door.row.pk, "board 7, card 2", hub.clock())
    assert approve_board(door.row.pk, "board 9, card 2", hub.clock())
    assert not approve_board(door.row.pk, "board 9, card 2", hub.clock())
    hub.hear_for(10 * MINUTE, door)
    assert "board" not in raised()
    assert door.row.hardware == "board 9, card 2"


def test_a_board_that_comes_back_needs_nobody(hub: Watched, door: FakeDoor) -> None:
    _begin_journal(door, "board 9, card 2")
    hub.hear(door)
    assert "board" in raised()
    _begin_journal(door, "board 1, card 2")
    hub.hear_for(10 * MINUTE, door)
    assert "board" not in raised()


def test_a_copy_of_a_card_is_seen_beside_the_kiosk(hub: Watched, door: FakeDoor) -> None:
    """Both speak in turns; and once one of them is approved, it is the other."""
    _begin_journal(door, "board 1, card 2")
    copy = replace(door, epoch=b"another epoch 16", journal=[], runs=[])
    copy.keys, copy.known_ms = door.keys, door.known_ms
    copy.start()
    copy.write(Event(Happening.BOARD, detail="board 9, card 9").to_bytes(), Kind.EVENT)
    take(copy.send())
    for _ in range(3):
        hub.hear(copy)
        copy.known_ms = door.known_ms = max(copy.known_ms, door.known_ms)
        hub.hear(door)
        copy.known_ms = door.known_ms = max(copy.known_ms, door.known_ms)
        assert "board" in raised()
    assert approve_board(door.row.pk, "board 9, card 9", hub.clock())
    hub.hear(door)
    assert "board" in raised()


def test_what_was_carried_speaks_of_another_epoch(hub: Watched, door: FakeDoor) -> None:
    _begin_journal(door, "board 1, card 2")
    door.begin_epoch(carried=1)
    door.write(Event(Happening.BOARD, detail="board 9, card 2").to_bytes(), Kind.EVENT)
    take(door.send())
    hub.hear(door)
    assert raised()["board"] == CRITICAL


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
    hub.hear_for(10 * MINUTE, door, Reading("bundle_version", OK, 1))
    assert "rules_taken" not in raised()


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
    later_s = end_s + 365 * 86_400
    renewed = tuple(replace(key, not_after_s=later_s) for key in keyring.key_list.keys)
    keyring = replace(keyring, key_list=replace(keyring.key_list, keys=renewed))
    for _ in range(2):
        hub.clock.pass_by(5 * MINUTE)
        hub.watch.round(hub.clock(), keyring)
    assert raised() == {}


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
