"""What each door is told, and under which version."""

from dataclasses import astuple, dataclass, replace
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from sync.hub.clock import unix_ms
from sync.hub.fleet.models import Device
from sync.hub.fleet.restored import is_unconfirmed
from sync.hub.keyring import Keyring
from sync.hub.people.pass_keys import revoked_keys
from sync.hub.people.revocation import revoked_octets
from sync.hub.people.roster import roster_table
from sync.hub.rules.selection import PublishedRules, published_rules
from sync.hub.rules.signers import trusted_signers
from sync.wire import cbor
from sync.wire.bundle import Bundle, HealthSigner, Place, RosterTable, seal_bundle
from sync.wire.keys import DeviceId

# What of a door goes into `place_of`.
PLACE = (
    *("public_id", "label", "direction", "door_bit", "sees_both_ways"),
    *("site__kind", "site__timezone", "office__unit"),
)
# A door that claims a version beyond this is not followed there: versions must not run out.
_LARGEST_BELIEVED = 2**40


@dataclass(frozen=True, slots=True)
class Known:
    """What all doors are told alike."""

    key_list: bytes
    revoked: bytes
    revoked_keys: bytes
    signers: tuple[HealthSigner, ...]
    roster: RosterTable | None

    def digest(self) -> bytes:
        signers: list[cbor.Value] = [list(astuple(signer)) for signer in self.signers]
        told: list[cbor.Value] = [self.key_list, self.revoked, self.revoked_keys, signers]
        if self.roster is not None:
            roster = self.roster
            shapes: list[cbor.Value] = [list(shape) for shape in roster.shapes]
            told += [roster.salt, roster.cost, shapes, roster.rows]
        return sha256(cbor.encode(told)).digest()


@dataclass(frozen=True, slots=True)
class Publication:
    """What all doors' bundles are made of at one time; `digest` is that of `known`, which is
    long.
    """

    keyring: Keyring
    known: Known
    digest: bytes
    rules: PublishedRules
    at: datetime

    def content_for(self, device: Device) -> Bundle:
        """Return the bundle as far as its content goes, under the version issued last."""
        place, known = place_of(device), self.known
        return Bundle(
            hub=self.keyring.hub,
            device=DeviceId(device.device_id),
            version=device.issued_version,
            issued_at_ms=unix_ms(self.at),
            key_list=known.key_list,
            rulebooks=self.rules.for_kind(place.site_kind, self.at),
            revoked=known.revoked,
            place=place,
            revoked_keys=known.revoked_keys,
            signers=known.signers,
            roster=known.roster,
        )

    def digest_of(self, content: Bundle) -> bytes:
        """Return a hash of what the door is told: of neither version nor time."""
        place: list[cbor.Value] = list(astuple(content.place))
        told: list[cbor.Value] = [self.digest, list(content.rulebooks), place]
        return sha256(cbor.encode(told)).digest()

    def is_news_to(self, device: Device) -> bool:
        """Say whether the kiosk has yet to be told something, or to say that it took it."""
        stale = device.issued_digest != self.digest_of(self.content_for(device))
        return stale or device.bundle_version != device.issued_version


def gather(keyring: Keyring, at: datetime) -> Publication:
    known = Known(
        key_list=keyring.key_list_message,
        revoked=revoked_octets(at),
        revoked_keys=revoked_keys(keyring.key_list),
        signers=trusted_signers(),
        roster=roster_table(),
    )
    return Publication(keyring, known, known.digest(), published_rules(), at)


def issue(device: Device, publication: Publication, *, reported: int) -> Bundle:
    """Return the newest bundle, its version raised if its content is new. The caller brings the
    transaction and holds the device's row.

    `reported` is the version that the door has: one beyond ours comes from a hub that was
    restored to an earlier day, and only a higher one will be taken; there is none before somebody
    has confirmed the restore.
    """
    content = publication.content_for(device)
    found = publication.digest_of(content)
    ahead = device.issued_version < reported < _LARGEST_BELIEVED
    if ahead and is_unconfirmed():
        # It knows what was revoked, and the hub does not: it keeps what it has.
        return content
    if found != device.issued_digest or ahead:
        last = max(device.issued_version, reported) if ahead else device.issued_version
        device.issued_version = last + 1
        device.issued_digest, device.issued_at = found, publication.at
        device.save(update_fields=["issued_version", "issued_digest", "issued_at"])
    return replace(content, version=device.issued_version)


def seal(bundle: Bundle, device: Device, keyring: Keyring) -> bytes:
    to = X25519PublicKey.from_public_bytes(device.sealing_public)
    return seal_bundle(bundle, keyring.bundle, to)


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
        sees_both_ways=door.sees_both_ways,
    )
