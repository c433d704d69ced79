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
# Thermal noise of a WiFi channel of 20 MHz is about -101 dBm; 0 dBm is a milliwatt at the antenna.
WEAKEST_DBM, STRONGEST_DBM = -120, -1


class Ask(IntEnum):
    """What the courier may ask: where to go, what to carry, and to take what came back.

    PACK and UNPACK are FETCH and DELIVER with a parcel in the place of an envelope; STICK tells
    how a stick fares, for the lamp; RADIO how strong the WiFi is, and that the courier lives.
    """

    HELLO = 1
    FETCH = 2
    DELIVER = 3
    PACK = 4
    UNPACK = 5
    STICK = 6
    RADIO = 7


class StickState(IntEnum):
    """How the stick fares that the courier has found; it is shown, never believed."""

    ABSENT = 0
    BUSY = 1
    DONE = 2
    FULL = 3
    READ_ONLY = 4
    FAULTY = 5


@dataclass(frozen=True, slots=True)
class Request:
    """`after_seq` and `most_entries` belong to FETCH and PACK, `envelope` to DELIVER and UNPACK,
    `stick` to STICK, `radio_dbm` (None: no radio is known) to RADIO.
    """

    ask: Ask
    after_seq: int = 0
    most_entries: int = 0
    envelope: bytes = b""
    stick: StickState = StickState.ABSENT
    radio_dbm: int | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What the courier has to know of a parcel that it cannot read, to keep a stick in order.

    `folder` is the kiosk's own; `epoch` that of the entries, empty where the parcel is a request
    to be enrolled; `settled_seq` how far the hub has settled it, `newest_seq` how far it goes.
    """

    folder: str
    epoch: bytes = b""
    settled_seq: int = 0
    newest_seq: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """`error` is empty where the request was carried out.

    `hub_url` is where to go; `envelope` what to carry (empty: nothing); `last_seq` the last entry
    in it; `more` whether others wait behind it. `earliest_ms` and `latest_ms` are what the door
    knows of the time (Unix milliseconds, None: no upper bound); they belong to HELLO, `load` to
    PACK.
    """

    error: str = ""
    hub_url: str = ""
    ca_pin: bytes = b""
    envelope: bytes = b""
    last_seq: int = 0
    more: bool = False
    earliest_ms: int = 0
    latest_ms: int | None = None
    load: Load | None = None


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
        cbor.encode(
            [
                *(int(request.ask), request.after_seq, request.most_entries, request.envelope),
                *(int(request.stick), request.radio_dbm),
            ]
        )
    )


def decode_request(payload: bytes) -> Request:
    fields = Fields.parse(payload, of="request").only(range(6))
    return Request(
        ask=one_of(Ask, fields.uint(0), of="request"),
        after_seq=fields.uint(1),
        most_entries=fields.uint(2),
        envelope=fields.octets(3),
        stick=one_of(StickState, fields.uint(4), of="request"),
        radio_dbm=_radio(fields.integer(5)) if fields.has(5) else None,
    )


def _radio(dbm: int) -> int:
    if not WEAKEST_DBM <= dbm <= STRONGEST_DBM:
        raise Malformed("request: no radio is so strong or so weak")
    return dbm


def encode_answer(answer: Answer) -> bytes:
    return frame(
        cbor.encode(
            [
                *(answer.error, answer.hub_url, answer.ca_pin, answer.envelope),
                *(answer.last_seq, answer.more, answer.earliest_ms, answer.latest_ms),
                None if answer.load is None else _load_value(answer.load),
            ]
        )
    )


def decode_answer(payload: bytes) -> Answer:
    fields = Fields.parse(payload, of="answer").only(range(9))
    return Answer(
        error=fields.text(0),
        hub_url=fields.text(1),
        ca_pin=fields.octets(2),
        envelope=fields.octets(3),
        last_seq=fields.uint(4),
        more=fields.flag(5),
        earliest_ms=fields.uint(6),
        latest_ms=fields.uint(7) if fields.has(7) else None,
        load=_load(fields.nested(8)) if fields.has(8) else None,
    )


def _load_value(load: Load) -> cbor.Value:
    return [load.folder, load.epoch, load.settled_seq, load.newest_seq]


def _load(fields: Fields) -> Load:
    fields.only(range(4))
    return Load(
        folder=fields.text(0, most=64),
        epoch=fields.octets(1, most=64),
        settled_seq=fields.uint(2),
        newest_seq=fields.uint(3),
    )
