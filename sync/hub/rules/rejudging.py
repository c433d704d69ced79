"""What another rulebook would have said to a visit, as far as the hub knows of it.

The hub has what the door wrote down: kind and format of the pass, its reason, the time as the door
knew it. What it has not (the content of a certificate, how full the building was) makes a visit
one of which it cannot be told. That the hub was not heard of for long is taken as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from enum import Enum

from kiosk.admission.decision import decide
from kiosk.admission.rulebook import Rulebook, Way
from kiosk.admission.situation import Circumstances, Place, Presence
from kiosk.admission.verdict import Verdict
from kiosk.instants import Interval
from kiosk.passes.certificate import Certificate, HealthCertificatePass, SignerTerm
from kiosk.passes.claims import NATIVE_TYPES, Claims, PassType
from kiosk.passes.format import Format
from kiosk.passes.reading import Credential, NationalCode, Pass, Refusal, RosterMatch
from kiosk.passes.reason import Reason
from sync.wire.keys import HubKey, Purpose

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_FOR_EVER_S = 2**40
_SECOND_MS = 1000
# Whatever else spoke against such a pass was looked at before: nothing did.
_LOOKED = frozenset({Reason.ALLOWED, Reason.RULE_REFERS})
_DENIALS = frozenset({Reason.RULE_DENIES, Reason.NOT_ALLOWED, Reason.OUTSIDE_HOURS})
_INSIDE = frozenset({Reason.ALREADY_INSIDE, Reason.USED_TODAY})
# For all others the pass itself is to blame: no rule was asked, and none would be.
_OF_THE_RULES = _LOOKED | _DENIALS | _INSIDE | {Reason.FULL, Reason.STALE_RULEBOOK}
_VERY_LONG_AGO_MS = -(2**50)
_KIOSK = HubKey(Purpose.PASS, bytes(32), 0, _FOR_EVER_S)
_TERM = SignerTerm(bytes(8), 0, _FOR_EVER_S)


class Unknown(Enum):
    """Why it cannot be told."""

    CERTIFICATE = "certificate"
    TIME = "time"
    CROWD = "crowd"
    INSIDE = "inside"
    STALE = "stale"
    NO_RULEBOOK = "no rulebook"
    NEWER = "newer"


_UNTOLD = {
    Reason.TIME_UNCERTAIN: Unknown.TIME,
    Reason.NO_RULEBOOK: Unknown.NO_RULEBOOK,
}
_REASONS, _FORMATS = frozenset(Reason), frozenset(Format)


@dataclass(frozen=True, slots=True)
class Was:
    """A visit as the door wrote it down. `timezone` and what follows are those of its door."""

    outcome: int
    shown: int
    reason: int
    format: int
    rulebook: int
    rule: int | None
    pass_type: int | None
    earliest_s: int
    latest_s: int | None
    way: str
    site_kind: str
    timezone: tzinfo
    unit: int
    sees_both_ways: bool


def in_force_always(book: Rulebook) -> Rulebook:
    """Return it as if it were in force at every site at any time."""
    return replace(book, effective_from=_LONG_AGO, site_kinds=frozenset())


def rejudge(was: Was, book: Rulebook, published: Mapping[int, Rulebook]) -> Verdict | Unknown:
    """Return what `book` would have said. `published` has the rulebooks by version."""
    if was.reason not in _REASONS or was.format not in _FORMATS:
        return Unknown.NEWER
    reason = Reason(was.reason)
    if reason in _UNTOLD:
        return _UNTOLD[reason]
    if reason not in _OF_THE_RULES:
        refusal = Refusal(Format(was.format), reason)
        return _decided(refusal, was, book, Presence(), Interval(0, None))
    old, presented = published.get(was.rulebook), _credential(was)
    if old is None or presented is None:
        return Unknown.NEWER
    return _unknown(was, reason, old, book) or _among(presented, was, reason, old, book)


def _unknown(was: Was, reason: Reason, old: Rulebook, new: Rulebook) -> Unknown | None:
    if was.pass_type == PassType.CERTIFICATE and _asks_for_a_colour(new):
        return Unknown.CERTIFICATE
    if reason is Reason.STALE_RULEBOOK and _may_be_fresh(old, new):
        return Unknown.STALE
    return None


def _among(
    presented: Credential, was: Was, reason: Reason, old: Rulebook, book: Rulebook
) -> Verdict | Unknown:
    """Judge whatever may have been the case: where all of it comes to the same, it can be told."""
    found: dict[tuple[int, int], Verdict] = {}
    crowds = _crowds(was, reason, old, book)
    for crowd in crowds:
        for is_inside in _whereabouts(was, reason, old):
            sees_both_ways = was.sees_both_ways or reason is Reason.ALREADY_INSIDE
            presence = Presence(is_inside, sees_both_ways, inside=crowd)
            said = _with_time(presented, was, reason, book, presence)
            if isinstance(said, Unknown):
                return said
            found.setdefault((said.outcome, said.shown), said)
    if len(found) == 1:
        return next(iter(found.values()))
    return Unknown.CROWD if len(crowds) > 1 else Unknown.INSIDE


def _with_time(
    presented: Credential, was: Was, reason: Reason, book: Rulebook, presence: Presence
) -> Verdict | Unknown:
    """The journal has whole seconds around the time that the door knew: where the second decides,
    it cannot be told.
    """
    if reason is not Reason.STALE_RULEBOOK:
        book = replace(book, stale_after_days=None)
    latest_ms = None if was.latest_s is None else was.latest_s * _SECOND_MS
    now = Interval(was.earliest_s * _SECOND_MS, latest_ms)
    verdict = _decided(presented, was, book, presence, now)
    if verdict.reason is not Reason.TIME_UNCERTAIN or latest_ms is None:
        return verdict
    within = Interval(now.earliest_ms + _SECOND_MS - 1, latest_ms - _SECOND_MS + 1)
    if within.earliest_ms > latest_ms - _SECOND_MS + 1:
        return Unknown.TIME
    return verdict if _decided(presented, was, book, presence, within) == verdict else Unknown.TIME


def _decided(
    presented: Credential | Refusal, was: Was, book: Rulebook, presence: Presence, now: Interval
) -> Verdict:
    circumstances = Circumstances(
        place=Place(Way(was.way), was.site_kind, was.timezone, was.unit, 0),
        rulebooks=(book,),
        now=now,
        is_revoked=False,
        presence=presence,
        confirmed_ms=_VERY_LONG_AGO_MS,
    )
    return decide(presented, circumstances)


def _asks_for_a_colour(book: Rulebook) -> bool:
    return any(rule.colours and PassType.CERTIFICATE in rule.types for rule in book.rules)


def _may_be_fresh(old: Rulebook, new: Rulebook) -> bool:
    """The kiosk had not heard of the hub for longer than the old rulebook allows; how long?"""
    if old.stale_after_days is None or new.stale_after_days is None:
        return True
    return new.stale_after_days > old.stale_after_days


def _whereabouts(was: Was, reason: Reason, old: Rulebook) -> tuple[bool, ...]:
    """Return whether the holder was inside, or both where nobody had looked."""
    if reason in _INSIDE:
        return (True,)
    was_looked_at = was.pass_type != PassType.VISITOR or old.pass_back
    is_known = reason in _LOOKED | {Reason.FULL} and was_looked_at
    return (False,) if is_known else (False, True)


def _crowds(was: Was, reason: Reason, old: Rulebook, new: Rulebook) -> tuple[int | None, ...]:
    """Return how many were inside as far as it matters: too few, or enough for the new rulebook."""
    limit = new.capacity
    if limit is None:
        return (None,)
    if reason is Reason.FULL and old.capacity is not None:
        return (limit,) if limit <= old.capacity else (limit - 1, limit)
    if not was.sees_both_ways or was.pass_type == PassType.NATIONAL:
        return (None,)
    was_fewer = reason in _LOOKED and old.capacity is not None and old.capacity <= limit
    return (limit - 1,) if was_fewer else (limit - 1, limit)


def _credential(was: Was) -> Credential | None:
    """Return a pass of that kind against which nothing speaks, None where none is of that kind."""
    kind, form = was.pass_type, Format(was.format)
    if kind in NATIVE_TYPES and form in {Format.GPS1, Format.GPR1}:
        claims = Claims(bytes(8), bytes(8), 0, _FOR_EVER_S, PassType(kind))
        return Pass(form, claims, _KIOSK)
    if kind == PassType.CERTIFICATE and form is Format.HC1:
        return HealthCertificatePass(Certificate(0, _FOR_EVER_S, ()), bytes(8), _TERM)
    if kind == PassType.ROSTER and form is Format.ROSTER:
        return RosterMatch(bytes(8))
    if kind == PassType.NATIONAL and form is Format.NATIONAL:
        return NationalCode()
    return None
