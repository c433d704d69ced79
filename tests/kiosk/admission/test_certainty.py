"""An instant has come, has not, or may have: by the ends of the interval, both included."""

import pytest

from kiosk.admission.certainty import Certainty, all_or_none, has_come, is_over

ALWAYS, NEVER, MAYBE = Certainty.ALWAYS, Certainty.NEVER, Certainty.MAYBE


@pytest.mark.parametrize(
    ("instant_ms", "earliest_ms", "latest_ms", "come", "over"),
    [
        (5, 6, 9, ALWAYS, ALWAYS),
        (5, 5, 9, ALWAYS, MAYBE),
        (5, 5, 5, ALWAYS, NEVER),
        (5, 4, 5, MAYBE, NEVER),
        (5, 4, 6, MAYBE, MAYBE),
        (5, 1, 4, NEVER, NEVER),
        (5, 1, None, MAYBE, MAYBE),
        (5, 5, None, ALWAYS, MAYBE),
        (5, 6, None, ALWAYS, ALWAYS),
    ],
)
def test_the_ends_of_the_interval_decide(
    instant_ms: int, earliest_ms: int, latest_ms: int | None, come: Certainty, over: Certainty
) -> None:
    assert has_come(instant_ms, earliest_ms, latest_ms) is come
    assert is_over(instant_ms, earliest_ms, latest_ms) is over


def test_parts_that_differ_are_uncertain() -> None:
    assert all_or_none([True, True]) is ALWAYS
    assert all_or_none([False]) is NEVER
    assert all_or_none([True, False]) is MAYBE
    assert all_or_none([]) is MAYBE
