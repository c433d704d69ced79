"""A parcel is whole or not at all, and opens for whom it is for."""

import pytest

from sync.wire import cbor
from sync.wire.batch import MAX_BYTES as MAX_BATCH_BYTES
from sync.wire.bundle import MAX_BYTES as MAX_BUNDLE_BYTES
from sync.wire.envelope import Content, Envelope
from sync.wire.errors import CannotOpen, Malformed
from sync.wire.link import MAX_FRAME_BYTES, Ask, Request, encode_request
from sync.wire.parcel import (
    MAX_DOWN_BYTES,
    MAX_UP_BYTES,
    check_parcel,
    folder_of,
    open_parcel,
    pack_parcel,
)
from tests.sync.wire.parties import DEVICE, DOOR_SEALING, OTHER_DEVICE, RECOVERY, SEALING

ENVELOPE = Envelope(Content.BATCH, DEVICE, b"message")


def test_it_opens_with_any_of_the_keys_that_it_may_be_sealed_to() -> None:
    data = pack_parcel(ENVELOPE, SEALING.public_key())
    assert open_parcel(data, (RECOVERY, SEALING)) == ENVELOPE
    for keys in ((), (RECOVERY, DOOR_SEALING)):
        with pytest.raises(CannotOpen):
            open_parcel(data, keys)


def test_every_cut_change_and_addition_is_seen_without_a_key() -> None:
    data = pack_parcel(ENVELOPE, SEALING.public_key())
    for place in range(len(data)):
        for other in (data[:place], data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]):
            with pytest.raises(Malformed):
                check_parcel(other)
    with pytest.raises(Malformed):
        check_parcel(data + b"\0")


@pytest.mark.parametrize("content", [None, [], ["gapura", 1, bytes(32), b""], "gapura-parcel"])
def test_another_form_is_refused(content: cbor.Value) -> None:
    with pytest.raises(Malformed):
        check_parcel(cbor.encode(content))


def test_neither_content_nor_device_can_be_read() -> None:
    data = pack_parcel(ENVELOPE, SEALING.public_key())
    assert b"message" not in data
    assert bytes(DEVICE) not in bytes(data)
    assert pack_parcel(ENVELOPE, SEALING.public_key()) != data


def test_the_largest_message_fits_the_stick_and_the_doors_socket() -> None:
    to = SEALING.public_key()
    up = pack_parcel(Envelope(Content.BATCH, DEVICE, bytes(MAX_BATCH_BYTES)), to)
    assert len(up) <= MAX_UP_BYTES
    down = pack_parcel(Envelope(Content.BUNDLE, DEVICE, bytes(MAX_BUNDLE_BYTES)), to)
    assert len(down) <= MAX_DOWN_BYTES
    assert len(encode_request(Request(Ask.UNPACK, envelope=down))) - 4 <= MAX_FRAME_BYTES
    check_parcel(down)


def test_every_kiosk_has_a_folder_that_does_not_tell_its_number() -> None:
    assert folder_of(DEVICE) != folder_of(OTHER_DEVICE)
    assert len(folder_of(DEVICE)) == 16
    assert folder_of(DEVICE) not in DEVICE.hex()
