"""The hub over HTTP: one request carries one envelope up, its answer brings envelopes down."""

import ssl
import warnings
from pathlib import Path

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError, InsecureRequestWarning

from sync.uplink import reply
from sync.uplink.deadline import Deadline
from sync.uplink.errors import HubAway, OutOfDate, Stranger
from sync.uplink.hub import UNKNOWN_TIME, KnownTime
from sync.uplink.line import BoundedAdapter
from sync.uplink.trust import (
    MAX_CA_BYTES,
    Authorities,
    Validity,
    is_pin,
    pinned_context,
    system_context,
    unverified_context,
)
from sync.wire.envelope import MEDIA_TYPE, Content, Envelope, open_envelope
from sync.wire.errors import Malformed
from sync.wire.update import HEADER, PART_BYTES, Offer, read_offer

CONNECT_S = 10.0
_PATHS = {Content.BATCH: "/v1/sync", Content.ENROLMENT: "/v1/enrol"}
_CA_PATH = "/v1/ca"
_UPDATES_PATH = "/v1/updates"


class HttpsHub:
    """Believes the CA with the pin `ca_pin` alone, or whom this machine trusts where none is
    pinned. `state_dir` is where the CA's certificate is kept.

    Proxies come from the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY); they pass bytes on, and
    the TLS behind them is the hub's.
    """

    def __init__(
        self, url: str, ca_pin: bytes, state_dir: Path, *, deadline: Deadline | None = None
    ) -> None:
        self._url = url.rstrip("/")
        self._ca_pin = ca_pin
        self._authorities = Authorities(state_dir / "ca")
        self._deadline = deadline or Deadline()
        self._now = UNKNOWN_TIME
        self._validity: Validity | None = None
        self._session: requests.Session | None = None
        self._offer: Offer | None = None

    def send(self, envelope: bytes, now: KnownTime = UNKNOWN_TIME) -> list[Envelope]:
        path = _PATHS[open_envelope(envelope).content]
        self._now = now
        self._deadline.begin()
        self._drop_what_is_over()
        try:
            return self._post(path, envelope)
        except Stranger:
            # The hub may have another chain by the next time; its CA is looked for again.
            self.close()
            raise
        except (OSError, HTTPError, ValueError) as error:
            # Not every fault comes as a RequestException: a host name that cannot be one.
            found = reply.away(error)
            self.close()
            raise found from error

    @property
    def offer(self) -> Offer | None:
        return self._offer

    def fetch_part(self, ticket: str, number: int) -> bytes:
        self._deadline.begin()
        self._drop_what_is_over()
        try:
            return self._get(f"{_UPDATES_PATH}/{ticket}/{number}")
        except (OSError, HTTPError, ValueError) as error:
            found = reply.away(error)
            self.close()
            raise found from error

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = self._validity = None

    def _get(self, path: str) -> bytes:
        with self._line().get(
            self._url + path, timeout=CONNECT_S, allow_redirects=False, stream=True
        ) as response:
            if response.status_code != requests.codes.ok:
                raise HubAway(f"the hub gives no update (HTTP {response.status_code})")
            return b"".join(reply.read_pieces(response, PART_BYTES))

    def _line(self) -> requests.Session:
        if self._session is None:
            self._session = self._open(self._context())
        return self._session

    def _post(self, path: str, envelope: bytes) -> list[Envelope]:
        self._offer = None
        with self._line().post(
            self._url + path,
            data=envelope,
            headers={"Content-Type": MEDIA_TYPE, "Accept": MEDIA_TYPE},
            timeout=CONNECT_S,
            allow_redirects=False,
            stream=True,
        ) as response:
            reply.judge(response)
            self._offer = _offered(response)
            return reply.read(response)

    def _open(self, context: ssl.SSLContext) -> requests.Session:
        session = requests.Session()
        # The environment may name proxies and nothing else: no authorities, no passwords.
        session.trust_env = False
        session.proxies.update(get_environ_proxies(self._url, no_proxy=None))
        adapter = BoundedAdapter(context, self._deadline, self._judge)
        for scheme in ("https://", "http://"):
            session.mount(scheme, adapter)
        return session

    def _judge(self, connection: ssl.SSLSocket) -> None:
        if connection.context.verify_mode is ssl.CERT_NONE:
            return
        self._validity = Validity.of(connection)
        self._validity.require(self._now)

    def _drop_what_is_over(self) -> None:
        """A connection that is kept was judged by what was known then."""
        if self._validity is None:
            return
        try:
            self._validity.require(self._now)
        except OutOfDate:
            self.close()

    def _context(self) -> ssl.SSLContext:
        if not (is_pin(self._ca_pin) and self._url.startswith("https://")):
            return system_context()
        pem = self._authorities.find(self._ca_pin)
        return pinned_context(pem or self._authorities.take(self._ca_pin, self._fetch_ca()))

    def _fetch_ca(self) -> bytes:
        """Return what the hub, or whoever answers in its place, gives out as its CA (DER)."""
        with self._open(unverified_context()) as session, warnings.catch_warnings():
            warnings.simplefilter("ignore", InsecureRequestWarning)
            with session.get(
                self._url + _CA_PATH,
                timeout=CONNECT_S,
                allow_redirects=False,
                verify=False,  # what comes is believed for its hash
                stream=True,
            ) as response:
                if response.status_code != requests.codes.ok:
                    raise HubAway(f"the hub gives no CA certificate (HTTP {response.status_code})")
                return b"".join(reply.read_pieces(response, MAX_CA_BYTES))


def _offered(response: requests.Response) -> Offer | None:
    try:
        return read_offer(response.headers.get(HEADER, ""))
    except Malformed:
        return None
