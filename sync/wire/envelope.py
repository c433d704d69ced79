"""The wrapping of a message in transit: what it is, and for or from which door. Not trusted."""

from dataclasses import dataclass
from enum import IntEnum

from sync.wire import cbor
from sync.wire.bundle import MAX_BYTES as MAX_BUNDLE_BYTES
from sync.wire.errors import Malformed
from sync.wire.fields import Fields, one_of
from sync.wire.keys import DEVICE_BYTES, DeviceId

MAGIC = "gapura"
VERSION = 1
MEDIA_TYPE = "application/vnd.gapura+cbor"
MAX_DOWN = 8
# By the first byte of a byte string: how many bytes its length has.
_LENGTH_BYTES = {0x58: 1, 0x59: 2, 0x5A: 4}


class Content(IntEnum):
    BATCH = 1
    ENROLMENT = 2
    RECEIPT = 3
    BUNDLE = 4


@dataclass(frozen=True, slots=True)
class Envelope:
    """A file on a stick, the body of a request, or a part of an answer."""

    content: Content
    device: DeviceId
    message: bytes

    def to_bytes(self) -> bytes:
        return cbor.encode([MAGIC, VERSION, int(self.content), self.device, self.message])


def open_envelope(data: bytes) -> Envelope:
    """Raises Malformed where the bytes are not an envelope of this version."""
    fields = Fields.parse(data, of="envelope").only(range(5))
    if fields.text(0) != MAGIC or fields.uint(1) != VERSION:
        raise Malformed("envelope: not one of this protocol's version")
    return Envelope(
        content=one_of(Content, fields.uint(2), of="envelope"),
        device=DeviceId(fields.octets(3, DEVICE_BYTES)),
        # What is larger than a bundle fits no frame of the door's socket.
        message=fields.octets(4, most=MAX_BUNDLE_BYTES),
    )


def pack(envelopes: list[Envelope]) -> bytes:
    """Return the hub's answer: the envelopes that go down, in order."""
    return cbor.encode([envelope.to_bytes() for envelope in envelopes])


def unpack(data: bytes) -> list[Envelope]:
    """Take the hub's answer apart.

    Raises:
        Malformed: it is not one (a captive portal's page, for instance).
    """
    parts = cbor.decode(data)
    if not isinstance(parts, list) or len(parts) > MAX_DOWN:
        raise Malformed("answer: not a list of envelopes")
    envelopes = []
    for part in parts:
        if not isinstance(part, bytes):
            raise Malformed("answer: a part that is not an envelope")
        envelopes.append(open_envelope(part))
    return envelopes


def unpack_beginning(data: bytes) -> list[Envelope]:
    """Return the envelopes that came whole at the beginning of an answer that broke off.

    Never raises: what is not such a beginning has none. Heads are as RFC 8949, section 3, has them.
    """
    envelopes: list[Envelope] = []
    place = 1 if data and 0x80 <= data[0] <= 0x80 + MAX_DOWN else len(data)
    while place < len(data):
        head, place = data[place], place + 1
        width = _LENGTH_BYTES.get(head, 0)
        length = int.from_bytes(data[place : place + width]) if width else head - 0x40
        part = data[place + width : place + width + length]
        place += width + length
        if not 0 < length == len(part):
            break
        try:
            envelopes.append(open_envelope(part))
        except Malformed:
            break
    return envelopes
