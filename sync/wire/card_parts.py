"""A card in several codes, for one that would be too fine to be read from a phone's screen.

A part is `GPC1:` and base45 of the array [digest, number, of, piece]: which card it belongs to,
which part it is, counted from 1, and of how many. Nothing in it is believed: the whole card is
signed.
"""

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256

from sync.wire import cbor
from sync.wire.card import message_of, text_of
from sync.wire.errors import Malformed
from sync.wire.fields import Fields

PART_CHARACTERS = 311
"""What a QR code of version 10 (57 modules) holds at level M: docs/operations/enrolment.md says
how well cameras read it, and finer ones."""

MOST_PARTS = 8
DIGEST_BYTES = 8
# Of 204 bytes in base45, what array, digest, numbers and length leave.
_PIECE_BYTES = 190
_MOST_SETS = 2


@dataclass(frozen=True, slots=True)
class Part:
    digest: bytes
    number: int
    of: int
    piece: bytes


def split_card(text: str) -> tuple[str, ...]:
    """Return the codes to be shown: the card itself where it is small, else its parts in order.

    Raises:
        Malformed: it is no card's text, or too long for all parts together.
    """
    if len(text) <= PART_CHARACTERS:
        return (text,)
    message = message_of(text)
    count = -(-len(message) // _PIECE_BYTES)
    if count > MOST_PARTS:
        raise Malformed("card: too long to be shown in parts")
    size = -(-len(message) // count)
    digest = _digest(message)
    return tuple(
        _part_text(Part(digest, number + 1, count, message[number * size : (number + 1) * size]))
        for number in range(count)
    )


def read_part(text: str) -> Part | None:
    """Return the part that a text is; None where it is a whole card, or nothing of the kind."""
    try:
        fields = Fields.parse(message_of(text), of="part of a card").only(range(4))
        part = Part(
            digest=fields.octets(0, DIGEST_BYTES),
            number=fields.uint(1, MOST_PARTS),
            of=fields.uint(2, MOST_PARTS),
            piece=fields.octets(3, most=_PIECE_BYTES),
        )
    except Malformed:
        return None
    return part if 1 <= part.number <= part.of and part.piece else None


class Gathering:
    """Collects parts in any order, of two cards at most: a third displaces the older one."""

    def __init__(self) -> None:
        self._sets: OrderedDict[tuple[bytes, int], dict[int, bytes]] = OrderedDict()

    def add(self, part: Part) -> str | None:
        """Return the whole card's text as soon as all its parts are there, else None.

        Raises:
            Malformed: they are, and do not make up the card that each of them names.
        """
        known_by = (part.digest, part.of)
        pieces = self._sets.setdefault(known_by, {})
        self._sets.move_to_end(known_by)
        pieces[part.number] = part.piece
        if len(self._sets) > _MOST_SETS:
            self._sets.popitem(last=False)
        if len(pieces) < part.of:
            return None
        del self._sets[known_by]
        message = b"".join(pieces[number] for number in sorted(pieces))
        if _digest(message) != part.digest:
            raise Malformed("card: its parts do not fit together")
        return text_of(message)


def _part_text(part: Part) -> str:
    return text_of(cbor.encode([part.digest, part.number, part.of, part.piece]))


def _digest(message: bytes) -> bytes:
    return sha256(message).digest()[:DIGEST_BYTES]
