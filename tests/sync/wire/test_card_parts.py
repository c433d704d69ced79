"""A card in parts: any order, any mixture, and nothing but the whole card comes of it."""

import random
from itertools import permutations

import base45
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.wire import cbor
from sync.wire.card import MAX_CHARACTERS, PREFIX
from sync.wire.card_parts import (
    MOST_PARTS,
    PART_CHARACTERS,
    Gathering,
    Part,
    read_part,
    split_card,
)
from sync.wire.errors import Malformed


def _text(message: bytes) -> str:
    return PREFIX + str(base45.b45encode(message).decode())


def _gather(texts: tuple[str, ...]) -> list[str | None]:
    gathering = Gathering()
    parts = [read_part(text) for text in texts]
    return [gathering.add(part) for part in parts if part is not None]


CARD = _text(random.Random(7).randbytes(560))


@given(st.binary(min_size=210, max_size=990))
def test_what_was_split_is_gathered_again(message: bytes) -> None:
    text = _text(message)
    parts = split_card(text)
    assert 1 < len(parts) <= MOST_PARTS
    assert all(len(part) <= PART_CHARACTERS for part in parts)
    *before, last = _gather(parts)
    assert before == [None] * (len(parts) - 1)
    assert last == text


def test_the_longest_card_is_not_too_long() -> None:
    assert len(split_card(_text(bytes(996)))) <= MOST_PARTS
    assert len(_text(bytes(996))) <= MAX_CHARACTERS
    with pytest.raises(Malformed, match="too long"):
        split_card(_text(bytes(1600)))
    with pytest.raises(Malformed):
        split_card("GPS1:" + "A" * 400)


def test_a_small_card_stays_whole() -> None:
    text = _text(bytes(100))
    assert split_card(text) == (text,)
    assert read_part(text) is None


def test_any_order_and_any_repetition_will_do() -> None:
    parts = split_card(CARD)
    assert len(parts) == 3
    for order in permutations(parts):
        assert _gather(order) == [None, None, CARD]
    assert _gather((parts[0], parts[0], parts[2], parts[0], parts[1])) == [*[None] * 4, CARD]


def test_parts_of_two_cards_are_not_mixed() -> None:
    other = split_card(_text(random.Random(8).randbytes(560)))
    one = split_card(CARD)
    assert _gather((one[0], other[1], one[1], other[2], one[2], other[0]))[4:] == [
        CARD,
        _text(random.Random(8).randbytes(560)),
    ]


def test_a_third_card_displaces_the_one_that_lay_longest() -> None:
    """Whoever shows thousands of beginnings fills no memory."""
    gathering = Gathering()
    for number in range(1000):
        assert gathering.add(Part(number.to_bytes(8), 1, 8, bytes(190))) is None
    assert len(gathering._sets) == 2


def test_a_forged_part_spoils_the_card_and_no_more() -> None:
    parts = split_card(CARD)
    good = read_part(parts[1])
    assert good is not None
    gathering = Gathering()
    for text in (parts[0], parts[2]):
        part = read_part(text)
        assert part is not None
        assert gathering.add(part) is None
    with pytest.raises(Malformed, match="do not fit"):
        gathering.add(Part(good.digest, 2, 3, b"\0" * len(good.piece)))
    assert _gather(parts)[-1] == CARD


@pytest.mark.parametrize(
    "content",
    [
        [bytes(8), 0, 2, b"x"],
        [bytes(8), 3, 2, b"x"],
        [bytes(8), 1, 9, b"x"],
        [bytes(7), 1, 2, b"x"],
        [bytes(8), 1, 2, b""],
        [bytes(8), 1, 2, bytes(191)],
        [bytes(8), 1, 2, "x"],
        [bytes(8), 1, 2, b"x", 1],
        7,
    ],
)
def test_what_is_no_part_is_none(content: cbor.Value) -> None:
    assert read_part(_text(cbor.encode(content))) is None


@given(st.text(max_size=80) | st.binary(max_size=80).map(_text))
def test_nothing_that_is_shown_raises(text: str) -> None:
    read_part(text)
    read_part(PREFIX + text)
