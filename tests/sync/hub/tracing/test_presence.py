"""What is certain holds in every world; what holds in a world is at least possible."""

from datetime import UTC, datetime, time
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.hub.tracing.limits import Limits, OpenDays
from sync.hub.tracing.presence import Presence, Sighting, Way, presence_of
from sync.hub.tracing.spans import Spans, common
from tests.sync.hub.tracing.worlds import a_world

_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS
_DAY_MS = 24 * _HOUR_MS
_FOUR_HOURS = Limits(4 * _HOUR_MS)
_ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
_MONTH = int(datetime(2026, 10, 1, tzinfo=UTC).timestamp()) * 1000


def seen(way: Way, lower: float, upper: float | None = None, **more: int) -> Sighting:
    """Hours; each in a journal of its own unless it is said otherwise."""
    latest = lower if upper is None else upper
    journal = more.get("journal", hash((way, lower, upper)))
    return Sighting(way, int(lower * _HOUR_MS), int(latest * _HOUR_MS), journal, more.get("seq", 1))


def hours(spans: Spans) -> list[tuple[float, float]]:
    return [(begin / _HOUR_MS, end / _HOUR_MS) for begin, end in spans]


def found(*sightings: Sighting, limits: Limits = _FOUR_HOURS) -> tuple[object, object]:
    presence = presence_of(sightings, limits)
    return hours(presence.sure), hours(presence.may)


def test_who_came_and_went_was_inside_between_both() -> None:
    """For certain from the latest coming to the earliest going."""
    told = found(seen(Way.IN, 8, 8.5), seen(Way.OUT, 10, 11))
    assert told == ([(8.5, 10)], [(8, 11)])


def test_who_did_not_go_may_have_stayed() -> None:
    """Up to the longest stay; certain is the moment alone, which lasts no time."""
    assert found(seen(Way.IN, 8)) == ([], [(8, 12)])
    assert found(seen(Way.OUT, 8)) == ([], [(4, 8)])
    assert found(seen(Way.UNKNOWN, 8)) == ([], [(4, 12)])


def test_a_stay_longer_than_the_longest_is_two() -> None:
    """Somebody forgot to show the code at the exit, and the next day at the entrance."""
    assert found(seen(Way.IN, 8), seen(Way.OUT, 20)) == ([], [(8, 12), (16, 20)])


def test_a_second_coming_ends_what_was_before() -> None:
    """Only what is between the last coming and the going is certain."""
    told = found(seen(Way.IN, 8), seen(Way.IN, 9), seen(Way.OUT, 10))
    assert told == ([(9, 10)], [(8, 10)])


def test_where_the_order_is_unknown_only_what_every_order_says_is_certain() -> None:
    """He may have come again before he was seen to go; one journal says that he did not."""
    first, last = seen(Way.IN, 8), seen(Way.OUT, 11.5)
    assert found(first, seen(Way.OUT, 9, 10.5), seen(Way.IN, 10, 11), last) == ([], [(8, 11.5)])
    went, came = (Way.OUT, 9, 10.5), (Way.IN, 10, 11)
    in_order = (seen(*went, journal=1, seq=1), seen(*came, journal=1, seq=2))
    assert found(first, *in_order, last) == ([(8, 9), (11, 11.5)], [(8, 11.5)])


def test_the_order_of_a_journal_narrows_times() -> None:
    """Both times are known to within hours, but he came before he went."""
    told = found(seen(Way.IN, 8, 12, journal=1, seq=1), seen(Way.OUT, 6, 9, journal=1, seq=2))
    assert told == ([], [(8, 9)])


def test_equal_times_of_two_kiosks_have_no_order() -> None:
    """He may have gone before he came; of one kiosk the journal says which was first."""
    assert found(seen(Way.IN, 8), seen(Way.OUT, 8), seen(Way.OUT, 9))[0] == []
    one_journal = (seen(Way.OUT, 8, journal=1, seq=1), seen(Way.IN, 8, journal=1, seq=2))
    assert found(*one_journal, seen(Way.OUT, 9))[0] == [(8, 9)]


def test_whom_the_officer_may_not_have_let_in_is_possible_alone() -> None:
    """Nor does it end what is certain otherwise: he may have been inside all the time."""
    unsure = Sighting(Way.IN, 8 * _HOUR_MS, 8 * _HOUR_MS, 1, 1, is_sure=False)
    assert found(unsure, seen(Way.OUT, 9)) == ([], [(5, 9)])
    sure = seen(Way.IN, 7)
    assert found(sure, unsure, seen(Way.OUT, 9)) == ([(8, 9)], [(7, 9)])


