from hypothesis import given
from hypothesis import strategies as st

from sync.hub.ingest.dating import (
    LATEST_MS,
    Bounds,
    Dated,
    Sighting,
    Tie,
    Ties,
    date_alone,
    date_in_order,
    narrow,
    reach,
    weigh,
)

_RECEIVED_MS = 1_800_000_000_000
_BOOTED_MS = 1_790_000_000_000


def sighting(
    boot_ms: int = 0, *ties: Tie, earliest_s: int = 0, latest_s: int | None = None
) -> Sighting:
    return Sighting(boot_ms, earliest_s, latest_s, _RECEIVED_MS, Ties(ties))


def test_the_error_grows_with_the_distance_from_the_anchor() -> None:
    """100 ppm: a tenth of a second in 1,000 seconds."""
    dated = date_alone(sighting(1_000_000, Tie(0, _BOOTED_MS, 20)))
    assert (dated.time_ms, dated.error_ms) == (_BOOTED_MS + 1_000_000, 120)
    assert dated.bounds == Bounds(_BOOTED_MS + 999_880, _BOOTED_MS + 1_000_120)


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**5)), min_size=1, max_size=8),
    st.integers(0, 10**9),
)
def test_no_anchor_would_tell_better(anchors: list[tuple[int, int]], boot_ms: int) -> None:
    """The anchor chosen is the one with the least error at that time."""
    ties = [Tie(at, _BOOTED_MS + at, error) for at, error in anchors]
    best = Ties(ties).best(boot_ms)
    assert best is not None
    assert best.error_at(boot_ms) == min(tie.error_at(boot_ms) for tie in ties)


def test_an_anchor_that_puts_an_entry_after_its_arrival_is_not_believed() -> None:
    """A time server's 2099 must not carry a visit into the future."""
    dated = date_alone(sighting(10, Tie(0, 4_100_000_000_000, 5), earliest_s=1_700_000_000))
    assert dated == Dated(Bounds(1_700_000_000_000, _RECEIVED_MS))


def test_without_an_anchor_the_doors_own_bounds_hold() -> None:
    """Not before what the door knew, not after it arrived."""
    assert date_alone(sighting(earliest_s=5, latest_s=7)).bounds == Bounds(5_000, 8_000)
    assert date_alone(sighting(earliest_s=5)).bounds == Bounds(5_000, _RECEIVED_MS)


def test_neighbours_bound_what_has_no_anchor() -> None:
    """An entry between two dated ones was made between them."""
    before, after = Tie(0, _BOOTED_MS, 0), Tie(0, _BOOTED_MS + 60_000, 0)
    dated = date_in_order([sighting(0, before), sighting(), sighting(0, after)])
    assert dated[1] == Dated(Bounds(_BOOTED_MS, _BOOTED_MS + 60_000))


def test_bounds_that_contradict_each_other_stay_as_they_are() -> None:
    """An interval that cannot hold the truth is worth less than a wide one."""
    late, early = Bounds(100, 200), Bounds(10, 20)
    assert narrow([late, early]) == [late, early]


_INT63 = st.integers(0, 2**63 - 1)


@given(st.builds(Tie, _INT63, _INT63, _INT63), _INT63, _INT63, st.none() | _INT63)
def test_every_number_gives_an_interval_that_a_calendar_can_show(
    tie: Tie, boot_ms: int, earliest_s: int, latest_s: int | None
) -> None:
    """Doors may send any number of 63 bits."""
    dated = date_alone(sighting(boot_ms, tie, earliest_s=earliest_s, latest_s=latest_s))
    bounds = dated.bounds
    assert 0 <= bounds.lower_ms <= bounds.upper_ms <= LATEST_MS
    assert dated.time_ms is None or 0 <= dated.time_ms <= LATEST_MS


def test_what_contradicts_a_higher_rank_is_not_used() -> None:
    """At 100 ppm the intervals of two ties 1,000 s apart may lie 100 ms farther from each other."""
    receipt = Tie(0, _BOOTED_MS, 400, rank=4)
    fitting = Tie(1_000_000, _BOOTED_MS + 1_000_501, 1, rank=2)
    wrong = Tie(1_000_000, _BOOTED_MS + 1_000_502, 1, rank=2)
    assert weigh([fitting, receipt]).best(1_000_000) == fitting
    assert weigh([wrong, receipt]).best(1_000_000) == receipt


def test_what_was_passed_over_contradicts_nothing() -> None:
    """A clock chip that agrees with the receipt counts, whatever the time server said."""
    receipt, wrong = Tie(0, _BOOTED_MS, 400, rank=4), Tie(0, 5, 1, rank=2)
    chip = Tie(0, _BOOTED_MS + 300, 200, rank=1)
    assert weigh([chip, wrong, receipt]).best(0) == chip


_TIES = st.lists(
    st.builds(
        lambda at, off, error, rank: Tie(at, _BOOTED_MS + at + off, error, rank),
        st.integers(0, 10**8),
        st.integers(-2_000, 2_000),
        st.integers(0, 20_000),
        st.integers(1, 2),
    ),
    max_size=6,
)


@given(_TIES, _TIES, st.integers(0, 10**8))
def test_a_new_anchor_tells_nothing_before_its_reach(
    known: list[Tie], fresh: list[Tie], boot_ms: int
) -> None:
    """What was seen before that need not be dated again."""
    after_ms = reach(known, [*known, *fresh])
    if after_ms is None or boot_ms <= after_ms:
        assert weigh(known).best(boot_ms) == weigh([*known, *fresh]).best(boot_ms)


def test_an_anchor_reaches_back_to_the_one_before_it() -> None:
    """To all of the boot where there is none, or where it proves that one wrong."""
    first, second = Tie(1_000, _BOOTED_MS + 1_000, 80), Tie(9_000, _BOOTED_MS + 9_000, 80)
    assert reach([], [first]) == -1
    assert reach([first], [first, second]) == 1_000
    assert reach([first], [first]) is None
    wrong = Tie(9_000, _BOOTED_MS + 90_000, 80, rank=1)
    assert reach([first], [first, wrong]) == -1
