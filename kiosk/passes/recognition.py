"""Payload in, pass or refusal out: dispatch on the prefix."""

from collections.abc import Callable

from kiosk.passes.format import Format
from kiosk.passes.formats import gpr1, gps1, hc1, national, roster
from kiosk.passes.reading import MAX_CHARACTERS, Presented, Refusal, Trust
from kiosk.passes.reason import Reason

_READERS: dict[str, Callable[[str, Trust], Presented]] = {
    gpr1.PREFIX: lambda text, trust: gpr1.read(text, trust.keys),
    gps1.PREFIX: lambda text, trust: gps1.read(text, trust.keys),
    hc1.PREFIX: lambda text, trust: hc1.read(text, trust.signers),
}

# The stages of each format, in order, each with the one reason for which it refuses.
STAGES: dict[Format, dict[str, Reason]] = {
    Format.NONE: {"length": Reason.TOO_LONG, "prefix": Reason.NOT_A_PASS},
    Format.GPS1: gps1.STAGES,
    Format.GPR1: gpr1.STAGES,
    Format.HC1: hc1.STAGES,
    Format.ROSTER: roster.STAGES,
    Format.NATIONAL: national.STAGES,
}


def read_pass(payload: bytes, trust: Trust) -> Presented:
    """Judge whatever a code held. Total: no bytes make it raise."""
    if len(payload) > MAX_CHARACTERS:
        return Refusal(Format.NONE, Reason.TOO_LONG)
    try:
        text = payload.decode("ascii")
    except UnicodeDecodeError:
        return Refusal(Format.NONE, Reason.NOT_A_PASS)
    for prefix, read in _READERS.items():
        if text.startswith(prefix):
            return read(text, trust)
    return (
        roster.read(text, trust.roster)
        or national.recognise(text)
        or Refusal(Format.NONE, Reason.NOT_A_PASS)
    )
