"""CBOR in one spelling: what is read is what would be written, and no tag builds an object."""

from datetime import UTC, datetime

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.wire import cbor
from sync.wire.errors import Malformed, WireError
from tests.sync.wire.values import plain_values

# The tags of cbor2's documentation; the last ones are what makes a decoder share or recurse.
SPECIAL_TAGS = (
    *(0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54),
    *(100, 256, 258, 260, 261, 1004, 43000, 55799),
)


@given(plain_values())
def test_every_value_comes_back_as_it_was(value: cbor.Value) -> None:
    encoded = cbor.encode(value)
    decoded = cbor.decode(encoded)
    assert decoded == value
    assert cbor.encode(decoded) == encoded


@given(plain_values())
def test_containers_are_lists_and_dicts_down_to_the_last(value: cbor.Value) -> None:
    assert _is_plain(cbor.decode(cbor.encode(value)))


@given(st.binary(max_size=120))
def test_whatever_is_read_is_spelt_as_it_would_be_written(data: bytes) -> None:
    try:
        value = cbor.decode(data)
    except WireError:
        return
    assert cbor2.dumps(value) == data


@pytest.mark.parametrize(
    "spelling",
    [
        "1800",
        "190000",
        "1a00000000",
        "1b0000000000000000",
        "3800",
        "580100",
        "780161",
        "9800",
        "990000",
        "b800",
        "5f4100ff",
        "7f6161ff",
        "9fff",
        "bfff",
        "d81200",
        "0000",
        "a10100ff",
        "a201000100",
        "a201000118ff00",
        "a2616100616101",
    ],
)
def test_another_spelling_is_refused(spelling: str) -> None:
    with pytest.raises(Malformed):
        cbor.decode(bytes.fromhex(spelling))


@pytest.mark.parametrize(
    "foreign",
    [
        "f90000",
        "fa00000000",
        "fb3ff0000000000000",
        "f97e00",
        "f97c00",
        "f7",
        "e0",
        "f820",
        "f8ff",
        "a1410000",
        "a1f400",
        "a1f600",
        "a18000",
        "a1d20000",
        "61ff",
        "63eda080",
        "62c328",
    ],
)
def test_a_type_outside_the_protocol_is_refused(foreign: str) -> None:
    with pytest.raises(Malformed):
        cbor.decode(bytes.fromhex(foreign))


def test_keys_that_python_takes_for_the_same_are_refused() -> None:
    for keys in (b"\x01\xf5", b"\x00\xf4", b"\x01\xf9\x3c\x00"):
        with pytest.raises(Malformed):
            cbor.decode(b"\xa2" + keys[:1] + b"\x00" + keys[1:] + b"\x00")


def test_the_order_of_keys_is_not_judged() -> None:
    assert cbor.decode(bytes.fromhex("a202000100")) == {2: 0, 1: 0}


@pytest.mark.parametrize("tag", SPECIAL_TAGS)
@pytest.mark.parametrize("content", ["00", "4101", "6131", "80", "820102", "8200820102", "a0"])
def test_a_tag_that_the_library_would_interpret_is_refused(tag: int, content: str) -> None:
    head = cbor2.dumps(cbor2.CBORTag(tag, None))[:-1]
    for wrapping in (b"", b"\x81", b"\xa1\x01", b"\xd2"):
        with pytest.raises(Malformed):
            cbor.decode(wrapping + head + bytes.fromhex(content))


def test_no_tag_of_four_digits_builds_an_object() -> None:
    for tag in set(range(10_000)) - set(SPECIAL_TAGS):
        decoded = cbor.decode(cbor2.dumps(cbor2.CBORTag(tag, [1])))
        assert isinstance(decoded, cbor2.CBORTag)
        assert (decoded.tag, decoded.value) == (tag, [1])


@pytest.mark.parametrize(
    "value", [datetime(2026, 1, 1, tzinfo=UTC), {1, 2}, 2**64, -(2**64) - 1, frozenset({1})]
)
def test_objects_of_the_library_do_not_come_through(value: object) -> None:
    with pytest.raises(Malformed):
        cbor.decode(cbor2.dumps(value, datetime_as_timestamp=False))


@pytest.mark.parametrize("opening", [b"\x81", b"\xa1\x01", b"\xd2", b"\xa1"])
def test_depth_is_bounded(opening: bytes) -> None:
    for depth in (cbor.MAX_DEPTH + 1, 100, 5000, 200_000):
        with pytest.raises(Malformed):
            cbor.decode(opening * depth + b"\x00")


def test_depth_within_the_bound_is_read() -> None:
    assert cbor.decode(b"\x81" * (cbor.MAX_DEPTH - 1) + b"\x00")


@pytest.mark.parametrize("major", [0x5B, 0x7B, 0x9B, 0xBB])
@pytest.mark.parametrize("length", [2**16, 2**31, 2**32, 2**40, 2**63, 2**64 - 1])
def test_an_announced_length_reserves_no_memory(major: int, length: int) -> None:
    with pytest.raises(Malformed):
        cbor.decode(bytes([major]) + length.to_bytes(8))


def _is_plain(value: object) -> bool:
    match value:
        case list():
            return all(map(_is_plain, value))
        case dict():
            return all(map(_is_plain, value.values()))
        case cbor2.CBORTag():
            return _is_plain(value.value)
        case _:
            return value is None or isinstance(value, bool | int | bytes | str)


@pytest.mark.parametrize("item", [b"\x80", b"\xa0", b"\x00", b"\x40"])
def test_a_message_of_too_many_items_is_refused_before_it_is_built(item: bytes) -> None:
    """A megabyte of empty arrays would take a hundred megabytes of memory."""
    count = cbor.MAX_ITEMS
    with pytest.raises(Malformed, match="more than"):
        cbor.decode(b"\x9a" + count.to_bytes(4) + item * count)


def test_a_long_string_is_one_item() -> None:
    values: list[cbor.Value] = [b"\x80" * 1_000_000, "x" * 70_000, [b"\xa0" * 300, "y" * 9000]]
    for value in values:
        assert cbor.decode(cbor.encode(value)) == value


def test_as_many_items_as_a_message_has_are_read() -> None:
    value: list[cbor.Value] = list(range(cbor.MAX_ITEMS - 1))
    assert cbor.decode(cbor.encode(value)) == value
