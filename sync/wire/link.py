"""What courier and door say to each other over the door's socket: length-prefixed CBOR."""

import struct
from dataclasses import dataclass
from enum import IntEnum

from sync.wire import cbor
from sync.wire.bundle import MAX_BYTES as MAX_BUNDLE_BYTES
from sync.wire.errors import Malformed
from sync.wire.fields import Fields, one_of

LENGTH = struct.Struct(">I")
MAX_FRAME_BYTES = MAX_BUNDLE_BYTES + 1024


class Ask(IntEnum):
    """What the courier may ask: where to go, what to carry, and to take what came back."""

    HELLO = 1
    FETCH = 2
    DELIVER = 3


@dataclass(frozen=True, slots=True)
class Request:
    """`after_seq` and `most_entries` belong to FETCH, `envelope` to DELIVER."""

    ask: Ask
    after_seq: int = 0
    most_entries: int = 0
    envelope: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """`error` is empty where the request was carried out.

    `hub_url` is where to go; `envelope` what to carry (empty: nothing); `last_seq` the last entry
    in it; `more` whether others wait behind it.
    """

    error: str = ""
    hub_url: str = ""
    ca_pin: bytes = b""
    envelope: bytes = b""
    last_seq: int = 0
    more: bool = False


def frame(payload: bytes) -> bytes:
    return LENGTH.pack(len(payload)) + payload


def frame_length(prefix: bytes) -> int:
    """Return the length that a frame's first 4 bytes announce.

    Raises:
        Malformed: it is longer than any frame of this protocol.
    """
    (length,) = LENGTH.unpack(prefix)
    if length > MAX_FRAME_BYTES:
        raise Malformed("frame: longer than any of this protocol")
    return int(length)


def encode_request(request: Request) -> bytes:
    return frame(
        cbor.encode([int(request.ask), request.after_seq, request.most_entries, request.envelope])
    )


def decode_request(payload: bytes) -> Request:
    fields = Fields.parse(payload, of="request").only(range(4))
    return Request(
        ask=one_of(Ask, fields.uint(0), of="request"),
        after_seq=fields.uint(1),
        most_entries=fields.uint(2),
        envelope=fields.octets(3),
    )


def encode_answer(answer: Answer) -> bytes:
    return frame(
        cbor.encode(
            [
                *(answer.error, answer.hub_url, answer.ca_pin, answer.envelope),
                *(answer.last_seq, answer.more),
            ]
        )
    )


def decode_answer(payload: bytes) -> Answer:
    fields = Fields.parse(payload, of="answer").only(range(6))
    return Answer(
        error=fields.text(0),
        hub_url=fields.text(1),
        ca_pin=fields.octets(2),
        envelope=fields.octets(3),
        last_seq=fields.uint(4),
        more=fields.flag(5),
    )
