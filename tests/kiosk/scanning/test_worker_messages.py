"""What crosses between door and decoder comes out the same; anything else is Garbled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.scanning.code import Code
from kiosk.scanning.ladder import Reading
from kiosk.scanning.worker_messages import (
    MAX_REPLY_BYTES,
    Garbled,
    Reply,
    Request,
    pack_reply,
    pack_request,
    unpack_reply,
    unpack_request,
)

_POINTS = st.tuples(st.floats(allow_nan=False), st.floats(allow_nan=False))
_CODES = st.builds(
    Code,
    payload=st.binary(max_size=300),
    corners=st.tuples(_POINTS, _POINTS, _POINTS, _POINTS),
    rung=st.text(max_size=20),
)


@given(st.lists(_CODES, max_size=5), st.floats(0, 1e6), st.integers(0, 2**63))
def test_a_reply_comes_out_the_same(codes: list[Code], ms: float, memory_bytes: int) -> None:
    reply = Reply(Reading(tuple(codes), ms), memory_bytes)
    assert unpack_reply(pack_reply(reply)) == reply


def test_a_request_comes_out_the_same() -> None:
    request = Request(720, 1280, thorough=True)
    assert unpack_request(pack_request(request)) == request


def test_a_reply_fits_a_packet_whatever_was_read() -> None:
    corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    codes = tuple(Code(bytes(2953), corners, "zxing") for _ in range(255))
    packed = pack_reply(Reply(Reading(codes, 1.0), 0))
    assert len(packed) <= MAX_REPLY_BYTES
    assert len(unpack_reply(packed).reading.codes) > 40


@given(st.binary(max_size=400))
def test_any_other_bytes_are_garbled_or_a_reply(message: bytes) -> None:
    try:
        reply = unpack_reply(message)
    except Garbled:
        return
    assert isinstance(reply, Reply)


def test_a_reply_cut_short_is_garbled() -> None:
    corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    whole = pack_reply(Reply(Reading((Code(b"x" * 9, corners, "zbar"),), 1.0), 5))
    for length in range(len(whole)):
        with pytest.raises(Garbled):
            unpack_reply(whole[:length])
