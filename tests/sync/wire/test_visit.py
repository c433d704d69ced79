"""A hub stores what a newer door wrote: unknown fields and codes are let be, misfits are not."""

import pytest

from sync.wire import cbor
from sync.wire.errors import Malformed
from sync.wire.visit import (
    Assisted,
    Direction,
    Event,
    Visit,
    read_assisted,
    read_event,
    read_visit,
)

VISIT = Visit(3, 2, 999, Direction.OUT, 77, 12, 1_780_000_000)


def test_codes_and_fields_of_a_later_version_are_let_be() -> None:
    content = cbor.decode(VISIT.to_bytes())
    assert isinstance(content, dict)
    assert read_visit(cbor.encode({**content, 40: "later", "x": [1]})) == VISIT
    assert read_event(cbor.encode({1: "camera", 9: None})) == Event("camera")


def test_what_is_not_known_is_not_written() -> None:
    assert cbor.decode(VISIT.to_bytes()) == {
        1: 3,
        2: 2,
        3: 999,
        4: 2,
        5: 77,
        6: 12,
        7: 1_780_000_000,
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (1, 65_536), (2, -1), (3, None), (4, 3), (5, "1"), (6, 2**63), (7, [1]), (8, "later"),
        (9, 65_536), (10, b""), (11, bytes(7)), (12, bytes(9)), (12, "x"),
    ],
)  # fmt: skip
def test_a_misfit_is_refused(field: int, value: cbor.Value) -> None:
    content = cbor.decode(VISIT.to_bytes())
    assert isinstance(content, dict)
    with pytest.raises(Malformed):
        read_visit(cbor.encode({**content, field: value}))


def test_an_event_comes_back_as_it_went() -> None:
    """What says nothing is not written."""
    whole = Event("frame_age_ms", 31_000, is_bad=True, detail="x" * 100, count=3, ago_s=61)
    for event in (whole, Event("start"), Event("frame_age_ms", is_bad=False)):
        assert read_event(event.to_bytes()) == event
    assert cbor.decode(Event("start").to_bytes()) == {1: "start"}


@pytest.mark.parametrize(
    "content",
    [
        {}, {1: "", 2: "x"}, {1: "x" * 61}, {1: 5}, [0], 7,
        {1: "a", 3: 1}, {1: "a", 4: "x" * 101}, {1: "a", 5: -1}, {1: "a", 6: 2**31},
    ],
)  # fmt: skip
def test_an_event_of_another_form_is_refused(content: cbor.Value) -> None:
    with pytest.raises(Malformed):
        read_event(cbor.encode(content))


def test_an_officers_press_holds_a_number_and_no_person() -> None:
    assert cbor.decode(Assisted(7).to_bytes()) == {1: 7}
    assert cbor.decode(Assisted(7, of_seq=41).to_bytes()) == {1: 7, 2: 41}
    assert read_assisted(cbor.encode({1: 7, 2: None, 9: "later"})) == Assisted(7)


@pytest.mark.parametrize("content", [{}, {1: -1}, {1: "7"}, {1: 7, 2: "x"}, {1: True}, 7])
def test_a_press_of_another_form_is_refused(content: cbor.Value) -> None:
    with pytest.raises(Malformed):
        read_assisted(cbor.encode(content))
