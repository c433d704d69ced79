"""Takes a judgement apart: which stages a code passed, and which rule decided."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from kiosk.admission import objections
from kiosk.admission.decision import decide
from kiosk.admission.situation import Circumstances, Place, Presence
from kiosk.admission.verdict import Outcome, Verdict
from kiosk.commands.explain_question import Question
from kiosk.instants import Interval
from kiosk.passes.certificate import HealthCertificatePass
from kiosk.passes.format import Format
from kiosk.passes.formats import hc1
from kiosk.passes.reading import Presented, Refusal
from kiosk.passes.reason import Reason
from kiosk.passes.recognition import STAGES, read_pass

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIMED = frozenset({Format.GPS1, Format.GPR1, Format.HC1})
# Behind the stages of the format itself, in the order in which they are judged.
_NOT_BEFORE, _EXPIRY, _SIGNER_TIME, _SLOT = "not before", "expiry", "signer in force", "slot"
_TIME_STAGES = {
    _NOT_BEFORE: Reason.NOT_YET_VALID,
    _EXPIRY: Reason.EXPIRED,
    _SIGNER_TIME: Reason.KEY_NOT_IN_FORCE,
}


class State(Enum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Explanation:
    """`valid` is the judgement on the pass itself at the time asked about; `rule` names the
    deciding rule, None where no rule was reached or no rulebook given. `notes` say what of the
    question was left out.
    """

    format: Format
    valid: bool
    reason: Reason
    stages: dict[str, State]
    verdict: Verdict | None
    rule: str | None
    notes: tuple[str, ...] = ()


def explain(question: Question) -> Explanation:
    presented = read_pass(question.payload, question.trust)
    circumstances = _circumstances(question)
    reason = _judge(presented, circumstances)
    verdict = None if question.rulebook is None else decide(presented, circumstances)
    return Explanation(
        format=presented.format,
        valid=reason is Reason.ALLOWED,
        reason=reason,
        stages=_stages(question.payload, presented, reason),
        verdict=verdict,
        rule=_rule(question, verdict),
        notes=question.notes,
    )


def _judge(presented: Presented, circumstances: Circumstances) -> Reason:
    """Return why the pass itself is refused, ALLOWED where it is not.

    A number on the roster and a national code carry nothing that could be valid.
    """
    if isinstance(presented, Refusal):
        return presented.reason
    if presented.format not in _TIMED:
        return Reason.RULE_REFERS
    for objection in (
        objections.time(presented, circumstances.now, Outcome.REFER),
        objections.slot(presented, circumstances, Outcome.REFER),
    ):
        if objection is not None:
            return objection.reason
    return Reason.ALLOWED


def _stages(payload: bytes, presented: Presented, reason: Reason) -> dict[str, State]:
    named = dict(STAGES[presented.format])
    if presented.format in _TIMED:
        named |= _TIME_STAGES
    if presented.format is Format.GPR1:
        named[_SLOT] = Reason.CODE_TOO_OLD
    stages = _walk(named, reason, is_refused=isinstance(presented, Refusal))
    if presented.format is Format.HC1:
        stages["schema"] = _schema(payload, presented)
    return stages


def _walk(named: dict[str, Reason], reason: Reason, *, is_refused: bool) -> dict[str, State]:
    """The stage of the reason failed: of two with one reason, that of reading or that of time."""
    failed = [name for name, why in named.items() if why is reason]
    fatal = None if not failed else failed[0] if is_refused else failed[-1]
    states, state = {}, State.PASSED
    for name in named:
        if name == fatal:
            states[name], state = State.FAILED, State.NOT_REACHED
        else:
            states[name] = state
    return states


def _schema(payload: bytes, presented: Presented) -> State:
    """Reported, and without effect on the judgement."""
    if not isinstance(presented, HealthCertificatePass):
        return State.NOT_REACHED
    return State.PASSED if hc1.fits_schema(payload.decode()) else State.FAILED


def _circumstances(question: Question) -> Circumstances:
    at_ms = (question.at - _EPOCH) // timedelta(milliseconds=1)
    rulebook = question.rulebook
    kinds = sorted(rulebook.site_kinds) if rulebook is not None else []
    zone = question.at.tzinfo or UTC
    return Circumstances(
        place=Place(
            way=question.way,
            site_kind=kinds[0] if kinds else "office",
            timezone=zone,
            unit=question.unit,
            door_bit=question.door_bit,
        ),
        rulebooks=() if rulebook is None else (rulebook,),
        now=Interval(at_ms, at_ms),
        is_revoked=False,
        presence=Presence(),
        confirmed_ms=at_ms,
    )


def _rule(question: Question, verdict: Verdict | None) -> str | None:
    if question.rulebook is None or verdict is None or verdict.rule is None:
        return None
    return question.rulebook.rules[verdict.rule].name
