"""From a payload to a verdict, with all that the door knows at that moment."""

import logging
from dataclasses import dataclass

from kiosk.admission.certainty import Certainty
from kiosk.admission.decision import decide
from kiosk.admission.objections import is_slot_of, scope, used_slot
from kiosk.admission.rulebook import Kept, Way
from kiosk.admission.situation import Circumstances, Place, Presence
from kiosk.admission.verdict import Outcome, Verdict
from kiosk.clock import Clock
from kiosk.instants import Interval, Moment
from kiosk.journal.journal import Journal
from kiosk.journal.sightings import Sighting
from kiosk.passes.claims import PassType
from kiosk.passes.formats.gpr1 import SLOT_S
from kiosk.passes.reading import Pass, Presented, Refusal, pass_type, serial, subject
from kiosk.passes.recognition import read_pass
from kiosk.reference.reference import Reference
from sync.wire.batch import Anchor, AnchorSource
from sync.wire.visit import Direction, Visit

logger = logging.getLogger(__name__)

DIRECTIONS = {Way.ENTRY: Direction.IN, Way.EXIT: Direction.OUT, Way.BOTH: Direction.UNKNOWN}
# A phone may be a minute wrong, and a slot is half a minute long.
_OFFICER_ERROR_MS = 90_000


@dataclass(frozen=True, slots=True)
class Decided:
    """A verdict with what it was made of; `told_time` says that the code has told the time."""

    presented: Presented
    verdict: Verdict
    now: Interval
    moment: Moment
    told_time: bool = False

    @property
    def is_officers(self) -> bool:
        """Whether an officer's own phone was shown, and let in, with a code that is of now as far
        as can be told: an older one may be a photograph.
        """
        presented = self.presented
        if not isinstance(presented, Pass) or presented.slot is None:
            return False
        is_officer = presented.claims.pass_type is PassType.OFFICER
        may_be_current = (
            self.now.latest_ms is not None
            and is_slot_of(presented.slot, self.now) is not Certainty.NEVER
        )
        admitted = self.verdict.shown is Outcome.ADMIT
        return is_officer and admitted and (self.told_time or may_be_current)

    def sighting(self, reference: Reference) -> Sighting | None:
        """Return what is to be remembered of the pass; nothing of one that was refused.

        Somebody who was referred may have gone in or away: only their code counts as used.
        """
        presented = self.presented
        if isinstance(presented, Refusal) or self.verdict.shown is Outcome.DENY:
            return None
        admitted = self.verdict.shown is Outcome.ADMIT
        direction = DIRECTIONS[reference.place.way] if admitted else Direction.UNKNOWN
        return Sighting(direction, used_slot(presented, self.now))

    def visit(self, reference: Reference) -> Visit:
        """Return the entry's body, with no more about the person than the rulebook lets it keep."""
        verdict, now = self.verdict, self.now
        kept = self._kept(reference)
        presented = self.presented
        known_by, holder = serial(presented), subject(presented)
        return Visit(
            outcome=int(verdict.outcome),
            shown=int(verdict.shown),
            reason=int(verdict.reason),
            direction=DIRECTIONS[reference.place.way],
            format=int(presented.format),
            rulebook=verdict.rulebook,
            earliest_s=now.earliest_ms // 1000,
            latest_s=None if now.latest_ms is None else -(-now.latest_ms // 1000),
            rule=verdict.rule,
            pass_type=None if isinstance(presented, Refusal) else int(pass_type(presented)),
            sub=holder if Kept.SUB in kept else None,
            # Whoever is known by a number has no pass: it would be the pseudonym once more.
            cti=known_by if Kept.CTI in kept and known_by != holder else None,
        )

    def _kept(self, reference: Reference) -> frozenset[Kept]:
        if isinstance(self.presented, Refusal):
            return frozenset()
        kind = pass_type(self.presented)
        for rulebook in reference.rulebooks:
            if rulebook.version == self.verdict.rulebook:
                return rulebook.kept_of(kind)
        return frozenset(Kept)


class Judge:
    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    def judge(self, payload: bytes, reference: Reference) -> Decided:
        """Decide on one presentation of one code.

        Raises:
            JournalFault: what the door knows cannot be read.
        """
        presented = read_pass(payload, reference.trust)
        moment = self._clock.moment()
        is_revoked = reference.is_revoked(presented)
        told_time = (
            isinstance(presented, Pass)
            and not is_revoked
            and self._learn_the_time(presented, moment, reference.place)
        )
        now = self._journal.now(moment)
        circumstances = Circumstances(
            place=reference.place,
            rulebooks=reference.rulebooks,
            now=now,
            is_revoked=is_revoked,
            presence=self._presence(presented, reference),
            confirmed_ms=reference.confirmed_ms,
        )
        return Decided(presented, decide(presented, circumstances), now, moment, told_time)

    def _presence(self, presented: Presented, reference: Reference) -> Presence:
        known_by = serial(presented)
        if known_by is None:
            return Presence()
        seen = self._journal.sighting(known_by)
        inside = self._journal.count_inside() if reference.sees_both_ways else None
        return Presence(
            is_inside=seen is not None and seen.direction is Direction.IN,
            sees_both_ways=reference.sees_both_ways,
            last_slot=0 if seen is None else seen.slot,
            inside=inside,
        )

    def _learn_the_time(self, presented: Pass, moment: Moment, place: Place) -> bool:
        """Take an officer's turning code as the time where this boot knows none at all.

        Only the code of an officer of this place, and none that is older than one of the same
        officer's before it. What is left is said in `docs/decisions/0004-judgement.md`.
        """
        slot = presented.slot
        if slot is None or not _is_officer_of(presented, place, slot):
            return False
        if self._journal.now(moment).latest_ms is not None:
            return False
        anchor = Anchor(
            boot_id=moment.boot_id,
            boot_ms=moment.boot_ms,
            true_ms=_said_s(slot) * 1000,
            error_ms=_OFFICER_ERROR_MS,
            source=AnchorSource.OFFICER,
        )
        is_new = self._journal.add_officers_anchor(anchor, presented.claims.cti, slot)
        if is_new:
            logger.info("an officer's phone has told the time")
        return is_new


def _is_officer_of(presented: Pass, place: Place, slot: int) -> bool:
    """Whether this is a pass for an officer of this place, in force at the time that it tells."""
    claims, said_s = presented.claims, _said_s(slot)
    return (
        claims.pass_type is PassType.OFFICER
        and claims.not_before_s <= said_s <= claims.expires_s
        and presented.signer.is_valid_at(said_s)
        and scope(presented, place) is None
    )


def _said_s(slot: int) -> int:
    """Return the middle of a slot, Unix seconds."""
    return slot * SLOT_S + SLOT_S // 2
