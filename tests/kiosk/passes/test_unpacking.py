"""base45 is decoded as RFC 9285 has it, and in one spelling only."""

import base45
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.passes.unpacking import decode_base45
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
