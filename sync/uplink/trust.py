"""Whom the courier believes on a TLS line: the CA that the enrolment card pinned, and no other.

Dates are left out of OpenSSL's judgement, which would ask this machine's clock: a kiosk that
believes it is 1970 or 2099 must still reach its hub. They are held against what the door knows.
"""

import os
import ssl
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sync.uplink.errors import OutOfDate, Stranger
from sync.uplink.hub import KnownTime

PIN_BYTES = 32
MAX_CA_BYTES = 16 * 1024
_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of <openssl/x509_vfy.h>


def pin_of(certificate_der: bytes) -> bytes:
    return sha256(certificate_der).digest()


def is_pin(ca_pin: bytes) -> bool:
    """Say whether a card pins anything; empty or zero is none."""
    return any(ca_pin)


def pinned_context(ca_pem: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=ca_pem)
    return _dateless(context)


def system_context() -> ssl.SSLContext:
    """Trust whom this machine's administrator trusts; for a hub with a public certificate."""
    return _dateless(ssl.create_default_context())


def unverified_context() -> ssl.SSLContext:
    """Trust anybody. What comes by it is believed for its hash alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _dateless(context: ssl.SSLContext) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    return context


@dataclass(frozen=True, slots=True)
class Validity:
    """From when and until when a certificate says that it is valid, in Unix milliseconds."""

    begins_ms: int
    ends_ms: int

    @classmethod
    def of(cls, connection: ssl.SSLSocket) -> "Validity":
        """Read it from the certificate of a peer that has been verified."""
        certificate = connection.getpeercert() or {}
        begins, ends = (str(certificate[name]) for name in ("notBefore", "notAfter"))
        return cls(
            begins_ms=int(ssl.cert_time_to_seconds(begins)) * 1000,
            ends_ms=int(ssl.cert_time_to_seconds(ends)) * 1000,
        )

    def require(self, now: KnownTime) -> None:
        """Hold the dates against the time, as far as it is known.

        Raises:
            OutOfDate: at no time that is possible is the certificate valid.
        """
        if now.earliest_ms > self.ends_ms:
            raise OutOfDate("the hub's certificate has expired")
        if now.latest_ms is not None and now.latest_ms < self.begins_ms:
            raise OutOfDate("the hub's certificate is not valid yet")


class Authorities:
    """The CA certificates that were accepted, in files named by their pin."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, ca_pin: bytes) -> str | None:
        """Return the certificate as PEM; None where it is not here, or no longer what it was."""
        with suppress(OSError, ValueError):
            pem = self._file(ca_pin).read_text()
            if pin_of(ssl.PEM_cert_to_DER_cert(pem)) == ca_pin:
                return pem
        return None

    def take(self, ca_pin: bytes, certificate_der: bytes) -> str:
        """Keep a certificate that somebody brought, and return it as PEM.

        Raises:
            Stranger: it is not the one that was pinned.
            OSError: it cannot be kept.
        """
        if pin_of(certificate_der) != ca_pin:
            raise Stranger("what answers has another CA certificate than the card pinned")
        pem = ssl.DER_cert_to_PEM_cert(certificate_der)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self._folder / ".new"
        with beside.open("w") as stream:
            stream.write(pem)
            stream.flush()
            os.fsync(stream.fileno())
        beside.rename(self._file(ca_pin))
        return pem

    def _file(self, ca_pin: bytes) -> Path:
        return self._folder / f"{ca_pin.hex()}.pem"
