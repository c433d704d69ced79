"""Which kiosks are let in only after somebody has looked, and who is let in and out."""

from datetime import datetime

from django.db import transaction

from sync.hub.fleet.models import Device, DeviceStatus, Door
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event


def needs_approval(device: Device, door: Door, hardware: str) -> bool:
    """Say whether somebody must look before this kiosk becomes the door's.

    One that has changed its board or card, for its card may be a copy; and one at a door that has
    a kiosk: whoever writes a card anew takes the place of another.
    """
    is_known = device.pk is not None
    if is_known and device.hardware != hardware:
        return True
    others = Device.objects.filter(door=door, status=DeviceStatus.ACTIVE)
    return others.exclude(pk=device.pk).exists()


def approve(pk: int, at: datetime, *, replaces: bool) -> bool:
    """Let a pending kiosk in; with `replaces` the others at its door are revoked.

    Returns whether there was one to let in.
    """
    with transaction.atomic():
        device = Device.objects.select_for_update().filter(pk=pk, status=DeviceStatus.PENDING)
        found = device.first()
        if found is None:
            return False
        found.status, found.board_before = DeviceStatus.ACTIVE, ""
        found.save(update_fields=["status", "board_before"])
        if replaces:
            others = Device.objects.filter(door=found.door_id, status=DeviceStatus.ACTIVE)
            _revoke([other.pk for other in others.exclude(pk=pk)], at)
        note(Event.KIOSK_APPROVED, {"kiosk": pk})
    return True


def revoke(pk: int, at: datetime) -> bool:
    """Returns whether there was one to put out."""
    return bool(_revoke([pk], at))


def _revoke(devices: list[int], at: datetime) -> int:
    found = Device.objects.filter(pk__in=devices).exclude(status=DeviceStatus.REVOKED)
    with transaction.atomic():
        count = found.update(status=DeviceStatus.REVOKED, revoked_at=at)
        if count:
            note(Event.KIOSK_REVOKED, {"kiosks": [str(one) for one in devices]})
    return count
