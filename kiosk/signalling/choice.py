"""Which signal a verdict is shown as."""

from kiosk.admission.verdict import Outcome, Verdict
from kiosk.passes.reason import Reason
from kiosk.signalling.cue import Signal

# What another code, or another door, would mend.
_OTHER_CODE = {
    Reason.ALREADY_INSIDE,
    Reason.BAD_HOLDER_SIGNATURE,
    Reason.CODE_SEEN,
    Reason.CODE_TOO_OLD,
    Reason.NOT_ON_ROSTER,
    Reason.OUTSIDE_HOURS,
    Reason.USED_TODAY,
    Reason.BAD_CERTIFICATE,
    Reason.BAD_CLAIMS,
    Reason.BAD_COMPRESSION,
    Reason.BAD_ENCODING,
    Reason.BAD_SIGNATURE,
    Reason.BAD_STRUCTURE,
    Reason.EXPIRED,
    Reason.KEY_NOT_IN_FORCE,
    Reason.NOT_A_PASS,
    Reason.NOT_YET_VALID,
    Reason.REVOKED,
    Reason.SIGNER_USAGE,
    Reason.TOO_LONG,
    Reason.UNKNOWN_KEY,
    Reason.WRONG_DAY,
    Reason.WRONG_DOOR,
    Reason.WRONG_UNIT,
}
# Neither the person nor the code is in question: the kiosk lacks the time or the rules, or its
# count says that there is no room, and it cannot see the room.
_UNSURE = {Reason.FULL, Reason.NO_RULEBOOK, Reason.STALE_RULEBOOK, Reason.TIME_UNCERTAIN}


def signal_for(verdict: Verdict) -> Signal:
    if verdict.shown is Outcome.ADMIT:
        return Signal.ADMIT
    if verdict.shown is Outcome.DENY:
        return Signal.DENY
    if verdict.reason in _UNSURE:
        return Signal.REFER_UNSURE
    return Signal.REFER_OTHER_CODE if verdict.reason in _OTHER_CODE else Signal.REFER_IDENTITY
