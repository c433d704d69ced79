"""Recognises a payload by its prefix and has its format read it."""

from dataclasses import dataclass
from enum import IntEnum

from kiosk.passes.claims import Claims
from kiosk.passes.reason import Reason
from sync.wire.keys import HubKey

MAX_CHARACTERS = 1500


class Format(IntEnum):
    """Stored for ever in journals: numbers are never given out twice."""

    NONE = 0
    GPS1 = 1
    GPR1 = 2
    HC1 = 3
    ROSTER = 4
    NATIONAL = 5


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass whose signature holds; whether it is in force is for admission to say."""

    format: Format
    claims: Claims
    signer: HubKey


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a payload is not a pass; the stage that failed is the reason's."""

    format: Format
    reason: Reason
