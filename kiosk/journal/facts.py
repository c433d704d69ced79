"""Small things that must outlive a power cut: membership, the floor of time, versions taken."""

from dataclasses import dataclass

import apsw

from kiosk.journal.database import scalar
from sync.wire import cbor
from sync.wire.fields import Fields
from sync.wire.keys import DeviceId

_MEMBERSHIP = "membership"
_FLOOR = "floor_ms"
_BUNDLE_VERSION = "bundle_version"
_ANCHORS_TOLD = "anchors_told"
_ASSISTED = "assisted"
_OFFICER_SLOT = "officer_slot"
_DAY = "day"


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


class Facts:
    """Reads and writes facts; the caller brings the transaction."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def membership(self) -> Membership | None:
        value = self._get(_MEMBERSHIP)
        if value is None:
            return None
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

    def set_membership(self, membership: Membership) -> None:
        self._set(_MEMBERSHIP, membership.to_bytes())

    def floor_ms(self) -> int:
        """Return a Unix time that has certainly passed, by the hub's signature."""
        return self._number(_FLOOR)

    def raise_floor(self, floor_ms: int) -> None:
        self._raise(_FLOOR, floor_ms)

    def bundle_version(self) -> int:
        return self._number(_BUNDLE_VERSION)

    def raise_bundle_version(self, version: int) -> None:
        self._raise(_BUNDLE_VERSION, version)

    def anchors_told(self) -> int:
        """Return the number of the last anchor that the hub is known to have."""
        return self._number(_ANCHORS_TOLD)

    def raise_anchors_told(self, anchor_no: int) -> None:
        self._raise(_ANCHORS_TOLD, anchor_no)

    def assisted(self) -> int:
        """Return the running number of the officer's last press."""
        return self._number(_ASSISTED)

    def raise_assisted(self, number: int) -> None:
        self._raise(_ASSISTED, number)

    def officer_slot(self) -> int:
        """Return the highest slot of an officer's code that ever told the time."""
        return self._number(_OFFICER_SLOT)

    def raise_officer_slot(self, slot: int) -> None:
        self._raise(_OFFICER_SLOT, slot)

    def day(self) -> int:
        """Return the last day on which presence was forgotten."""
        return self._number(_DAY)

    def set_day(self, day: int) -> None:
        """A day that was wrong, and far ahead, must not keep all that follow from counting."""
        self._set(_DAY, cbor.encode(day))

    def forget_bundle_version(self) -> None:
        """Begin anew at another hub, or after being enrolled again."""
        self._set(_BUNDLE_VERSION, cbor.encode(0))

    def _number(self, name: str) -> int:
        value = self._get(name)
        number = 0 if value is None else cbor.decode(value)
        return number if isinstance(number, int) else 0

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
