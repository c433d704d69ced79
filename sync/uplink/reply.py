"""What came back: the hub's own answer, or somebody else's in its place."""

import ssl
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import requests
from requests.exceptions import ProxyError
from urllib3.exceptions import HTTPError

from sync.uplink.errors import HubAway, HubRefuses, Portal, Stranger, TooMuch
from sync.wire.envelope import MEDIA_TYPE, Envelope, unpack, unpack_beginning
from sync.wire.errors import WireError

MAX_ANSWER_BYTES = 17 * 1024 * 1024
LONGEST_WAIT_S = 86_400.0
_PIECE_BYTES = 1 << 16
# RFC 6585, section 6.
_NETWORK_AUTHENTICATION_REQUIRED = 511
_REDIRECTS = range(300, 400)
_SIGN_IN = "what answered is not the hub (a WiFi sign-in page?)"


def judge(response: requests.Response) -> None:
    """Let the hub's answer pass.

    Raises:
        UplinkError: it is a refusal, or not the hub's.
    """
    status = response.status_code
    kind = response.headers.get("Content-Type", "")
    if status in _REDIRECTS or status == _NETWORK_AUTHENTICATION_REQUIRED or _is_page(kind):
        raise Portal(f"{_SIGN_IN} (HTTP {status})")
    if status == requests.codes.request_entity_too_large:
        raise TooMuch("the hub wants smaller batches")
    if status in (requests.codes.unauthorized, requests.codes.gone):
        raise HubRefuses(f"the hub refuses this kiosk (HTTP {status})")
    if status != requests.codes.ok:
        raise HubAway(f"the hub answers HTTP {status}", wait_s=_retry_after_s(response))
    if not kind.startswith(MEDIA_TYPE):
        raise Portal(_SIGN_IN)


def read(response: requests.Response) -> list[Envelope]:
    """Return the envelopes of an answer that has been judged.

    Raises:
        HubAway: it broke off, is too long, or is not the hub's; what came whole is in it.
    """
    body = bytearray()
    try:
        for piece in read_pieces(response):
            body += piece
    except (OSError, HTTPError) as error:
        brought = unpack_beginning(bytes(body))
        raise HubAway("the line broke in the middle of an answer", brought=brought) from error
    try:
        return unpack(bytes(body))
    except WireError as error:
        raise Portal(_SIGN_IN) from error


def read_pieces(response: requests.Response, most: int | None = None) -> Iterator[bytes]:
    left = MAX_ANSWER_BYTES if most is None else most
    # Not iter_content: it waits for whole pieces, and loses half a one with the line.
    while piece := response.raw.read1(_PIECE_BYTES, decode_content=True):
        left -= len(piece)
        if left < 0:
            raise HubAway("the answer is longer than any of the hub's")
        yield piece


def away(error: Exception) -> HubAway:
    """Say why there was no answer. The error's own text may hold the whole address."""
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Stranger("what answers under the hub's name has somebody else's certificate")
    if any(getattr(cause, "reason", "") == "WRONG_VERSION_NUMBER" for cause in causes):
        return Portal("what answers does not speak TLS (a WiFi sign-in page?)")
    if any(isinstance(cause, ProxyError) for cause in causes):
        return HubAway("the proxy does not let the kiosk through; see HTTPS_PROXY")
    return HubAway(f"no answer from the hub ({type(error).__name__})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _is_page(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() in {"text/html", "application/xhtml+xml"}


def _retry_after_s(response: requests.Response) -> float | None:
    """Return what Retry-After asks for in seconds; a date counts from the answer's own."""
    value = response.headers.get("Retry-After", "")
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_WAIT_S)
    try:
        until = parsedate_to_datetime(value)
        wait_s = (until - parsedate_to_datetime(response.headers["Date"])).total_seconds()
    except (ValueError, TypeError, LookupError, OverflowError):
        return None
    return min(max(wait_s, 0.0), LONGEST_WAIT_S)
