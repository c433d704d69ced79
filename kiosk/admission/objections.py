"""What may speak against a pass, one function an objection; None is no objection."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kiosk.admission.certainty import Certainty, all_or_none, has_come, is_over
from kiosk.admission.rulebook import Rulebook, Way
from kiosk.admission.situation import Circumstances, Place
from kiosk.admission.verdict import Outcome
from kiosk.instants import Interval
from kiosk.passes.certificate import HealthCertificatePass
from kiosk.passes.claims import ANY_UNIT, Claims, PassType
from kiosk.passes.formats.gpr1 import SLOT_S
from kiosk.passes.reading import Credential, Pass, pass_type
from kiosk.passes.reason import Reason

# Design, section 5: slots within 60 s of now are accepted, but where now is uncertain by more
# than this a turning pass counts as a static one.
SLOT_TOLERANCE_MS = 60_000
MOST_UNCERTAIN_MS = 120_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be said of a pass; `rule` is the deciding rule's place in the rulebook."""

    outcome: Outcome
    reason: Reason
    rule: int | None = None


@dataclass(frozen=True, slots=True)
class Validity:
    """From when until when, by whose word: Unix seconds, both ends valid."""

    not_before_s: int
    expires_s: int
    signer_until_s: int


def validity(credential: Credential) -> Validity | None:
    """Return when a pass is in force, None for what carries no time."""
    match credential:
        case Pass(claims=claims, signer=signer):
            return Validity(claims.not_before_s, claims.expires_s, signer.not_after_s)
        case HealthCertificatePass(certificate=certificate, signer=signer):
            return Validity(certificate.issued_at_s, certificate.expires_s, signer.not_after_s)
        case _:
            return None


def revocation(circumstances: Circumstances) -> Finding | None:
    return Finding(Outcome.DENY, Reason.REVOKED) if circumstances.is_revoked else None


def time(credential: Credential, now: Interval, uncertain: Outcome) -> Finding | None:
    """Valid over all of `now` is no objection; over none of it is DENY."""
    valid = validity(credential)
    if valid is None:
        return None
    bounds = (now.earliest_ms, now.latest_ms)
    begun = has_come(valid.not_before_s * 1000, *bounds)
    expired = is_over(valid.expires_s * 1000, *bounds)
    key_over = is_over(valid.signer_until_s * 1000, *bounds)
    if begun is Certainty.NEVER:
        return Finding(Outcome.DENY, Reason.NOT_YET_VALID)
    if expired is Certainty.ALWAYS:
        return Finding(Outcome.DENY, Reason.EXPIRED)
    if key_over is Certainty.ALWAYS:
        return Finding(Outcome.DENY, Reason.KEY_NOT_IN_FORCE)
    if begun is Certainty.MAYBE or Certainty.MAYBE in (expired, key_over):
        return Finding(uncertain, Reason.TIME_UNCERTAIN)
    return None


def slot(
    credential: Credential, circumstances: Circumstances, uncertain: Outcome
) -> Finding | None:
    """Refuse a turning code of another time, and one that was used.

    A slot of 30 s counts from 60 s before it begins to 60 s after it ends.
    """
    if not isinstance(credential, Pass) or not counts_as_turning(credential, circumstances.now):
        return None
    slot_no = credential.slot or 0
    is_of_now = is_slot_of(slot_no, circumstances.now)
    if is_of_now is Certainty.NEVER:
        return Finding(Outcome.DENY, Reason.CODE_TOO_OLD)
    if slot_no <= circumstances.presence.last_slot:
        return Finding(Outcome.DENY, Reason.CODE_SEEN)
    return Finding(uncertain, Reason.TIME_UNCERTAIN) if is_of_now is Certainty.MAYBE else None


def counts_as_turning(credential: Pass, now: Interval) -> bool:
    """Say whether the slot can be judged at all."""
    width_ms = now.width_ms
    return credential.slot is not None and width_ms is not None and width_ms <= MOST_UNCERTAIN_MS


