"""What each door is told, and under which version."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from sync.hub.clock import unix_ms
from sync.hub.fleet.models import Device
from sync.hub.keyring import Keyring
from sync.hub.people.revocation import revoked_octets
from sync.hub.rules.selection import PublishedRules, published_rules
from sync.wire import cbor
from sync.wire.bundle import Bundle, Place, seal_bundle
from sync.wire.keys import DeviceId

# A door that claims a version beyond this is not followed there: versions must not run out.
_LARGEST_BELIEVED = 2**40


@dataclass(frozen=True, slots=True)
class Publication:
    """What all doors' bundles are made of at one time."""

    keyring: Keyring
    revoked: bytes
    rules: PublishedRules
    at: datetime

    def content_for(self, device: Device) -> Bundle:
        """Return the bundle as far as its content goes, under the version issued last."""
        place = place_of(device)
        return Bundle(
            hub=self.keyring.hub,
            device=DeviceId(device.device_id),
            version=device.issued_version,
            issued_at_ms=unix_ms(self.at),
            key_list=self.keyring.key_list_message,
            rulebooks=self.rules.for_kind(place.site_kind, self.at),
            revoked=self.revoked,
            place=place,
        )

    def is_news_to(self, device: Device) -> bool:
        """Say whether the kiosk has yet to be told something, or to say that it took it."""
        stale = device.issued_digest != digest(self.content_for(device))
        return stale or device.bundle_version != device.issued_version


def gather(keyring: Keyring, at: datetime) -> Publication:
    return Publication(keyring, revoked_octets(at), published_rules(), at)


def issue(device: Device, publication: Publication, *, reported: int) -> Bundle:
    """Return the newest bundle, its version raised if its content is new. The caller brings the
    transaction and holds the device's row.

    `reported` is the version that the door has: one beyond ours comes from a hub that was
    restored to an earlier day, and only a higher one will be taken.
    """
    content = publication.content_for(device)
    found = digest(content)
    ahead = device.issued_version < reported < _LARGEST_BELIEVED
    if found != device.issued_digest or ahead:
        last = max(device.issued_version, reported) if ahead else device.issued_version
        device.issued_version = last + 1
        device.issued_digest = found
        device.save(update_fields=["issued_version", "issued_digest"])
    return replace(content, version=device.issued_version)


def seal(bundle: Bundle, device: Device, keyring: Keyring) -> bytes:
    to = X25519PublicKey.from_public_bytes(device.sealing_public)
    return seal_bundle(bundle, keyring.bundle, to)


def digest(content: Bundle) -> bytes:
    """Return a hash of what the door is told: of neither version nor time."""
    place = content.place
    told: list[cbor.Value] = [
        content.key_list,
        list(content.rulebooks),
        content.revoked,
        [place.door, place.label, place.direction, place.site_kind, place.timezone],
        [place.unit, place.door_bit],
    ]
    return sha256(cbor.encode(told)).digest()


def place_of(device: Device) -> Place:
    door = device.door
    return Place(
        door=door.public_id,
        label=door.label,
        direction=door.direction,
        site_kind=door.site.kind,
        timezone=door.site.timezone,
        unit=door.office.unit,
        door_bit=door.door_bit,
    )
