"""Door and courier understand each other, and neither reserves memory for the other's promises."""

import pytest

from sync.wire import cbor
from sync.wire.errors import Malformed
from sync.wire.link import (
    LENGTH,
    MAX_FRAME_BYTES,
    Answer,
    Ask,
    Request,
    decode_answer,
    decode_request,
    encode_answer,
    encode_request,
    frame,
    frame_length,
)


def test_a_frame_has_a_bounded_length() -> None:
    assert frame(b"abc") == b"\0\0\0\3abc"
    assert frame_length(LENGTH.pack(MAX_FRAME_BYTES)) == MAX_FRAME_BYTES
    for length in (MAX_FRAME_BYTES + 1, 2**32 - 1):
        with pytest.raises(Malformed):
            frame_length(LENGTH.pack(length))


@pytest.mark.parametrize(
    "content",
    [
        [0, 0, 0, b"", 0, None],
        [8, 0, 0, b"", 0, None],
        [1, -1, 0, b"", 0, None],
        [1, 0, 2**63, b"", 0, None],
        [1, 0, 0, "", 0, None],
        [1, 0, 0],
        [1, 0, 0, b""],
        [1, 0, 0, b"", 6, None],
        [1, 0, 0, b"", 0, None, 0],
        [True, 0, 0, b"", 0, None],
        [7, 0, 0, b"", 0, 0],
        [7, 0, 0, b"", 0, -121],
        [7, 0, 0, b"", 0, "-60"],
        "hello",
    ],
)
def test_a_request_of_another_form_is_refused(content: cbor.Value) -> None:
    with pytest.raises(Malformed):
        decode_request(cbor.encode(content))


def test_a_radios_strength_rides_with_its_request() -> None:
    for dbm in (None, -120, -56, -1):
        request = Request(Ask.RADIO, radio_dbm=dbm)
        assert decode_request(encode_request(request)[LENGTH.size :]) == request


@pytest.mark.parametrize(
    "content",
    [
        ["", "", b"", b"", 0],
        ["", "", b"", b"", 0, 0, 0, None],
        ["", "", b"", b"", 0, None, 0, None],
        [b"", "", b"", b"", 0, False, 0, None],
        ["x" * 1001, "", b"", b"", 0, False, 0, None],
        ["", "", b"", b"", 0, False],
        ["", "", b"", b"", 0, False, None, 0],
        ["", "", b"", b"", 0, False, 0, -1],
        ["", "", b"", b"", 0, False, 0, 0, 0],
        ["", "", b"", b"", 0, False, 0, 0, ["x" * 65, b"", 0, 0]],
        ["", "", b"", b"", 0, False, 0, 0, ["", b"", 0, 0, 0]],
        ["", "", b"", b"", 0, False, 0, 0, None, 0],
    ],
)
def test_an_answer_of_another_form_is_refused(content: cbor.Value) -> None:
    with pytest.raises(Malformed):
        decode_answer(cbor.encode(content))


def test_an_empty_answer_says_nothing() -> None:
    assert decode_answer(encode_answer(Answer())[4:]) == Answer()
