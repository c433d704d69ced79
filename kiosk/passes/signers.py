"""Who may sign health certificates: a trust list of X.509 certificates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from kiosk.passes.certificate import Kind, SignerTerm
from kiosk.passes.key_usage import signable_kinds
from sync.wire.bundle import HealthSigner

# EU "Technical Specifications for EU Digital COVID Certificates", volume 1, section 8.1.
KID_BYTES = 8
# A message without a kid is held against every signer, which is bearable for so many only.
MAX_WITHOUT_KID = 20


class SignerFault(Exception):
    """A certificate of a trust list cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Signer:
    """One certificate, its public key loaded; a key that fits no algorithm verifies nothing."""

    term: SignerTerm
    key: CertificatePublicKeyTypes
    kinds: frozenset[Kind]

    @property
    def kid(self) -> bytes:
        return self.term.kid


class SignerList:
    """Everybody whose signature counts; a certificate that comes twice counts once."""

    def __init__(self, signers: Iterable[Signer]) -> None:
        self._by_kid: dict[bytes, list[Signer]] = {}
        for signer in signers:
            alike = self._by_kid.setdefault(signer.kid, [])
            if signer not in alike:
                alike.append(signer)

    @property
    def signers(self) -> tuple[Signer, ...]:
        return tuple(signer for alike in self._by_kid.values() for signer in alike)

    def find(self, kid: bytes | None) -> Sequence[Signer]:
        """Return all who may have signed: a kid is short, and two signers may share one.

        Without a kid it may have been anybody; then none where the list is too long to try.
        """
        if kid is not None:
            return self._by_kid.get(kid, ())
        everybody = self.signers
        return everybody if len(everybody) <= MAX_WITHOUT_KID else ()


def read_signers(certificates: Iterable[bytes]) -> SignerList:
    """Read a trust list from X.509 certificates in DER.

    Raises:
        SignerFault: one of them cannot be read.
    """
    return SignerList(
        read_signer(certificate, name=f"certificate {number}")
        for number, certificate in enumerate(certificates, start=1)
    )


def read_signer(certificate: bytes, *, name: str) -> Signer:
    """Read one certificate; `name` is what a fault calls it.

    Raises:
        SignerFault: it cannot be read.
    """
    kid = sha256(certificate).digest()[:KID_BYTES]
    try:
        parsed = x509.load_der_x509_certificate(certificate)
        term = SignerTerm(
            kid,
            int(parsed.not_valid_before_utc.timestamp()),
            int(parsed.not_valid_after_utc.timestamp()),
        )
        return Signer(term, parsed.public_key(), signable_kinds(parsed))
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise SignerFault(f"trust list: {name} (kid {kid.hex()}): {error}") from error


def read_rows(rows: Iterable[HealthSigner]) -> SignerList:
    """Read a trust list as a bundle carries it.

    Raises:
        SignerFault: a key in it cannot be read.
    """
    return SignerList(_from_row(row) for row in rows)


def to_row(signer: Signer) -> HealthSigner:
    """Return a signer as a bundle carries it."""
    public = signer.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    kinds = sum(1 << (kind - 1) for kind in signer.kinds)
    term = signer.term
    return HealthSigner(term.kid, public, term.not_before_s, term.not_after_s, kinds)


def _from_row(row: HealthSigner) -> Signer:
    try:
        key = load_der_public_key(row.public)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SignerFault(f"trust list: kid {row.kid.hex()}: {error}") from error
    kinds = frozenset(kind for kind in Kind if row.kinds >> (kind - 1) & 1)
    term = SignerTerm(row.kid, row.not_before_s, row.not_after_s)
    return Signer(term, key, kinds)  # type: ignore[arg-type]
