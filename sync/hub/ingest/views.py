"""`POST /v1/sync`."""

from collections.abc import Mapping

from sync.hub import clock, installation
from sync.hub.device_endpoint import device_endpoint
from sync.hub.fleet.updates import offer_to
from sync.hub.ingest.receiving import receive
from sync.wire.batch import MAX_BYTES
from sync.wire.envelope import Envelope
from sync.wire.update import HEADER

_ENVELOPE_BYTES = 256


def _offered(envelope: Envelope) -> Mapping[str, str]:
    """A header that an earlier courier passes over, where a message would be no answer to it."""
    offer = offer_to(envelope.device, clock.now())
    return {} if offer is None else {HEADER: offer.to_header()}


@device_endpoint(MAX_BYTES + _ENVELOPE_BYTES, _offered)
def sync(envelope: Envelope) -> list[Envelope]:
    return receive(envelope, installation.keyring(), clock.now)
