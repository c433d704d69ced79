"""A batch's way through the hub: who sent it, is it theirs, store it, then acknowledge it."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from sync.hub.clock import unix_ms
from sync.hub.device_endpoint import Later, Refused
from sync.hub.fleet import bundles
from sync.hub.fleet.contact import note_contact
from sync.hub.fleet.models import Device, DeviceStatus
from sync.hub.ingest.settling import Settlement, settle
from sync.hub.keyring import Keyring
from sync.wire.batch import Batch, open_batch
from sync.wire.bundle import Bundle
from sync.wire.envelope import Content, Envelope
from sync.wire.errors import BadSignature, Malformed
from sync.wire.keys import DeviceId
from sync.wire.receipt import Receipt, sign_receipt

logger = logging.getLogger(__name__)
_APPROVAL_TAKES_S = 300


def receive(envelope: Envelope, keyring: Keyring, clock: Callable[[], datetime]) -> list[Envelope]:
    """Take a batch in and return what answers it: a receipt, and a bundle where there is a newer.

    Raises:
        WireError: the batch is malformed.
        Refused: it is not from a device that is enrolled here.
        Later: the device waits for its approval.
    """
    if envelope.content is not Content.BATCH:
        raise Malformed("only batches are taken here")
    sender = _admitted(Device.objects.filter(device_id=envelope.device).first())
    batch = _open(envelope, sender)
    at = clock()
    with transaction.atomic():
        device = _admitted(
            Device.objects.select_for_update(of=("self",))
            .select_related("door__site", "door__office")
            .filter(pk=sender.pk)
            .first()
        )
        settlement = settle(device, batch, envelope.message, keyring, at)
        note_contact(device, batch, at)
        publication = bundles.gather(keyring, at)
        bundle = bundles.issue(device, publication, reported=batch.bundle_version)
    is_behind = batch.bundle_version < bundle.version
    # Only what is committed may be acknowledged: the door deletes by this.
    receipt = _receipt(batch, settlement, clock(), bundle.version)
    answer = [_signed(receipt, keyring, is_behind=is_behind)]
    if is_behind:
        answer.append(_sealed(bundle, device, keyring))
    return answer


def _admitted(device: Device | None) -> Device:
    if device is None:
        raise Refused(401, "this device is not known here")
    if device.status == DeviceStatus.REVOKED:
        raise Refused(410, "this device is revoked")
    if device.status != DeviceStatus.ACTIVE:
        raise Later("this device waits for its approval", _APPROVAL_TAKES_S)
    return device


def _open(envelope: Envelope, sender: Device) -> Batch:
    try:
        return open_batch(envelope.message, sender.signing_public)
    except BadSignature as fault:
        logger.warning("device %d: a batch that it did not sign", sender.pk)
        raise Refused(401, str(fault)) from fault


def _receipt(batch: Batch, settlement: Settlement, at: datetime, bundle_version: int) -> Receipt:
    return Receipt(
        device=batch.device,
        epoch=batch.epoch,
        acked_through=settlement.acked_through,
        chain=settlement.chain,
        rejected=settlement.rejected,
        missing=settlement.missing,
        nonce=batch.nonce,
        hub_time_ms=unix_ms(at),
        pause_s=0,
        conflict=settlement.is_conflict,
        bundle_version=bundle_version,
    )


def _signed(receipt: Receipt, keyring: Keyring, *, is_behind: bool) -> Envelope:
    key = keyring.receipt_for(receipt.hub_time_ms // 1000, is_behind=is_behind)
    return Envelope(Content.RECEIPT, DeviceId(receipt.device), sign_receipt(receipt, key))


def _sealed(bundle: Bundle, device: Device, keyring: Keyring) -> Envelope:
    return Envelope(Content.BUNDLE, bundle.device, bundles.seal(bundle, device, keyring))
