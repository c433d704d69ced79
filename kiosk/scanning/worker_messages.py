"""What the door and its decoding process say to each other, as bytes; frames go by shared memory.

A request is `height, width, thorough`; a reply is `memory_bytes, decode_ms, count` and then the
codes. Nothing is pickled: what a broken decoder sends back must not run in the door.
"""

import struct
from dataclasses import dataclass

from kiosk.scanning.code import Code, Corners
from kiosk.scanning.ladder import Reading

READY = b"ready"

_REQUEST = struct.Struct("<II?")
_REPLY = struct.Struct("<QdH")
_CODE = struct.Struct("<HB8d")

MAX_REQUEST_BYTES = _REQUEST.size
MAX_REPLY_BYTES = 128 * 1024
"""A packet must fit the socket's buffer, 208 KB on Linux unless told otherwise (socket(7))."""


class Garbled(Exception):
    """A message is not in the form that it should have."""


@dataclass(frozen=True, slots=True)
class Request:
    height: int
    width: int
    thorough: bool


@dataclass(frozen=True, slots=True)
class Reply:
    reading: Reading
    memory_bytes: int


def pack_request(request: Request) -> bytes:
    return _REQUEST.pack(request.height, request.width, request.thorough)


def unpack_request(message: bytes) -> Request:
    return Request(*_REQUEST.unpack(message))


def pack_reply(reply: Reply) -> bytes:
    """Codes beyond MAX_REPLY_BYTES are left out: over 40 of the largest there are."""
    packed = list(map(_pack_code, reply.reading.codes))
    while _REPLY.size + sum(map(len, packed)) > MAX_REPLY_BYTES:
        packed.pop()
    head = _REPLY.pack(reply.memory_bytes, reply.reading.decode_ms, len(packed))
    return head + b"".join(packed)


def _pack_code(code: Code) -> bytes:
    rung = code.rung.encode()
    flat = [number for corner in code.corners for number in corner]
    return _CODE.pack(len(code.payload), len(rung), *flat) + code.payload + rung


def unpack_reply(message: bytes) -> Reply:
    """Raises Garbled."""
    try:
        memory_bytes, decode_ms, count = _REPLY.unpack_from(message)
        codes, end = _unpack_codes(message, count)
    except (struct.error, UnicodeDecodeError) as error:
        raise Garbled("a reply of the decoding process has the wrong form") from error
    if end != len(message):
        raise Garbled("a reply of the decoding process has the wrong length")
    return Reply(Reading(codes, decode_ms), memory_bytes)


def _unpack_codes(message: bytes, count: int) -> tuple[tuple[Code, ...], int]:
    codes = []
    at = _REPLY.size
    for _ in range(count):
        payload_bytes, rung_bytes, *flat = _CODE.unpack_from(message, at)
        middle = at + _CODE.size + payload_bytes
        payload = message[at + _CODE.size : middle]
        at = middle + rung_bytes
        codes.append(Code(payload, _corners(flat), message[middle:at].decode()))
    return tuple(codes), at


def _corners(flat: list[float]) -> Corners:
    first, second, third, fourth = zip(flat[::2], flat[1::2], strict=True)
    return first, second, third, fourth
