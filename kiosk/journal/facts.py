"""Small things that must outlive a power cut: membership, the floor of time, versions taken."""

from dataclasses import dataclass
from hashlib import sha256

import apsw

from kiosk.journal.database import scalar
from kiosk.journal.tidings import Tidings, read_tidings
from sync.wire import cbor
from sync.wire.card import Card
from sync.wire.fields import Fields
from sync.wire.keys import DeviceId

MEMBERSHIP = "membership"
_FLOOR = "floor_ms"
_BUNDLE_RANK = "bundle_rank"
_CONFIRMATION = "confirmation"
ANCHORS_TOLD = "anchors_told"
_ASSISTED = "assisted"
_DAY = "day"
_POWERED = "powered_ms"
_TOLD = "told"
_CARD_ISSUED = "card_issued_s"


@dataclass(frozen=True, slots=True)
class Membership:
    """Which hub this kiosk belongs to, and what it asked to be let in with.

    `key_list` is the list on the card, for sealing before the first bundle has come.
    """

    device: DeviceId
    door: bytes
    hub_url: str
    ca_pin: bytes
    root_public: bytes
    key_list: bytes
    token: bytes

    def to_bytes(self) -> bytes:
        return cbor.encode(
            [
                *(self.device, self.door, self.hub_url, self.ca_pin, self.root_public),
                *(self.key_list, self.token),
            ]
        )

    def objection_to(self, card: Card, *, newer_than_s: int) -> str:
        """Return why a later card of the same hub does not count; empty: it does."""
        if card.door != self.door:
            return "it is for another door"
        if card.issued_at_s <= newer_than_s or card.token == self.token:
            return "it has been used, or a newer one has"
        return ""


def membership_by(card: Card, device: DeviceId) -> Membership:
    return Membership(
        device=device,
        door=card.door,
        hub_url=card.hub_url,
        ca_pin=card.ca_pin or b"",
        root_public=card.root_public,
        key_list=card.key_list,
        token=card.token,
    )


def read_membership(value: bytes) -> Membership:
    """Raises WireError where the bytes are no membership's."""
    fields = Fields.parse(value, of="membership").only(range(7))
    return Membership(
        device=DeviceId(fields.octets(0)),
        door=fields.octets(1),
        hub_url=fields.text(2),
        ca_pin=fields.octets(3),
        root_public=fields.octets(4),
        key_list=fields.octets(5),
        token=fields.octets(6),
    )


class Facts:
    """Reads and writes facts; the caller brings the transaction."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def membership(self) -> Membership | None:
        value = self._get(MEMBERSHIP)
        if value is None:
            return None
        return read_membership(value)

    def set_membership(self, membership: Membership) -> None:
        self._set(MEMBERSHIP, membership.to_bytes())

    def card_issued_s(self) -> int:
        """Return when the hub made the newest card that was taken (Unix seconds)."""
        return self._number(_CARD_ISSUED)

    def set_card_issued_s(self, issued_s: int) -> None:
        self._set(_CARD_ISSUED, cbor.encode(issued_s))

    def floor_ms(self) -> int:
        """Return a Unix time that has certainly passed, by the hub's signature."""
        return self._number(_FLOOR)

    def raise_floor(self, floor_ms: int) -> None:
        self._raise(_FLOOR, floor_ms)

    def bundle_rank(self) -> tuple[int, int]:
        """Return the versions of the key list and of the bundle that were taken last."""
        return self._pair(_BUNDLE_RANK)

    def confirmation(self) -> tuple[int, int]:
        """Return which bundle's version was last confirmed, and the hub's time of it (Unix ms)."""
        return self._pair(_CONFIRMATION)

    def set_confirmation(self, version: int, hub_time_ms: int) -> None:
        self._set(_CONFIRMATION, cbor.encode([version, hub_time_ms]))

    def bundle_version(self) -> int:
        return self.bundle_rank()[1]

    def raise_bundle_rank(self, rank: tuple[int, int]) -> None:
        if rank > self.bundle_rank():
            self._set(_BUNDLE_RANK, cbor.encode(list(rank)))

    def anchors_told(self) -> int:
        """Return the number of the last anchor that the hub is known to have."""
        return self._number(ANCHORS_TOLD)

    def raise_anchors_told(self, anchor_no: int) -> None:
        self._raise(ANCHORS_TOLD, anchor_no)

    def assisted(self) -> int:
        """Return the running number of the officer's last press."""
        return self._number(_ASSISTED)

    def raise_assisted(self, number: int) -> None:
        self._raise(_ASSISTED, number)

    def powered_ms(self) -> int:
        """Return for how long this kiosk has run, as far as it was counted."""
        return self._number(_POWERED)

    def add_powered(self, elapsed_ms: int) -> None:
        self._raise(_POWERED, self.powered_ms() + elapsed_ms)

    def officer_slot(self, officer: bytes) -> int:
        """Return the highest slot of this officer's codes that ever told the time here."""
        return self._number(_officer_slot(officer))

    def raise_officer_slot(self, officer: bytes, slot: int) -> None:
        self._raise(_officer_slot(officer), slot)

    def day(self) -> int:
        """Return the last day on which presence was forgotten."""
        return self._number(_DAY)

    def set_day(self, day: int) -> None:
        """A day that was wrong, and far ahead, must not keep all that follow from counting."""
        self._set(_DAY, cbor.encode(day))

    def told(self) -> Tidings:
        """Return what events have said."""
        return read_tidings(self._get(_TOLD))

    def set_told(self, told: Tidings) -> None:
        self._set(_TOLD, told.to_bytes())

    def forget_bundle_version(self) -> None:
        """Begin anew at another hub, or after being enrolled again."""
        self._set(_BUNDLE_RANK, cbor.encode([0, 0]))

    def _number(self, name: str) -> int:
        value = self._get(name)
        number = 0 if value is None else cbor.decode(value)
        return number if isinstance(number, int) else 0

    def _pair(self, name: str) -> tuple[int, int]:
        value = self._get(name)
        if value is None:
            return 0, 0
        fields = Fields.parse(value, of=name).only((0, 1))
        return fields.uint(0), fields.uint(1)

    def _raise(self, name: str, number: int) -> None:
        if number > self._number(name):
            self._set(name, cbor.encode(number))

    def _get(self, name: str) -> bytes | None:
        found = scalar(self._connection, "SELECT value FROM fact WHERE name=?", (name,))
        return found if isinstance(found, bytes) else None

    def _set(self, name: str, value: bytes) -> None:
        self._connection.execute(
            "INSERT INTO fact VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value",
            (name, value),
        )


def _officer_slot(officer: bytes) -> str:
    """A cti is random: its hash tells nothing to whoever does not hold the pass."""
    return f"officer_slot/{sha256(officer).hexdigest()[:16]}"
