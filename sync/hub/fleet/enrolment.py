"""A new kiosk shows that it holds a card's token, and becomes the device of that card's door."""

import hmac
import logging
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.db import transaction

from sync.hub.device_endpoint import Later, Refused
from sync.hub.fleet import bundles
from sync.hub.fleet.approval import needs_approval
from sync.hub.fleet.models import Device, DeviceStatus, EnrolmentToken
from sync.hub.keyring import Keyring
from sync.hub.storable import storable_text
from sync.wire import sealing
from sync.wire.enrolment import EnrolmentRequest, open_request
from sync.wire.envelope import Content, Envelope
from sync.wire.errors import CannotOpen, Malformed

logger = logging.getLogger(__name__)
_APPROVAL_TAKES_S = 300


def enrol_device(envelope: Envelope, keyring: Keyring, at: datetime) -> Envelope:
    """Enrol the sender and return its first bundle.

    Raises:
        WireError: the request is malformed, or not sealed to this hub.
        Refused: its token is unknown, used, expired or another door's, or the device is revoked.
        Later: somebody must approve it first; the same request succeeds then.
    """
    request = _open(envelope, keyring)
    with transaction.atomic():
        token = _find_token(request)
        device = _device(token, request, at)
        is_pending = device.status == DeviceStatus.PENDING
        if not is_pending:
            publication = bundles.gather(keyring, at)
            bundle = bundles.issue(device, publication, reported=0)
    if is_pending:
        logger.info("device %d waits for its approval", device.pk)
        raise Later("this device waits for its approval", _APPROVAL_TAKES_S)
    logger.info("device %d is enrolled", device.pk)
    return Envelope(Content.BUNDLE, bundle.device, bundles.seal(bundle, device, keyring))


def token_digest(token: bytes) -> bytes:
    return sha256(b"gapura/enrolment-token/1" + token).digest()


def _open(envelope: Envelope, keyring: Keyring) -> EnrolmentRequest:
    if envelope.content is not Content.ENROLMENT:
        raise Malformed("only enrolment requests are taken here")
    request = _unseal(envelope.message, keyring)
    if request.device != envelope.device:
        raise Malformed("enrolment request: the envelope names another device")
    try:
        sealing.seal(b"", X25519PublicKey.from_public_bytes(request.sealing_public), info=b"")
    except ValueError as error:
        raise Malformed("enrolment request: nothing can be sealed to its key") from error
    return request


def _unseal(message: bytes, keyring: Keyring) -> EnrolmentRequest:
    for key in keyring.sealing:
        try:
            return open_request(message, key)
        except CannotOpen:
            continue
    raise CannotOpen("enrolment request: not sealed to this hub")


def _find_token(request: EnrolmentRequest) -> EnrolmentToken:
    found = (
        EnrolmentToken.objects.select_for_update(of=("self",))
        .select_related("door__site", "door__office")
        .filter(digest=token_digest(request.token))
        .first()
    )
    if found is None or not hmac.compare_digest(found.door.public_id, request.door):
        raise Refused(401, "this enrolment card is not known here")
    return found


def _device(token: EnrolmentToken, request: EnrolmentRequest, at: datetime) -> Device:
    """Return the device, new or as it was when it asked before and the answer was lost."""
    known = (
        Device.objects.select_for_update(of=("self",))
        .select_related("door__site", "door__office")
        .filter(device_id=request.device)
        .first()
    )
    if known is not None and known.status == DeviceStatus.REVOKED:
        raise Refused(410, "this device is revoked")
    if token.used_at is not None:
        if known is None or token.device_id != known.pk:
            raise Refused(410, "this enrolment card has been used: make a new one")
        return known
    if token.expires < at:
        raise Refused(410, "this enrolment card has expired: make a new one")
    device = known or Device(device_id=request.device, enrolled_at=at)
    hardware = storable_text(request.hardware)
    is_pending = needs_approval(device, token.door, hardware)
    device.board_before = device.hardware if is_pending and device.pk is not None else ""
    device.door = token.door
    device.signing_public = request.signing_public
    device.sealing_public = request.sealing_public
    device.hardware = hardware
    device.status = DeviceStatus.PENDING if is_pending else DeviceStatus.ACTIVE
    device.save()
    token.used_at, token.device = at, device
    token.save(update_fields=["used_at", "device"])
    return device
