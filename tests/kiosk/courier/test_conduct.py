"""What a courier does wrong is counted for an hour, and named once it is no accident."""

from kiosk.courier.conduct import REMEMBERED_MS, Conduct, Misdeed
from kiosk.health.courier import MANY, CourierCheck
from sync.wire.batch import State


class _Clock:
    boot_ms = 5_000


def test_a_few_misdeeds_are_no_fault_and_many_are() -> None:
    conduct = Conduct(lambda: _Clock.boot_ms)
    check = CourierCheck(conduct.lately)
    assert conduct.lately() == (0, "")
    for _ in range(MANY - 1):
        conduct.note(Misdeed.GARBAGE)
    found = check.find()
    assert (found.state, found.value, found.advice) == (State.OK, MANY - 1, "")
    conduct.note(Misdeed.FORGED)
    found = check.find()
    assert (found.check, found.state, found.value) == ("courier_misdeeds", State.BAD, MANY)
    assert Misdeed.GARBAGE.value in found.said
    assert found.advice


def test_they_are_forgotten_after_an_hour() -> None:
    clock = _Clock()
    conduct = Conduct(lambda: clock.boot_ms)
    for _ in range(MANY):
        conduct.note(Misdeed.SLOW)
    clock.boot_ms += REMEMBERED_MS
    assert conduct.lately() == (MANY, Misdeed.SLOW.value)
    clock.boot_ms += 1
    assert conduct.lately() == (0, "")


def test_ten_thousand_take_no_more_room_than_a_thousand() -> None:
    conduct = Conduct(lambda: 0)
    for _ in range(10_000):
        conduct.note(Misdeed.FLOOD)
    assert conduct.lately() == (1_000, Misdeed.FLOOD.value)
