"""A parcel's way through the hub: opened, and then as what comes over the network."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.db import transaction

from sync.hub.device_endpoint import Refused
from sync.hub.fleet import bundles
from sync.hub.fleet.current import current_publication
from sync.hub.fleet.enrolment import enrol_device
from sync.hub.fleet.models import Device, DeviceStatus
from sync.hub.fleet.restored import is_unconfirmed
from sync.hub.ingest.models import Entry, Rejected
from sync.hub.ingest.receiving import receive
from sync.hub.keyring import Keyring
from sync.wire.batch import Batch, open_batch
from sync.wire.envelope import Content, Envelope
from sync.wire.keys import DeviceId
from sync.wire.parcel import SUFFIX, folder_of, open_parcel, pack_parcel
from sync.wire.receipt import open_receipt

BUNDLE_NAME = f"bundle{SUFFIX}"


@dataclass(frozen=True, slots=True)
class Reply:
    """A file for the kiosk's folder on the way back; a newer one of the name takes its place."""

    folder: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a parcel was. `taken`, `repeated` and `rejected` count entries."""

    device: DeviceId
    taken: int = 0
    repeated: int = 0
    rejected: int = 0
    is_conflict: bool = False
    replies: tuple[Reply, ...] = ()


def take_parcel(data: bytes, keyring: Keyring, clock: Callable[[], datetime]) -> Arrival:
    """Take in what a kiosk has put on a stick.

    Raises:
        WireError: it is no parcel, not for this hub, or what is in it is malformed.
        Refused, Later: it is not from a device that is welcome here.
    """
    envelope = open_parcel(data, keyring.sealing)
    if envelope.content is Content.ENROLMENT:
        answer = enrol_device(envelope, keyring, clock())
        return Arrival(envelope.device, replies=(_reply(answer, _device(envelope.device)),))
    device = _device(envelope.device)
    if envelope.content is not Content.BATCH:
        receive(envelope, keyring, clock)  # refuses it
    batch = open_batch(envelope.message, device.signing_public)
    before = count_stored(device, batch, Entry)
    answers = receive(envelope, keyring, clock)
    receipt = open_receipt(answers[0].message, keyring.key_list)
    stored = count_stored(device, batch, Entry)
    return Arrival(
        device=envelope.device,
        taken=stored - before,
        repeated=before,
        rejected=count_stored(device, batch, Rejected),
        is_conflict=receipt.conflict,
        replies=tuple(_reply(answer, device, batch.epoch) for answer in answers),
    )


def bundles_for(site: str, keyring: Keyring, at: datetime) -> Iterator[Reply]:
    """Yield the newest bundle for each kiosk at the sites of that name that has not said that it
    has it; none where the hub was restored and nobody has confirmed it.

    Raises:
        Refused: there is no such kiosk.
    """
    devices = Device.objects.filter(door__site__name=site, status=DeviceStatus.ACTIVE)
    numbers = list(devices.values_list("pk", flat=True))
    if not numbers:
        raise Refused(404, f"no kiosk is enrolled at a site named {site!r}")
    if is_unconfirmed():
        # What a kiosk there knows by now it has not said yet.
        return
    publication = current_publication(keyring, at)
    for number in numbers:
        with transaction.atomic():
            device = (
                Device.objects.select_for_update(of=("self",))
                .select_related("door__site", "door__office")
                .get(pk=number)
            )
            reported = device.bundle_version
            bundle = bundles.issue(device, publication, reported=reported)
        if reported < bundle.version:
            message = bundles.seal(bundle, device, keyring)
            yield _reply(Envelope(Content.BUNDLE, bundle.device, message), device)


def _device(device: DeviceId) -> Device:
    found = Device.objects.filter(device_id=device).first()
    if found is None:
        raise Refused(401, "this device is not known here")
    return found


def count_stored(device: Device, batch: Batch, model: type[Entry] | type[Rejected]) -> int:
    """Return how many entries of those in the batch are stored, or kept as rejected."""
    if not batch.entries:
        return 0
    span = (batch.entries[0].header.seq, batch.entries[-1].header.seq)
    rows = model._default_manager.filter(
        epoch__device=device, epoch__epoch=batch.epoch, seq__range=span
    )
    return rows.count()


def _reply(answer: Envelope, device: Device, epoch: bytes = b"") -> Reply:
    to = X25519PublicKey.from_public_bytes(device.sealing_public)
    is_bundle = answer.content is Content.BUNDLE
    name = BUNDLE_NAME if is_bundle else f"receipt-{epoch.hex()[:8]}{SUFFIX}"
    return Reply(folder_of(answer.device), name, pack_parcel(answer, to))
