"""A code held or shown again within 10 s is one visit; the memory of codes is bounded."""

from kiosk.scanning.repeats import Repeats, Sighting


def test_a_code_held_for_a_minute_is_one_visit() -> None:
    repeats = Repeats()
    assert repeats.sight(b"a", 1000) is Sighting.FIRST
    held = {repeats.sight(b"a", 1000 + frame * 66) for frame in range(1, 900)}
    assert held == {Sighting.HELD}


def test_a_code_shown_again_within_ten_seconds_is_the_same_visit() -> None:
    repeats = Repeats()
    repeats.sight(b"a", 0)
    assert repeats.sight(b"a", 10_000) is Sighting.AGAIN
    assert repeats.sight(b"a", 20_001) is Sighting.FIRST


def test_two_people_one_after_the_other_are_two_visits() -> None:
    repeats = Repeats()
    assert repeats.sight(b"a", 0) is Sighting.FIRST
    assert repeats.sight(b"b", 100) is Sighting.FIRST
    assert repeats.sight(b"a", 200) is Sighting.HELD


def test_memory_is_bounded_and_the_oldest_is_forgotten_first() -> None:
    repeats = Repeats(most=3)
    for number in range(4):
        repeats.sight(bytes([number]), number)
    assert repeats.sight(b"\x01", 5) is Sighting.HELD
    assert repeats.sight(b"\x00", 6) is Sighting.FIRST


def test_no_payload_is_kept() -> None:
    repeats = Repeats()
    repeats.sight(b"GPS1:RAHASIA", 0)
    assert "RAHASIA" not in repr(vars(repeats))
