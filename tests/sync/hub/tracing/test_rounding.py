"""No published figure tells of few people, nor do any that are held against each other."""

from collections import Counter
from itertools import combinations, product

from sync.hub.tracing.rounding import FEW, STEP, as_published, rounded

_KEYS = [number.to_bytes(4) for number in range(2_000)]


def test_a_count_becomes_one_of_its_two_neighbours() -> None:
    """Multiples of five stay what they are; asked again, the answer is the same."""
    for count in range(100):
        told = {rounded(count, "an hour", key) for key in _KEYS[:200]}
        below = count - count % STEP
        assert told == ({below} if count == below else {below, below + STEP})
        assert rounded(count, "an hour", _KEYS[0]) == rounded(count, "an hour", _KEYS[0])


def test_sums_are_right_on_average() -> None:
    """The nearer neighbour is the likelier one, in proportion."""
    for count in range(1, STEP):
        mean = sum(rounded(count, "an hour", key) for key in _KEYS) / len(_KEYS)
        assert abs(mean - count) < 0.25


def test_none_and_a_few_look_the_same() -> None:
    assert as_published(0) == FEW == "<5"
    assert as_published(5) == "5"


def test_what_is_published_leaves_every_small_count_open() -> None:
    """Of all tables of three hours (0 to 9 people in each) with all their sums: whatever is shown,
    an hour that may have one to four people may have each of one, two, three and four.
    """
    behind: dict[tuple[int, ...], set[tuple[int, ...]]] = {}
    for counts in product(range(10), repeat=3):
        for shown in product(*(_neighbours(count) for count in counts)):
            sums = (sum(shown), *(one + other for one, other in combinations(shown, 2)))
            behind.setdefault((*shown, *sums), set()).add(counts)
    assert len(behind) == 27
    for tables in behind.values():
        for place in range(3):
            possible = {counts[place] for counts in tables}
            assert not possible & {1, 2, 3, 4} or possible >= {1, 2, 3, 4}


def _neighbours(count: int) -> set[int]:
    return {rounded(count, "an hour", key) for key in _KEYS[:200]}


def test_true_totals_would_have_told() -> None:
    """The check above finds what it is for: with the true total beside them, hours are told."""
    behind: Counter[tuple[int, int, int]] = Counter()
    for one, other in product(range(1, 5), repeat=2):
        behind[0, 0, one + other] += 1
    assert behind[0, 0, 8] == 1
