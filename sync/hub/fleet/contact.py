"""What a batch says of the kiosk itself."""

from datetime import UTC, datetime, timedelta

from sync.hub.fleet.health import history
from sync.hub.fleet.models import Device
from sync.hub.storable import storable_text
from sync.wire.batch import Batch

_UNIX = datetime(1970, 1, 1, tzinfo=UTC)


def is_news(device: Device, batch: Batch) -> bool:
    """Say whether the kiosk has said nothing newer. Batches come by two ways, and one that lay on
    a stick, or that somebody shows again, may be the older: of another boot it is known by the
    newest time of the hub's that it had seen, in the same boot by when it was made.
    """
    if device.last_contact is not None and _proved(batch) < device.last_contact:
        return False
    return batch.boot_id != device.told_boot_id or batch.sent_boot_ms >= device.told_boot_ms


def note_contact(device: Device, batch: Batch, at: datetime, *, is_behind: bool) -> None:
    """Take over what the kiosk says of itself, unless it has said something newer.

    `is_behind` says that the batch leaves entries to come.
    """
    if is_news(device, batch):
        if device.told_boot_id != batch.boot_id:
            device.boots += 1
        if device.bundle_version != batch.bundle_version:
            device.bundle_version, device.taken_at = batch.bundle_version, at
        device.behind_since = (device.behind_since or at) if is_behind else None
        device.told_boot_id, device.told_boot_ms = batch.boot_id, batch.sent_boot_ms
        device.software = storable_text(batch.software)
        device.health = [
            [storable_text(reading.check), int(reading.state), reading.value]
            for reading in batch.health
        ]
        history.record(device.pk, batch.health, {history.BOOTS: device.boots}, at)
    if batch.known_ms:
        proved = min(_proved(batch), at)
        device.last_contact = max(proved, device.last_contact or proved)
    device.save(
        update_fields=[
            *("last_contact", "told_boot_id", "told_boot_ms"),
            *("bundle_version", "software", "health", "taken_at", "boots", "behind_since"),
        ]
    )


def _proved(batch: Batch) -> datetime:
    """Return a time that had passed when the batch was made."""
    return _UNIX + timedelta(milliseconds=batch.known_ms)
