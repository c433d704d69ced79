"""What a payload may turn out to be."""

from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from kiosk.passes.certificate import HealthCertificatePass
from kiosk.passes.claims import Claims, PassType
from kiosk.passes.format import Format
from kiosk.passes.reason import Reason
from kiosk.passes.roster import EMPTY_ROSTER, Roster
from kiosk.passes.signers import SignerList
from sync.wire.keys import HubKey, Purpose

MAX_CHARACTERS = 1500


class PassKeys(Protocol):
    """The hub's keys, as far as a pass needs them."""

    def find(self, kid: bytes | None, purpose: Purpose, *, at_s: int | None = None) -> HubKey:
        """Raises UnknownKey where there is none of that name for that purpose."""
        ...


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose signature counts, and who is known by a number."""

    keys: PassKeys
    signers: SignerList = field(default_factory=lambda: SignerList(()))
    roster: Roster = EMPTY_ROSTER


@dataclass(frozen=True, slots=True)
class Pass:
    """A native pass whose signature holds; whether it is in force is for admission to say.

    `slot` is Unix time // 30 where the pass turns, None where it is static.
    """

    format: Format
    claims: Claims
    signer: HubKey
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class RosterMatch:
    """A number that the roster knows; it proves nothing about who shows it."""

    sub: bytes
    format: Format = Format.ROSTER


@dataclass(frozen=True, slots=True)
class NationalCode:
    """A code of the national app: recognised by its shape, and never opened."""

    format: Format = Format.NATIONAL


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a payload is not a pass; the stage that failed is the reason's."""

    format: Format
    reason: Reason


Credential: TypeAlias = Pass | HealthCertificatePass | RosterMatch | NationalCode
Presented: TypeAlias = Credential | Refusal


def pass_type(credential: Credential) -> PassType:
    match credential:
        case Pass(claims=claims):
            return claims.pass_type
        case HealthCertificatePass():
            return PassType.CERTIFICATE
        case RosterMatch():
            return PassType.ROSTER
        case NationalCode():  # pragma: no branch
            return PassType.NATIONAL


def serial(presented: Presented) -> bytes | None:
    """Return what a pass is known again by (8 bytes): nothing that can be changed without its
    key. None where nothing tells one code from another.
    """
    match presented:
        case Pass(claims=claims):
            return claims.cti
        case HealthCertificatePass(serial=known_by):
            return known_by
        case RosterMatch(sub=sub):
            return sub
        case _:
            return None


def subject(presented: Presented) -> bytes | None:
    """Return the pseudonym of whoever holds it (8 bytes), None where it has none."""
    match presented:
        case Pass(claims=claims):
            return claims.sub
        case RosterMatch(sub=sub):
            return sub
        case _:
            return None
