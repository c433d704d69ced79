"""An envelope is believed in nothing, but no stranger's answer passes for one."""

import pytest

from sync.wire import cbor
from sync.wire.bundle import MAX_BYTES as MAX_BUNDLE_BYTES
from sync.wire.envelope import MAX_DOWN, Content, Envelope, open_envelope, pack, unpack
from sync.wire.errors import Malformed
from sync.wire.link import MAX_FRAME_BYTES, Ask, Request, encode_request
from tests.sync.wire.parties import DEVICE

ENVELOPE = Envelope(Content.RECEIPT, DEVICE, b"message")


def test_every_cut_and_addition_is_refused() -> None:
    data = ENVELOPE.to_bytes()
    for length in range(len(data)):
        with pytest.raises(Malformed):
            open_envelope(data[:length])
    with pytest.raises(Malformed):
        open_envelope(data + b"\0")


@pytest.mark.parametrize(
    "content",
    [
        ["Gapura", 1, 1, DEVICE, b""],
        ["gapura", 2, 1, DEVICE, b""],
        ["gapura", 1, 0, DEVICE, b""],
        ["gapura", 1, 5, DEVICE, b""],
        ["gapura", 1, 1, DEVICE[:15], b""],
        ["gapura", 1, 1, DEVICE, "text"],
        ["gapura", 1, 1, DEVICE, b"", 0],
        ["gapura", True, 1, DEVICE, b""],
        [],
        None,
    ],
)
def test_another_form_is_refused(content: cbor.Value) -> None:
    with pytest.raises(Malformed):
        open_envelope(cbor.encode(content))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<!DOCTYPE html><title>Masuk WiFi</title>",
        b'{"error": "not found"}',
        cbor.encode({}),
        cbor.encode([1]),
        cbor.encode([b"not an envelope"]),
        cbor.encode([ENVELOPE.to_bytes()] * (MAX_DOWN + 1)),
        pack([ENVELOPE]) + b"\0",
    ],
)
def test_what_is_no_answer_of_a_hub_is_refused(answer: bytes) -> None:
    with pytest.raises(Malformed):
        unpack(answer)


def test_an_envelope_that_opens_fits_the_doors_socket() -> None:
    """One that does not fit could be handed over never, and would stay in the way for ever."""
    largest = Envelope(Content.BUNDLE, DEVICE, bytes(MAX_BUNDLE_BYTES)).to_bytes()
    assert open_envelope(largest).message == bytes(MAX_BUNDLE_BYTES)
    assert len(encode_request(Request(Ask.DELIVER, envelope=largest))) - 4 <= MAX_FRAME_BYTES
    with pytest.raises(Malformed):
        open_envelope(Envelope(Content.BUNDLE, DEVICE, bytes(MAX_BUNDLE_BYTES + 1)).to_bytes())