def test_a_visitor_leaves_when_the_site_closes() -> None:
    """In the site's own time; unless his going says otherwise."""
    for zone in _ZONES:
        offset = datetime(2026, 10, 5, tzinfo=ZoneInfo(zone)).utcoffset()
        assert offset is not None
        days = OpenDays(zone, {0: (time(8), time(16)), 1: (time(8), time(16))})
        limits = Limits(4 * _HOUR_MS, days)
        monday = datetime(2026, 10, 5, tzinfo=UTC).timestamp() * 1000 - offset.seconds * 1000
        at = [int(monday + hour * _HOUR_MS) for hour in (9, 14.5, 16, 17, 24 + 9)]
        came, went = Sighting(Way.IN, at[1], at[1], 1, 1), Sighting(Way.OUT, at[3], at[3], 1, 2)
        assert presence_of([came], limits).may == ((at[1], at[2]),)
        assert presence_of([came, went], limits) == Presence(((at[1], at[3]),), ((at[1], at[3]),))
        early = Sighting(Way.OUT, at[0], at[0], 1, 1)
        assert presence_of([early], limits).may == ((at[0] - _HOUR_MS, at[0]),)
        tuesday = Sighting(Way.OUT, at[4], at[4], 1, 1)
        assert presence_of([tuesday], limits).may == ((at[4] - _HOUR_MS, at[4]),)


def test_a_site_without_hours_never_closes() -> None:
    """Nor does one whose hours are asked for beyond what calendars can show."""
    assert OpenDays("Asia/Jakarta").closing_after(0) is None
    assert OpenDays("Asia/Jakarta").opening_before(0) is None
    open_days = OpenDays("Asia/Jakarta", {0: (time(8), time(16))})
    assert open_days.closing_after(2**62) is None
    assert open_days.opening_before(-(2**62)) is None


def test_an_employee_stays_past_midnight() -> None:
    """Sixteen hours, whatever the hours of the site."""
    limits = Limits(16 * _HOUR_MS)
    told = found(seen(Way.IN, 17), seen(Way.OUT, 24 + 6), limits=limits)
    assert told == ([(17, 30)], [(17, 30)])


_limits = st.builds(
    Limits,
    st.sampled_from((30 * _MINUTE_MS, 4 * _HOUR_MS, 16 * _HOUR_MS)),
    st.one_of(
        st.none(),
        st.builds(
            OpenDays,
            st.sampled_from(_ZONES),
            st.dictionaries(
                st.integers(0, 6),
                st.sampled_from([(time(8), time(16)), (time(0), time(23, 59))]),
            ),
        ),
    ),
)


@st.composite
def histories(draw: st.DrawFn, days: int = 30) -> list[Sighting]:
    """Days with missing and doubled passages; times known, nearly known, and hardly known."""
    sightings = []
    journals: dict[int, int] = {}
    at = _MONTH + draw(st.integers(0, days)) * _DAY_MS
    for _ in range(draw(st.integers(1, 7))):
        at += draw(st.sampled_from((0, 1, 20, 60, 5 * 60, 15 * 60, 24 * 60))) * _MINUTE_MS
        width = draw(st.sampled_from((0, 0, 1, 30, 240, 3 * 24 * 60))) * _MINUTE_MS
        before = draw(st.integers(0, width))
        journal = draw(st.integers(1, 3))
        journals[journal] = journals.get(journal, 0) + 1
        way = draw(st.sampled_from((Way.IN, Way.OUT, Way.IN, Way.OUT, Way.UNKNOWN)))
        is_sure = draw(st.sampled_from((True, True, True, False)))
        sightings.append(
            Sighting(way, at - before, at - before + width, journal, journals[journal], is_sure)
        )
    return draw(st.permutations(sightings))


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(histories(), _limits, st.integers(0, 2**32))
def test_no_world_contradicts_what_is_certain_or_possible(
    sightings: list[Sighting], limits: Limits, seed: int
) -> None:
    """Over random months: missing exits, uncertain times, midnights, three time zones."""
    presence = presence_of(sightings, limits)
    random = Random(seed)
    for _ in range(20):
        world = a_world(sightings, limits, random)
        assert common(presence.sure, world) == presence.sure
        assert common(world, presence.may) == world


def test_the_worlds_reach_what_is_possible() -> None:
    """The bounds are those of the worlds, not wider: of one coming and one going, each edge."""
    sightings = [seen(Way.IN, 8, 8.5), seen(Way.OUT, 10, 11)]
    random = Random(7)
    worlds = [a_world(sightings, _FOUR_HOURS, random) for _ in range(200)]
    assert min(world[0][0] for world in worlds) == 8 * _HOUR_MS
    assert max(world[0][1] for world in worlds) == 11 * _HOUR_MS
    assert max(world[0][0] for world in worlds) == 8.5 * _HOUR_MS
    assert min(world[0][1] for world in worlds) == 10 * _HOUR_MS
