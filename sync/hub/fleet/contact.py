"""What a batch says of the kiosk itself."""

from datetime import datetime

from sync.hub.fleet.models import Device
from sync.hub.storable import storable_text
from sync.wire.batch import Batch


def note_contact(device: Device, batch: Batch, at: datetime) -> None:
    """Take over what the kiosk says of itself, unless it said something newer in the same boot:
    batches come by two ways, and one that lay on a stick may be the older.
    """
    device.last_contact = at
    is_older = batch.boot_id == device.told_boot_id and batch.sent_boot_ms < device.told_boot_ms
    if not is_older:
        device.told_boot_id, device.told_boot_ms = batch.boot_id, batch.sent_boot_ms
        device.bundle_version = batch.bundle_version
        device.software = storable_text(batch.software)
        device.health = [
            [storable_text(reading.check), int(reading.state), reading.value]
            for reading in batch.health
        ]
    device.save(
        update_fields=[
            *("last_contact", "told_boot_id", "told_boot_ms"),
            *("bundle_version", "software", "health"),
        ]
    )
