"""`POST /v1/sync`."""

from sync.hub import clock, installation
from sync.hub.device_endpoint import device_endpoint
from sync.hub.ingest.receiving import receive
from sync.wire.batch import MAX_BYTES
from sync.wire.envelope import Envelope

_ENVELOPE_BYTES = 256


@device_endpoint(MAX_BYTES + _ENVELOPE_BYTES)
def sync(envelope: Envelope) -> list[Envelope]:
    return receive(envelope, installation.keyring(), clock.now)
