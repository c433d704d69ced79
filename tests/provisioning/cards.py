"""Hubs that sign enrolment cards for tests."""

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.wire.card import Card, sign_card
from sync.wire.keys import HubKey, KeyList, Purpose, sign_key_list

ISSUED_S = 1_767_600_000
EXPIRES_S = ISSUED_S + 72 * 3600
TOKEN = bytes(range(200, 216))


class CardHub:
    """`seed` makes its root; two hubs of one seed are the same hub."""

    def __init__(self, seed: int = 1) -> None:
        self._root = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self._bundle = Ed25519PrivateKey.from_private_bytes(bytes([seed + 100]) * 32)

    def card(self, **changes: object) -> Card:
        public = self._bundle.public_key().public_bytes_raw()
        keys = KeyList(1, (HubKey(Purpose.BUNDLE, public, 0, 2**40),))
        card = Card(
            door=bytes(range(8)),
            door_label="Pintu utama",
            hub_url="https://hub.example.go.id",
            root_public=self._root.public_key().public_bytes_raw(),
            key_list=sign_key_list(keys, self._root),
            token=TOKEN,
            issued_at_s=ISSUED_S,
            expires_s=EXPIRES_S,
            ca_pin=bytes([0xCA] * 32),
        )
        return replace(card, **changes)  # type: ignore[arg-type]

    def text(self, **changes: object) -> str:
        return sign_card(self.card(**changes), self._bundle)
