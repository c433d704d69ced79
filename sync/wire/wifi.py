"""The WiFi that a card may bring: a closed form, so that nothing in it means more than itself."""

import re
from dataclasses import dataclass, field

from sync.wire import cbor
from sync.wire.errors import Malformed
from sync.wire.fields import Fields

SSID_BYTES = 32  # IEEE 802.11-2020, section 9.4.2.2
# IEEE 802.11-2020, annex J.4: a pass phrase of printable ASCII, or the key itself in hexadecimal.
_KEY = re.compile(r"[\x20-\x7e]{8,63}|[0-9A-Fa-f]{64}")
_COUNTRY = re.compile(r"[A-Z]{2}")  # ISO 3166-1 alpha-2


@dataclass(frozen=True, slots=True)
class WiFi:
    """`psk` is empty where the network is open; `country` says which channels may be used.

    Raises:
        Malformed: no network can be called so, or has such a key.
    """

    ssid: str
    psk: str = field(default="", repr=False)
    hidden: bool = False
    country: str = "ID"

    def __post_init__(self) -> None:
        for wrong in faults(self.ssid, self.psk, self.country):
            raise Malformed(wrong)

    def to_value(self) -> cbor.Value:
        return [self.ssid, self.psk, self.hidden, self.country]


def faults(ssid: str, psk: str, country: str) -> list[str]:
    """Return what is wrong, without saying what was given: the key is a secret."""
    found = []
    if not 1 <= len(ssid.encode("utf-8", "replace")) <= SSID_BYTES or has_control(ssid):
        found.append(f"ssid: must have 1 to {SSID_BYTES} bytes, and no control characters")
    if psk and not _KEY.fullmatch(psk):
        found.append("psk: must have 8 to 63 plain characters, or 64 hexadecimal digits")
    if not _COUNTRY.fullmatch(country):
        found.append("country: must be two capital letters, as ID")
    return found


def has_control(text: str) -> bool:
    """Say whether a text has line ends or other characters that steer instead of being shown."""
    return any(
        ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 or 0xD800 <= ord(character) < 0xE000
        for character in text
    )


def wifi_of(fields: Fields) -> WiFi:
    """Raises Malformed where the fields are no WiFi's."""
    fields.only(range(4))
    return WiFi(
        ssid=fields.text(0, most=SSID_BYTES),
        psk=fields.text(1, most=64),
        hidden=fields.flag(2),
        country=fields.text(3, most=2),
    )
