"""The body of a journal entry, as it lies under the seal: a visit, or an event at the door.

The codes' meanings are `kiosk.admission`'s and `kiosk.passes`'; here they are numbers, so that a
hub can store an entry from a door that is newer than itself.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from sync.wire import cbor
from sync.wire.fields import Fields, one_of

SUBJECT_BYTES = 8
CTI_BYTES = 8
MAX_DETAIL = 100
_MAX_CODE = 65535
_MOST_TIMES = 2**31 - 1


class Direction(IntEnum):
    UNKNOWN = 0
    IN = 1
    OUT = 2


class Visit(NamedTuple):
    """One decision.

    `outcome` is what the rules say, `shown` what the lamp said (they differ in a trial phase).
    `earliest_s` and `latest_s` bound the true time as the door knew it (Unix seconds); `latest_s`
    is None where it knew no upper bound. `rule` is the deciding rule's place in the rulebook.
    """

    outcome: int
    shown: int
    reason: int
    direction: Direction
    format: int
    rulebook: int
    earliest_s: int
    latest_s: int | None = None
    rule: int | None = None
    pass_type: int | None = None
    sub: bytes | None = None
    cti: bytes | None = None

    def to_bytes(self) -> bytes:
        content: dict[int | str, cbor.Value] = {
            1: self.outcome,
            2: self.shown,
            3: self.reason,
            4: int(self.direction),
            5: self.format,
            6: self.rulebook,
            7: self.earliest_s,
            8: self.latest_s,
            9: self.rule,
            10: self.pass_type,
            11: self.sub,
            12: self.cti,
        }
        return cbor.encode({key: value for key, value in content.items() if value is not None})


def read_visit(body: bytes) -> Visit:
    """Raises Malformed where the body is not a visit's. Fields of later versions are let be."""
    fields = Fields.parse(body, of="visit")
    return Visit(
        outcome=fields.uint(1, _MAX_CODE),
        shown=fields.uint(2, _MAX_CODE),
        reason=fields.uint(3, _MAX_CODE),
        direction=one_of(Direction, fields.uint(4), of="visit"),
        format=fields.uint(5, _MAX_CODE),
        rulebook=fields.uint(6),
        earliest_s=fields.uint(7),
        latest_s=fields.uint(8) if fields.has(8) else None,
        rule=fields.uint(9, _MAX_CODE) if fields.has(9) else None,
        pass_type=fields.uint(10, _MAX_CODE) if fields.has(10) else None,
        sub=fields.octets(11, SUBJECT_BYTES) if fields.has(11) else None,
        cti=fields.octets(12, CTI_BYTES) if fields.has(12) else None,
    )


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the kiosk: `name` is a `Happening` or a health check's, never a
    person's; `value` in the unit that the name ends with.

    `is_bad` is None of what neither comes nor goes. `detail` names software or a board. `count`
    says how often it happened since the entry before of that name, this time included; the last
    time was `ago_s` before the entry was made.
    """

    name: str
    value: int | None = None
    is_bad: bool | None = None
    detail: str = ""
    count: int = 1
    ago_s: int = 0

    def to_bytes(self) -> bytes:
        content: dict[int | str, cbor.Value] = {
            1: self.name,
            2: self.value,
            3: self.is_bad,
            4: self.detail or None,
            5: self.count if self.count > 1 else None,
            6: self.ago_s or None,
        }
        return cbor.encode({key: value for key, value in content.items() if value is not None})


def read_event(body: bytes) -> Event:
    """Raises Malformed where the body is not an event's. Fields of later versions are let be."""
    fields = Fields.parse(body, of="event")
    return Event(
        name=fields.text(1, most=60),
        value=fields.integer(2) if fields.has(2) else None,
        is_bad=fields.flag(3) if fields.has(3) else None,
        detail=fields.text(4, most=MAX_DETAIL) if fields.has(4) else "",
        count=fields.uint(5, _MOST_TIMES) if fields.has(5) else 1,
        ago_s=fields.uint(6, _MOST_TIMES) if fields.has(6) else 0,
    )


@dataclass(frozen=True, slots=True)
class Assisted:
    """An officer's press: one person let in, who is not named.

    `number` counts the presses of this door; `of_seq` is the entry of the code that the officer
    was asked about, None for a person without any.
    """

    number: int
    of_seq: int | None = None

    def to_bytes(self) -> bytes:
        return cbor.encode(
            {1: self.number} if self.of_seq is None else {1: self.number, 2: self.of_seq}
        )


def read_assisted(body: bytes) -> Assisted:
    """Raises Malformed where the body is not an officer's press."""
    fields = Fields.parse(body, of="assisted visit")
    return Assisted(fields.uint(1), fields.uint(2) if fields.has(2) else None)
