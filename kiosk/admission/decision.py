"""The door's judgement on one pass, as a function of what is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum

from kiosk.admission.certainty import Certainty, all_or_none, has_come, is_over
from kiosk.admission.rulebook import Rulebook
from kiosk.admission.verdict import Outcome, Verdict
from kiosk.instants import Interval
from kiosk.passes.claims import ANY_UNIT, Claims, PassType
from kiosk.passes.reading import Pass, Refusal
from kiosk.passes.reason import Reason


class Way(Enum):
    """Which way people go through this door; at one for both, it cannot be told."""

    ENTRY = "entry"
    EXIT = "exit"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Place:
    """The door, as far as it matters to a verdict."""

    way: Way
    site_kind: str
    timezone: tzinfo
    unit: int
    door_bit: int


@dataclass(frozen=True, slots=True)
class Presence:
    """What this kiosk knows of a pass's whereabouts.

    `is_inside` is what was last seen; it changes a verdict only where `sees_both_ways`.
    """

    is_inside: bool
    sees_both_ways: bool


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that a verdict depends on besides the code itself."""

    place: Place
    rulebooks: Sequence[Rulebook]
    now: Interval
    is_revoked: bool
    presence: Presence


def decide(presented: Pass | Refusal, circumstances: Circumstances) -> Verdict:
    """Return the verdict on one presentation of one code.

    Over the whole interval `now` a rulebook may come into force: a verdict is given only where
    all rulebooks that may be in force agree, if only in that they deny.
    """
    candidates = _in_force(circumstances)
    if isinstance(presented, Refusal):
        trial = candidates[0] if candidates and all(book.trial for book in candidates) else None
        return _at_the_door(_Finding(Outcome.DENY, presented.reason), trial, circumstances)
    if not candidates:
        return _at_the_door(_Finding(Outcome.REFER, Reason.NO_RULEBOOK), None, circumstances)
    verdicts = [
        _at_the_door(_find(presented, rulebook, circumstances), rulebook, circumstances)
        for rulebook in candidates
    ]
    judgements = {(verdict.shown, verdict.reason) for verdict in verdicts}
    if len(judgements) == 1 or {shown for shown, _reason in judgements} == {Outcome.DENY}:
        return verdicts[0]
    return _at_the_door(
        _Finding(Outcome.REFER, Reason.TIME_UNCERTAIN), candidates[0], circumstances
    )


@dataclass(frozen=True, slots=True)
class _Finding:
    outcome: Outcome
    reason: Reason
    rule: int | None = None


def _find(presented: Pass, rulebook: Rulebook, circumstances: Circumstances) -> _Finding:
    """Return the first objection to the pass, else what the rulebook says of it.

    What denies comes before what refers: a pass for another door is one at any time.
    """
    claims = presented.claims
    objections = (
        _revocation(circumstances),
        _validity(presented, circumstances.now),
        _scope(claims, circumstances.place),
        _day(claims, circumstances),
        _whereabouts(claims, circumstances),
        _rule(presented, rulebook),
    )
    found = [objection for objection in objections if objection is not None]
    return next((one for one in found if one.outcome is Outcome.DENY), found[0])


def _revocation(circumstances: Circumstances) -> _Finding | None:
    return _Finding(Outcome.DENY, Reason.REVOKED) if circumstances.is_revoked else None


def _validity(presented: Pass, now: Interval) -> _Finding | None:
    claims, signer = presented.claims, presented.signer
    bounds = (now.earliest_ms, now.latest_ms)
    begun = has_come(claims.not_before_s * 1000, *bounds)
    expired = is_over(claims.expires_s * 1000, *bounds)
    key_over = is_over(signer.not_after_s * 1000, *bounds)
    if begun is Certainty.NEVER:
        return _Finding(Outcome.DENY, Reason.NOT_YET_VALID)
    if expired is Certainty.ALWAYS:
        return _Finding(Outcome.DENY, Reason.EXPIRED)
    if key_over is Certainty.ALWAYS:
        return _Finding(Outcome.DENY, Reason.KEY_NOT_IN_FORCE)
    if begun is Certainty.MAYBE or Certainty.MAYBE in (expired, key_over):
        return _Finding(Outcome.REFER, Reason.TIME_UNCERTAIN)
    return None


