"""`gapura-hub import` of a stick: what kiosks have put there, and answers for them onto it."""

import json
from argparse import Namespace
from collections.abc import Iterator
from functools import partial

from sync.hub import clock, installation
from sync.hub.device_endpoint import Refused
from sync.hub.errors import CommandFault, FaultyFile
from sync.hub.fleet.models import Device
from sync.hub.ingest.parcels import bundles_for
from sync.hub.ingest.stick_files import Stick, read_parcel
from sync.hub.ingest.tally import Bad, Kiosk, Read, Tally


def run(arguments: Namespace) -> None:
    stick = Stick.at(arguments.path, arguments.out)
    keyring, tally = installation.keyring(), Tally()
    try:
        for site in arguments.sites:
            stick.put(bundles_for(site, keyring, clock.now()))
        for replies in tally.take_all(_found(stick), keyring, clock.now):
            stick.put(replies)
    except Refused as refusal:
        raise CommandFault(refusal.text) from refusal
    finally:
        for line in _lines(tally, as_json=arguments.jsonl):
            print(line)
    if tally.bad:
        raise FaultyFile(f"{len(tally.bad)} files could not be taken; all others are stored")


def _found(stick: Stick) -> Iterator[tuple[str, Read]]:
    for path in stick.parcels():
        yield str(path.relative_to(stick.up)), partial(read_parcel, path)


def _lines(tally: Tally, *, as_json: bool) -> Iterator[str]:
    for kiosk in tally.kiosks.values():
        content = _content(kiosk)
        yield json.dumps(content, ensure_ascii=False) if as_json else _line(content)
    for bad in tally.bad:
        yield json.dumps(_fault(bad), ensure_ascii=False) if as_json else f"{bad.name}: {bad.why}"
    if not (as_json or tally.kiosks or tally.bad):
        yield "Nothing of a kiosk's is there."


def _line(content: dict[str, object]) -> str:
    return (
        f"{content['label']} ({content['device']}): {content['files']} files, "
        f"{content['taken']} entries taken, {content['repeated']} known already, "
        f"{content['rejected']} rejected, {content['conflicts']} files in conflict"
    )


def _content(kiosk: Kiosk) -> dict[str, object]:
    labels = Device.objects.filter(device_id=kiosk.device).values_list("door__label", flat=True)
    return {
        "device": kiosk.device.hex(),
        "label": labels.first() or "",
        "files": kiosk.files,
        "taken": kiosk.taken,
        "repeated": kiosk.repeated,
        "rejected": kiosk.rejected,
        "conflicts": kiosk.conflicts,
    }


def _fault(bad: Bad) -> dict[str, object]:
    return {
        "file": bad.name,
        "fault": bad.why,
    }
