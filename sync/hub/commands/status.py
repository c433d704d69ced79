"""`gapura-hub status`: what has arrived, and from which device how much is still to come."""

from argparse import ArgumentParser, Namespace

from django.db.models import Count, Sum

from kiosk.admission.verdict import Outcome
from sync.hub.commands.output import offer_json, say
from sync.hub.fleet.models import Device
from sync.hub.ingest.models import Conflict, Entry, Epoch, Rejected, Visit


def add_arguments(parser: ArgumentParser) -> None:
    offer_json(parser)


def run(arguments: Namespace) -> None:
    devices = [_device(device) for device in Device.objects.select_related("door").order_by("pk")]
    content: dict[str, object] = {
        "visits": Visit.objects.count(),
        "outcomes": _outcomes(),
        "assisted": Visit.objects.filter(assisted__isnull=False).count(),
        "entries": Entry.objects.count(),
        "rejected": Rejected.objects.count(),
        "repeats": Epoch.objects.aggregate(total=Sum("repeats"))["total"] or 0,
        "conflicts": Conflict.objects.count(),
        "devices": devices,
    }
    lines = [f"{name}: {value}" for name, value in content.items() if name != "devices"]
    lines += [_line(device) for device in devices]
    say(lines, content, as_json=arguments.json)


def _outcomes() -> dict[str, int]:
    """Return what the doors decided: an officer's press is no door's decision."""
    decided = Visit.objects.filter(assisted__isnull=True)
    counts = dict(decided.values_list("outcome").annotate(Count("pk")).order_by())
    return {outcome.name.lower(): counts.get(int(outcome), 0) for outcome in Outcome}


def _device(device: Device) -> dict[str, object]:
    contact = device.last_contact
    return {
        "device": device.device_id.hex(),
        "door": device.door.public_id.hex(),
        "label": device.door.label,
        "status": device.status,
        "last_contact": None if contact is None else contact.isoformat(),
        "bundle_version": device.bundle_version,
        "issued_version": device.issued_version,
        "software": device.software,
        "epochs": [_epoch(epoch) for epoch in device.epochs.order_by("last_heard", "pk")],
    }


def _epoch(epoch: Epoch) -> dict[str, object]:
    return {
        "epoch": epoch.epoch.hex(),
        "acked_through": epoch.acked_through,
        "newest_seq": epoch.newest_seq,
        "entries": epoch.entries.count(),
        "rejected": epoch.rejected.count(),
        "repeats": epoch.repeats,
        "conflicts": epoch.conflicts.count(),
        "gaps": epoch.gaps,
    }


def _line(device: dict[str, object]) -> str:
    shown = ("label", "status", "last_contact", "bundle_version", "epochs")
    return f"device {device['device']}: " + ", ".join(f"{name} {device[name]}" for name in shown)
