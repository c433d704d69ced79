"""base45 is decoded as RFC 9285 has it, in one spelling only; zlib is unpacked within a bound."""

import tracemalloc
import zlib

import base45
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.passes.unpacking import MAX_INFLATED_BYTES, decode_base45, inflate
from sync.wire.errors import Malformed

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("", b""),
        ("BB8", b"AB"),
        ("%69 VD92EX0", b"Hello!!"),
        ("UJCLQE7W581", b"base-45"),
        ("QED8WEX0", b"ietf!"),
        ("FGW", b"\xff\xff"),
        ("U5", b"\xff"),
    ],
)
def test_the_examples_of_the_standard(text: str, decoded: bytes) -> None:
    """RFC 9285, section 4.3, 4.4 and 6."""
    assert decode_base45(text) == decoded


@pytest.mark.parametrize(
    "text", ["GGW", ":::", "V5", "::", "A", "AAAA", "bb8", "BB8\n", "ÿÿÿ", "B\0"]
)
def test_what_does_not_decode(text: str) -> None:
    with pytest.raises(Malformed):
        decode_base45(text)


@given(st.binary(max_size=300))
def test_what_was_encoded_comes_back(data: bytes) -> None:
    encoded: bytes = base45.b45encode(data)
    assert decode_base45(encoded.decode()) == data


@pytest.mark.parametrize("size", [1022, 1023, 1024, 1025, 1026, 3000])
def test_a_text_may_be_longer_than_any_code(size: int) -> None:
    data = bytes(place * place % 251 for place in range(size))
    encoded: bytes = base45.b45encode(data)
    assert decode_base45(encoded.decode()) == data
    with pytest.raises(Malformed):
        decode_base45("GGW" + encoded.decode())


@given(st.text(alphabet=_ALPHABET, max_size=60))
def test_it_agrees_with_the_package_on_any_text(text: str) -> None:
    try:
        expected: bytes | None = base45.b45decode(text.encode())
    except ValueError:
        expected = None
    try:
        decoded: bytes | None = decode_base45(text)
    except Malformed:
        decoded = None
    assert decoded == expected


@pytest.mark.parametrize("size", [0, 1, MAX_INFLATED_BYTES - 1, MAX_INFLATED_BYTES])
def test_what_was_packed_comes_back(size: int) -> None:
    content = (bytes(range(256)) * MAX_INFLATED_BYTES)[:size]
    assert inflate(zlib.compress(content)) == content


_PACKED = zlib.compress(b"a certificate")


@pytest.mark.parametrize(
    "packed",
    [b"", b"x", b"not zlib", _PACKED[:-1], _PACKED[:8], _PACKED + b"x", _PACKED + _PACKED],
)
def test_what_is_not_one_whole_stream_does_not_unpack(packed: bytes) -> None:
    with pytest.raises(Malformed):
        inflate(packed)


@pytest.mark.parametrize("over", [1, 2, 10_000_000])
def test_what_is_too_much_is_not_unpacked_to_the_end(over: int) -> None:
    packed = zlib.compress(bytes(MAX_INFLATED_BYTES + over), 9)
    tracemalloc.start()
    try:
        with pytest.raises(Malformed, match="more than"):
            inflate(packed)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 16 * MAX_INFLATED_BYTES
