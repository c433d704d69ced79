"""What a health certificate says, as far as a rulebook may ask.

Name, date of birth and certificate identifier (UVCI) have no place in these records.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import NamedTuple, TypeAlias

from kiosk.passes.format import Format

SERIAL_BYTES = 8


class Kind(IntEnum):
    """Stored for ever in journals: numbers are never given out twice."""

    TEST = 1
    VACCINATION = 2
    RECOVERY = 3


# Tuples, as they are made at every scan: a frozen dataclass takes three times as long to make.


class Vaccination(NamedTuple):
    """Codes are those of the EU value sets; None is what was not said, or not in its form."""

    disease: str | None
    product: str | None
    dose: int | None
    doses_in_series: int | None
    given_on: date | None
    kind: Kind = Kind.VACCINATION


class InfectionTest(NamedTuple):
    """`sampled_at_s` is Unix seconds, None where the time came without its offset."""

    disease: str | None
    test_type: str | None
    result: str | None
    sampled_at_s: int | None
    kind: Kind = Kind.TEST


class Recovery(NamedTuple):
    disease: str | None
    first_positive_on: date | None
    valid_from: date | None
    valid_until: date | None
    kind: Kind = Kind.RECOVERY


Statement: TypeAlias = Vaccination | InfectionTest | Recovery


class Certificate(NamedTuple):
    """Times are Unix seconds, both ends valid. There is at least one statement."""

    issued_at_s: int
    expires_s: int
    statements: tuple[Statement, ...]

    @property
    def kinds(self) -> frozenset[Kind]:
        return frozenset([statement.kind for statement in self.statements])


@dataclass(frozen=True, slots=True)
class SignerTerm:
    """Which signer, by kid, and the Unix seconds in which it may sign, both ends valid."""

    kid: bytes
    not_before_s: int
    not_after_s: int

    def covers(self, certificate: Certificate) -> bool:
        begins = self.not_before_s <= certificate.issued_at_s
        return begins and certificate.expires_s <= self.not_after_s


class HealthCertificatePass(NamedTuple):
    """A certificate whose signature holds; whether it is in force is for admission to say.

    `serial` is the first bytes of the SHA-256 of the signed payload: what can be changed without
    the signer's key (signature encoding, unprotected headers, packing) does not change it.
    """

    certificate: Certificate
    serial: bytes
    signer: SignerTerm
    format: Format = Format.HC1

    @property
    def issued_at_s(self) -> int:
        return self.certificate.issued_at_s

    @property
    def expires_s(self) -> int:
        return self.certificate.expires_s
