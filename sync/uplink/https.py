"""The hub over HTTP: one request carries one envelope up, its answer brings envelopes down."""

import logging
from pathlib import Path
from typing import Protocol

import requests
from urllib3.exceptions import HTTPError

from sync.uplink.errors import HubAway, HubRefuses, TooMuch
from sync.wire.envelope import MEDIA_TYPE, Content, Envelope, open_envelope, unpack
from sync.wire.errors import WireError

logger = logging.getLogger(__name__)

_TIMEOUT_S = (10.0, 60.0)
_MAX_ANSWER_BYTES = 17 * 1024 * 1024
_PATHS = {Content.BATCH: "/v1/sync", Content.ENROLMENT: "/v1/enrol"}


class Hub(Protocol):
    def send(self, envelope: bytes) -> list[Envelope]:
        """Carry one envelope up and return what comes down.

        Raises:
            HubAway: no hub answered, or something else did in its place.
            HubRefuses: it does not know this kiosk, or no longer wants it.
            TooMuch: the batch is larger than it takes.
        """
        ...


class HttpsHub:
    """`ca` is the file of the hub's own CA, None for the system's."""

    def __init__(self, url: str, *, ca: Path | None = None) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers["Content-Type"] = MEDIA_TYPE
        self._session.headers["Accept"] = MEDIA_TYPE
        # Said at each request: the session's own would give way to REQUESTS_CA_BUNDLE.
        self._verify = None if ca is None else str(ca)

    def send(self, envelope: bytes) -> list[Envelope]:
        path = _PATHS[open_envelope(envelope).content]
        try:
            with self._session.post(
                self._url + path,
                data=envelope,
                timeout=_TIMEOUT_S,
                allow_redirects=False,
                verify=self._verify,
                stream=True,
            ) as response:
                _judge(response)
                body = _limited(response)
        except (OSError, HTTPError) as error:
            # Not every fault comes as a RequestException: a CA file that is not there, a host name
            # that cannot be one. The text may hold the whole address; the kind says enough.
            raise HubAway(f"no answer from the hub ({type(error).__name__})") from error
        try:
            return unpack(body)
        except WireError as error:
            raise HubAway("what answered is not the hub (a WiFi sign-in page?)") from error

    def close(self) -> None:
        self._session.close()


def _judge(response: requests.Response) -> None:
    status = response.status_code
    if status == requests.codes.request_entity_too_large:
        raise TooMuch("the hub wants smaller batches")
    if status in (requests.codes.unauthorized, requests.codes.gone):
        raise HubRefuses(f"the hub refuses this kiosk (HTTP {status})")
    if status != requests.codes.ok:
        raise HubAway(f"the hub answers HTTP {status}", wait_s=_retry_after_s(response))
    if not response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
        raise HubAway("what answered is not the hub (a WiFi sign-in page?)")


def _retry_after_s(response: requests.Response) -> float | None:
    """Return what Retry-After asks for in seconds; a date needs a clock and is passed over."""
    value = response.headers.get("Retry-After", "")
    return min(float(value), 86400.0) if value.isascii() and value.isdigit() else None


def _limited(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(1 << 16):
        body += chunk
        if len(body) > _MAX_ANSWER_BYTES:
            raise HubAway("the answer is longer than any of the hub's")
    return bytes(body)