def used_slot(credential: Credential, now: Interval) -> int:
    """Return the slot that is used up by having been shown, 0 for none.

    One of another time uses nothing up: a phone whose clock was set right must work again.
    """
    if not isinstance(credential, Pass) or not counts_as_turning(credential, now):
        return 0
    slot_no = credential.slot or 0
    return 0 if is_slot_of(slot_no, now) is Certainty.NEVER else slot_no


def is_slot_of(slot_no: int, now: Interval) -> Certainty:
    begins_ms = slot_no * SLOT_S * 1000
    begun = has_come(begins_ms - SLOT_TOLERANCE_MS, now.earliest_ms, now.latest_ms)
    over = is_over(begins_ms + SLOT_S * 1000 + SLOT_TOLERANCE_MS, now.earliest_ms, now.latest_ms)
    if begun is Certainty.NEVER or over is Certainty.ALWAYS:
        return Certainty.NEVER
    return Certainty.MAYBE if Certainty.MAYBE in (begun, over) else Certainty.ALWAYS


def scope(credential: Credential, place: Place) -> Finding | None:
    if not isinstance(credential, Pass):
        return None
    claims = credential.claims
    if claims.unit not in (ANY_UNIT, place.unit):
        return Finding(Outcome.DENY, Reason.WRONG_UNIT)
    if not claims.doors >> place.door_bit & 1:
        return Finding(Outcome.DENY, Reason.WRONG_DOOR)
    return None


def day(credential: Credential, circumstances: Circumstances, uncertain: Outcome) -> Finding | None:
    if not isinstance(credential, Pass):
        return None
    days = _weekdays(circumstances)
    valid = all_or_none(_is_for(credential.claims, weekday) for weekday in days)
    if valid is Certainty.NEVER:
        return Finding(Outcome.DENY, Reason.WRONG_DAY)
    return Finding(uncertain, Reason.TIME_UNCERTAIN) if valid is Certainty.MAYBE else None


def whereabouts(
    credential: Credential, rulebook: Rulebook, circumstances: Circumstances
) -> Finding | None:
    """A site card is for once a day, by its nature. Pass-back, which the rulebook may put off, is
    about a person who came in and was not seen to leave.
    """
    presence = circumstances.presence
    if circumstances.place.way is not Way.ENTRY or not presence.is_inside:
        return None
    kind = pass_type(credential)
    if kind is PassType.SITE_CARD:
        return Finding(Outcome.REFER, Reason.USED_TODAY)
    if kind is PassType.VISITOR and rulebook.pass_back and presence.sees_both_ways:
        return Finding(Outcome.REFER, Reason.ALREADY_INSIDE)
    return None


def crowd(rulebook: Rulebook, circumstances: Circumstances) -> Finding | None:
    inside = circumstances.presence.inside
    if circumstances.place.way is not Way.ENTRY or rulebook.capacity is None or inside is None:
        return None
    return Finding(Outcome.REFER, Reason.FULL) if inside >= rulebook.capacity else None


def staleness(
    rulebook: Rulebook, circumstances: Circumstances, uncertain: Outcome
) -> Finding | None:
    """Object where the hub's word is, or may be, older than the rulebook allows."""
    if rulebook.stale_after_days is None:
        return None
    stale_from_ms = circumstances.confirmed_ms + rulebook.stale_after_days * _DAY_MS
    now = circumstances.now
    stale = is_over(stale_from_ms, now.earliest_ms, now.latest_ms)
    if stale is Certainty.ALWAYS:
        return Finding(rulebook.stale, Reason.STALE_RULEBOOK)
    return Finding(uncertain, Reason.TIME_UNCERTAIN) if stale is Certainty.MAYBE else None


def _is_for(claims: Claims, weekday: int) -> bool:
    return bool(claims.days >> weekday & 1)


def _weekdays(circumstances: Circumstances) -> set[int]:
    """Return the days of the week (0 is Monday) that the interval touches."""
    now, timezone = circumstances.now, circumstances.place.timezone
    if now.latest_ms is None or now.latest_ms - now.earliest_ms >= 6 * _DAY_MS:
        return set(range(7))
    first, last = (
        (_EPOCH + ms * _MILLISECOND).astimezone(timezone).toordinal() - 1
        for ms in (now.earliest_ms, now.latest_ms)
    )
    return {number % 7 for number in range(first, last + 1)}
