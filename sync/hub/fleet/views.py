"""`POST /v1/enrol`."""

from sync.hub import clock, installation
from sync.hub.device_endpoint import device_endpoint
from sync.hub.fleet.enrolment import enrol_device
from sync.wire.enrolment import MAX_BYTES
from sync.wire.envelope import Envelope

_ENVELOPE_BYTES = 256


@device_endpoint(MAX_BYTES + _ENVELOPE_BYTES)
def enrol(envelope: Envelope) -> list[Envelope]:
    return [enrol_device(envelope, installation.keyring(), clock.now())]
