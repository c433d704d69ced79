from hypothesis import given
from hypothesis import strategies as st

from sync.hub.ingest.settled import Settled

_RANGES = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 12)).map(lambda pair: (pair[0], sum(pair)))
)


@given(_RANGES)
def test_it_is_a_set_of_numbers(ranges: list[tuple[int, int]]) -> None:
    """Whatever the order of the ranges: the mark is before the first gap, and the gaps are those
    of the set.
    """
    settled, numbers = Settled(0), set[int]()
    for first, last in ranges:
        settled = settled.with_range(first, last)
        numbers |= set(range(first, last + 1))
    acked = next(number for number in range(1, 100) if number not in numbers) - 1
    missing = set(range(1, max(numbers, default=0) + 1)) - numbers
    asked = {seq for first, last in settled.missing() for seq in range(first, last + 1)}
    assert settled.acked_through == acked
    assert asked == missing


def test_what_is_missing_at_the_end_is_told_on_request() -> None:
    """A door that has more than is known here is asked for the rest."""
    settled = Settled(2, ((5, 6),))
    assert settled.missing() == ((3, 4),)
    assert settled.missing(through=9) == ((3, 4), (7, 9))
