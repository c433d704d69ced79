from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from sync.hub.ingest.visit_bodies import read_visit_body
from sync.wire import cbor
from sync.wire.errors import Malformed
from sync.wire.visit import Direction, Visit, read_visit

_CODES = st.integers(0, 65535)
_TIMES = st.integers(0, 2**63 - 1)
_NAMES = st.none() | st.binary(min_size=8, max_size=8)
_VISITS = st.builds(
    Visit,
    outcome=_CODES,
    shown=_CODES,
    reason=_CODES,
    direction=st.sampled_from(Direction),
    format=_CODES,
    rulebook=_TIMES,
    earliest_s=_TIMES,
    latest_s=st.none() | _TIMES,
    rule=st.none() | _CODES,
    pass_type=st.none() | _CODES,
    sub=_NAMES,
    cti=_NAMES,
)
_VALUES = st.none() | st.booleans() | st.integers(-2, 2**64 - 1) | st.binary() | st.text()
_BODY = cbor.encode({1: 1, 2: 1, 3: 0, 4: 1, 5: 1, 6: 1, 7: 1_700_000_000, 11: b"subject1"})


def both(body: bytes) -> tuple[Visit | None, Visit | None]:
    quick, strict = None, None
    with suppress(Malformed):
        quick = read_visit_body(body)
    with suppress(Malformed):
        strict = read_visit(body)
    return quick, strict


@given(_VISITS)
def test_every_visit_is_read_as_it_was_written(visit: Visit) -> None:
    """With and without what may be left out."""
    assert read_visit_body(visit.to_bytes()) == visit


@given(st.dictionaries(st.integers(1, 14), _VALUES, max_size=3))
def test_whatever_else_a_body_says_is_taken_or_refused_alike(changes: dict[int, object]) -> None:
    """Other types, sizes and fields: the quick reader knows no more and no less."""
    content = cbor.decode(_BODY)
    assert isinstance(content, dict)
    body = cbor.encode({**content, **changes})  # type: ignore[dict-item]
    quick, strict = both(body)
    assert quick == strict


@given(st.integers(0, len(_BODY) - 1), st.binary(max_size=3))
def test_a_bent_body_is_taken_or_refused_alike(place: int, other: bytes) -> None:
    """Long spellings, cut ends, other types."""
    quick, strict = both(_BODY[:place] + other + _BODY[place + 1 :])
    assert quick == strict
