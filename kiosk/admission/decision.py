"""The door's judgement on one code, as a function of what is known."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from kiosk.admission import objections
from kiosk.admission.certainty import Certainty, has_come
from kiosk.admission.colour import colours
from kiosk.admission.objections import Finding
from kiosk.admission.rulebook import Rule, Rulebook, Way
from kiosk.admission.situation import Circumstances
from kiosk.admission.verdict import Outcome, Verdict
from kiosk.passes.certificate import HealthCertificatePass
from kiosk.passes.claims import PassType
from kiosk.passes.reading import Credential, Presented, Refusal, pass_type
from kiosk.passes.reason import Reason

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_REASONS = {
    Outcome.ADMIT: Reason.ALLOWED,
    Outcome.DENY: Reason.RULE_DENIES,
    Outcome.REFER: Reason.RULE_REFERS,
}
# Whoever shows these proves nothing: at best an officer looks.
_NEVER_GREEN = frozenset({PassType.ROSTER, PassType.NATIONAL})


def decide(presented: Presented, circumstances: Circumstances) -> Verdict:
    """Return the verdict on one presentation of one code.

    Over the interval `now` a rulebook may come into force: a verdict is given only where all
    rulebooks that may be in force agree on it, whatever their reasons.
    """
    candidates = _in_force(circumstances)
    if isinstance(presented, Refusal):
        trial = candidates[0] if candidates and all(book.trial for book in candidates) else None
        return _at_the_door(Finding(Outcome.DENY, presented.reason), trial, circumstances)
    if not candidates:
        return _at_the_door(_without_rules(presented, circumstances), None, circumstances)
    verdicts = [
        _at_the_door(_find(presented, rulebook, circumstances), rulebook, circumstances)
        for rulebook in candidates
    ]
    if len({(verdict.outcome, verdict.shown) for verdict in verdicts}) == 1:
        return verdicts[0]
    return _at_the_door(*_undecided(candidates), circumstances)


def _undecided(candidates: Sequence[Rulebook]) -> tuple[Finding, Rulebook]:
    """What is said where rulebooks differ: their word on an uncertain time, if it is the same.

    Only where all of them are in a trial phase is it a trial.
    """
    said = {book.uncertain_clock for book in candidates}
    outcome = Outcome.DENY if said == {Outcome.DENY} else Outcome.REFER
    in_earnest = (book for book in candidates if not book.trial)
    return Finding(outcome, Reason.TIME_UNCERTAIN), next(in_earnest, candidates[0])


def _without_rules(presented: Credential, circumstances: Circumstances) -> Finding:
    """What is wrong whatever the rules say stays wrong without any."""
    wrong = (
        objections.revocation(circumstances),
        objections.time(presented, circumstances.now, Outcome.REFER),
    )
    denied = (one for one in wrong if one is not None and one.outcome is Outcome.DENY)
    return next(denied, Finding(Outcome.REFER, Reason.NO_RULEBOOK))


def _find(presented: Credential, rulebook: Rulebook, circumstances: Circumstances) -> Finding:
    """Return the first objection to the pass, else what the rulebook says of it.

    What denies comes before what refers: a pass for another door is one at any time.
    """
    uncertain = rulebook.uncertain_clock
    said = (
        objections.revocation(circumstances),
        objections.time(presented, circumstances.now, uncertain),
        objections.slot(presented, circumstances, uncertain),
        objections.scope(presented, circumstances.place),
        objections.day(presented, circumstances, uncertain),
        objections.staleness(rulebook, circumstances, uncertain),
        objections.whereabouts(presented, rulebook, circumstances),
        objections.crowd(rulebook, circumstances),
        _rule(presented, rulebook, circumstances),
    )
    found = [finding for finding in said if finding is not None]
    return next((one for one in found if one.outcome is Outcome.DENY), found[0])


def _rule(presented: Credential, rulebook: Rulebook, circumstances: Circumstances) -> Finding:
    """Return what the first rule that applies says; where the time leaves open which one that is,
    what all of them say, if it is the same.
    """
    possible = list(_possible(presented, rulebook, circumstances))
    if len({finding.outcome for finding in possible}) == 1:
        return possible[0]
    return Finding(rulebook.uncertain_clock, Reason.TIME_UNCERTAIN)


def _possible(
    presented: Credential, rulebook: Rulebook, circumstances: Circumstances
) -> Iterator[Finding]:
    """Yield what each rule says that may be the first to apply."""
    at_other_times = False
    for place, rule in enumerate(rulebook.rules):
        if not _is_about(rule, presented, circumstances):
            continue
        coloured = _has_colour(rule, presented, rulebook, circumstances)
        if coloured is Certainty.NEVER:
            continue
        is_open = _is_open(rule, rulebook, circumstances)
        if is_open is not Certainty.NEVER:
            yield _said_by(rule, place, presented)
        elif rule.outcome is not Outcome.DENY:
            at_other_times = True
        if is_open is coloured is Certainty.ALWAYS:
            return
    closed = Reason.OUTSIDE_HOURS if at_other_times else Reason.NOT_ALLOWED
    yield Finding(Outcome.DENY, closed)


def _said_by(rule: Rule, place: int, presented: Credential) -> Finding:
    outcome = rule.outcome
    if outcome is Outcome.ADMIT and pass_type(presented) in _NEVER_GREEN:
        outcome = Outcome.REFER
    return Finding(outcome, _REASONS[outcome], place)


def _is_about(rule: Rule, presented: Credential, circumstances: Circumstances) -> bool:
    """Say whether a rule is about such a pass at such a door, whatever the time."""
    place = circumstances.place
    return (
        pass_type(presented) in rule.types
        and presented.format.name in rule.formats
        and (not rule.units or place.unit in rule.units)
        and (not rule.ways or place.way in rule.ways)
    )


def _is_open(rule: Rule, rulebook: Rulebook, circumstances: Circumstances) -> Certainty:
    timezone = circumstances.place.timezone
    return rule.schedule.holds(circumstances.now, timezone, rulebook.holidays)


def _has_colour(
    rule: Rule, presented: Credential, rulebook: Rulebook, circumstances: Circumstances
) -> Certainty:
    if not rule.colours:
        return Certainty.ALWAYS
    if not isinstance(presented, HealthCertificatePass):
        return Certainty.NEVER
    found = colours(
        presented.certificate, rulebook.colours, circumstances.now, circumstances.place.timezone
    )
    if found <= rule.colours:
        return Certainty.ALWAYS
    return Certainty.MAYBE if found & rule.colours else Certainty.NEVER


def _at_the_door(
    finding: Finding, rulebook: Rulebook | None, circumstances: Circumstances
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
        effective_ms = (book.effective_from - _EPOCH) // _MILLISECOND
        begun = has_come(effective_ms, now.earliest_ms, now.latest_ms)
        if begun is not Certainty.NEVER:
            candidates.append(book)
        if begun is Certainty.ALWAYS:
            return candidates
    return []
