"""A batch's way through the hub: who sent it, is it theirs, store it, then acknowledge it."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from django.db import OperationalError, transaction

from sync.hub.clock import unix_ms
from sync.hub.device_endpoint import Later, Refused
from sync.hub.fleet import bundles
from sync.hub.fleet.contact import is_news, note_contact
from sync.hub.fleet.current import current_publication
from sync.hub.fleet.models import Device, DeviceStatus
from sync.hub.ingest.advancing import Settlement
from sync.hub.ingest.settling import settle
from sync.hub.keyring import Keyring
from sync.wire.batch import Batch, open_batch
from sync.wire.bundle import Bundle
from sync.wire.envelope import Content, Envelope
from sync.wire.errors import BadSignature, Malformed
from sync.wire.keys import DeviceId
from sync.wire.receipt import Receipt, sign_receipt

logger = logging.getLogger(__name__)
_APPROVAL_TAKES_S = 300
_KEYS_KEPT = 10_000
_TRIES = 3
# All of the device, and what it is told of its place.
_DEVICE = (
    *(field.name for field in Device._meta.concrete_fields),
    *(f"door__{name}" for name in bundles.PLACE),
)
# Serialisation failure and deadlock: PostgreSQL's manual, appendix A.
_OTHERS_FAULT = frozenset({"40001", "40P01"})


def receive(envelope: Envelope, keyring: Keyring, clock: Callable[[], datetime]) -> list[Envelope]:
    """Take a batch in and return what answers it: a receipt, and a bundle where there is a newer.

    Raises:
        WireError: the batch is malformed.
        Refused: it is not from a device that is enrolled here.
        Later: the device waits for its approval.
    """
    if envelope.content is not Content.BATCH:
        raise Malformed("only batches are taken here")
    batch = _open(envelope, _public_of(envelope.device))
    at = clock()
    settlement, device, bundle = _stored(envelope, batch, keyring, at)
    is_behind = batch.bundle_version < bundle.version
    # Only what is committed may be acknowledged: the door deletes by this.
    receipt = _receipt(batch, settlement, clock(), bundle.version)
    answer = [_signed(receipt, keyring, is_behind=is_behind)]
    if is_behind:
        answer.append(_sealed(bundle, device, keyring))
    return answer


def _stored(
    envelope: Envelope, batch: Batch, keyring: Keyring, at: datetime
) -> tuple[Settlement, Device, Bundle]:
    """Store the batch, once more where two transactions got into each other's way."""
    for _ in range(_TRIES - 1):
        try:
            return _store(envelope, batch, keyring, at)
        except OperationalError as fault:
            if getattr(fault.__cause__, "sqlstate", None) not in _OTHERS_FAULT:
                raise
            logger.warning("a batch is stored once more: %s", type(fault.__cause__).__name__)
    return _store(envelope, batch, keyring, at)


def _store(
    envelope: Envelope, batch: Batch, keyring: Keyring, at: datetime
) -> tuple[Settlement, Device, Bundle]:
    with transaction.atomic():
        device = _admitted(
            Device.objects.select_for_update(of=("self",))
            .select_related("door__site", "door__office")
            .only(*_DEVICE)
            .filter(device_id=envelope.device)
            .first()
        )
        settlement = settle(
            device, batch, envelope.message, keyring, at, is_news=is_news(device, batch)
        )
        is_behind = settlement.acked_through < batch.newest_seq
        note_contact(device, batch, at, is_behind=is_behind)
        publication = current_publication(keyring, at)
        bundle = bundles.issue(device, publication, reported=batch.bundle_version)
    return settlement, device, bundle


@lru_cache(maxsize=_KEYS_KEPT)
def _public_of(device: DeviceId) -> bytes:
    """Return the key that the device signs with: its own for ever, for its name is made of it.

    Whether it is still welcome is asked anew for each batch.

    Raises:
        Refused, Later: it is not admitted here, or not yet.
    """
    return _admitted(Device.objects.filter(device_id=device).first()).signing_public


def _admitted(device: Device | None) -> Device:
    if device is None:
        raise Refused(401, "this device is not known here")
    if device.status == DeviceStatus.REVOKED:
        raise Refused(410, "this device is revoked")
    if device.status != DeviceStatus.ACTIVE:
        raise Later("this device waits for its approval", _APPROVAL_TAKES_S)
    return device


def _open(envelope: Envelope, door_public: bytes) -> Batch:
    try:
        return open_batch(envelope.message, door_public)
    except BadSignature as fault:
        logger.warning("device %s: a batch that it did not sign", envelope.device.hex())
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