def _scope(claims: Claims, place: Place) -> _Finding | None:
    if claims.unit not in (ANY_UNIT, place.unit):
        return _Finding(Outcome.DENY, Reason.WRONG_UNIT)
    if not claims.doors >> place.door_bit & 1:
        return _Finding(Outcome.DENY, Reason.WRONG_DOOR)
    return None


def _day(claims: Claims, circumstances: Circumstances) -> _Finding | None:
    days = _weekdays(circumstances.now, circumstances.place.timezone)
    valid = all_or_none(bool(claims.days >> day & 1) for day in days)
    if valid is Certainty.NEVER:
        return _Finding(Outcome.DENY, Reason.WRONG_DAY)
    if valid is Certainty.MAYBE:
        return _Finding(Outcome.REFER, Reason.TIME_UNCERTAIN)
    return None


def _whereabouts(claims: Claims, circumstances: Circumstances) -> _Finding | None:
    presence = circumstances.presence
    counts = presence.sees_both_ways and circumstances.place.way is Way.ENTRY
    if counts and presence.is_inside and claims.pass_type is PassType.VISITOR:
        return _Finding(Outcome.REFER, Reason.ALREADY_INSIDE)
    return None


_REASONS = {
    Outcome.ADMIT: Reason.ALLOWED,
    Outcome.DENY: Reason.RULE_DENIES,
    Outcome.REFER: Reason.RULE_REFERS,
}


def _rule(presented: Pass, rulebook: Rulebook) -> _Finding:
    for place, rule in enumerate(rulebook.rules):
        if presented.claims.pass_type in rule.types and presented.format.name in rule.formats:
            return _Finding(rule.outcome, _REASONS[rule.outcome], place)
    return _Finding(Outcome.DENY, Reason.NOT_ALLOWED)


def _at_the_door(
    finding: _Finding, rulebook: Rulebook | None, circumstances: Circumstances
) -> Verdict:
    """Nobody is kept in: at an exit DENY does not exist. In a trial nobody is kept out."""
    outcome = finding.outcome
    if outcome is Outcome.DENY and circumstances.place.way is Way.EXIT:
        outcome = Outcome.REFER
    in_trial = rulebook is not None and rulebook.trial
    shown = Outcome.REFER if outcome is Outcome.DENY and in_trial else outcome
    version = rulebook.version if rulebook is not None else 0
    return Verdict(outcome, shown, finding.reason, version, finding.rule)


def _in_force(circumstances: Circumstances) -> list[Rulebook]:
    """Return every rulebook that may be the one in force here, over the interval `now`.

    Empty where it may be that none is.
    """
    now, kind = circumstances.now, circumstances.place.site_kind
    candidates: list[Rulebook] = []
    ours = [
        book for book in circumstances.rulebooks if not book.site_kinds or kind in book.site_kinds
    ]
    for book in sorted(ours, key=lambda book: (book.effective_from, book.version), reverse=True):
        effective_ms = _unix_ms(book.effective_from)
        begun = has_come(effective_ms, now.earliest_ms, now.latest_ms)
        if begun is not Certainty.NEVER:
            candidates.append(book)
        if begun is Certainty.ALWAYS:
            return candidates
    return []


def _weekdays(now: Interval, timezone: tzinfo) -> set[int]:
    """Return the days of the week (0 is Monday) that the interval touches."""
    if now.latest_ms is None or now.latest_ms - now.earliest_ms >= timedelta(days=6) / _MILLISECOND:
        return set(range(7))
    first = _local_day(now.earliest_ms, timezone)
    last = _local_day(now.latest_ms, timezone)
    return {day % 7 for day in range(first, last + 1)}


_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _local_day(unix_ms: int, timezone: tzinfo) -> int:
    """Return a day number that is 0 modulo 7 on a Monday."""
    local = (_EPOCH + unix_ms * _MILLISECOND).astimezone(timezone)
    return local.toordinal() - 1


def _unix_ms(instant: datetime) -> int:
    return (instant - _EPOCH) // _MILLISECOND
