"""What the real reading and judgement of a door make of a picture of somebody's phone."""

from datetime import datetime
from pathlib import Path

import cv2
import numpy as np

from kiosk.admission.decision import decide
from kiosk.admission.situation import Circumstances, Presence
from kiosk.admission.verdict import Verdict
from kiosk.instants import Interval
from kiosk.passes.recognition import read_pass
from kiosk.reference.reference import Reference, read_reference
from kiosk.scanning.ladder import Ladder
from kiosk.scanning.rungs import DEFAULT_RUNGS, build_rungs
from sync.hub import clock
from sync.hub.fleet.bundles import gather, issue, seal
from sync.hub.keyring import Keyring
from sync.wire.bundle import unseal_bundle
from tests.sync.hub.fake_door import FakeDoor

_ERROR_MS = 500
_NOBODY = Presence()


def payloads_in(picture: Path) -> list[bytes]:
    """Return what the door's ladder of decoders reads in a picture."""
    grey = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
    assert grey is not None
    reading = Ladder(build_rungs(DEFAULT_RUNGS)).climb(grey.astype(np.uint8))
    return [code.payload for code in reading.codes]


def reference_of(door: FakeDoor, keyring: Keyring) -> Reference:
    """Return what the hub tells that door now, opened as the door opens it."""
    device = door.row
    bundle = issue(device, gather(keyring, clock.now()), reported=device.bundle_version)
    signed = unseal_bundle(seal(bundle, device, keyring), door.sealing, device=door.device)
    return read_reference(signed, device=door.device, root_public=keyring.root_public)


def judged(payload: bytes, reference: Reference, at: datetime) -> Verdict:
    """Return the verdict of a door that knows the time to half a second."""
    presented = read_pass(payload, reference.trust)
    now_ms = clock.unix_ms(at)
    return decide(
        presented,
        Circumstances(
            place=reference.place,
            rulebooks=reference.rulebooks,
            now=Interval(now_ms - _ERROR_MS, now_ms + _ERROR_MS),
            is_revoked=reference.is_revoked(presented),
            presence=_NOBODY,
            confirmed_ms=reference.confirmed_ms,
        ),
    )
