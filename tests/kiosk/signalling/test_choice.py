"""A verdict's signal: green only for ADMIT as shown, and for a referral what would mend it."""

import pytest

from kiosk.admission.verdict import Outcome, Verdict
from kiosk.passes.reason import Reason
from kiosk.signalling.choice import signal_for
from kiosk.signalling.cue import Signal

REFERRALS = {Signal.REFER_IDENTITY, Signal.REFER_OTHER_CODE, Signal.REFER_UNSURE}


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("outcome", Outcome)
def test_what_is_shown_decides_the_colour(reason: Reason, outcome: Outcome) -> None:
    assert signal_for(Verdict(outcome, Outcome.ADMIT, reason)) is Signal.ADMIT
    assert signal_for(Verdict(outcome, Outcome.DENY, reason)) is Signal.DENY
    assert signal_for(Verdict(outcome, Outcome.REFER, reason)) in REFERRALS


@pytest.mark.parametrize(
    ("reason", "signal"),
    [
        (Reason.TIME_UNCERTAIN, Signal.REFER_UNSURE),
        (Reason.NO_RULEBOOK, Signal.REFER_UNSURE),
        (Reason.STALE_RULEBOOK, Signal.REFER_UNSURE),
        (Reason.FULL, Signal.REFER_UNSURE),
        (Reason.EXPIRED, Signal.REFER_OTHER_CODE),
        (Reason.REVOKED, Signal.REFER_OTHER_CODE),
        (Reason.NOT_A_PASS, Signal.REFER_OTHER_CODE),
        (Reason.BAD_SIGNATURE, Signal.REFER_OTHER_CODE),
        (Reason.RULE_REFERS, Signal.REFER_IDENTITY),
        (Reason.ALLOWED, Signal.REFER_IDENTITY),
    ],
)
def test_a_referral_says_what_to_do(reason: Reason, signal: Signal) -> None:
    assert signal_for(Verdict(Outcome.REFER, Outcome.REFER, reason)) is signal
