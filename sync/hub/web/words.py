"""What the codes in a visit mean, in words."""

from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kiosk.admission.verdict import Outcome
from kiosk.passes.claims import PassType
from kiosk.passes.reason import Reason
from sync.wire.visit import Direction

Word = str | Promise

OUTCOMES: dict[int, Word] = {
    Outcome.ADMIT: _("Admitted"),
    Outcome.DENY: _("Refused"),
    Outcome.REFER: _("To the officer"),
}
REASONS: dict[int, Word] = {
    Reason.ALLOWED: _("A rule admits this pass"),
    Reason.NOT_A_PASS: _("Not a pass"),
    Reason.TOO_LONG: _("Longer than any pass"),
    Reason.BAD_ENCODING: _("Damaged code"),
    Reason.BAD_STRUCTURE: _("Not a signed pass"),
    Reason.UNKNOWN_KEY: _("Signed by somebody unknown"),
    Reason.BAD_SIGNATURE: _("Forged: the signature does not fit"),
    Reason.BAD_CLAIMS: _("Signed, but not a pass"),
    Reason.KEY_NOT_IN_FORCE: _("Signed with a key that was not in force"),
    Reason.REVOKED: _("Revoked"),
    Reason.EXPIRED: _("Expired"),
    Reason.NOT_YET_VALID: _("Not valid yet"),
    Reason.TIME_UNCERTAIN: _("The kiosk was unsure of the time"),
    Reason.WRONG_DOOR: _("For other doors"),
    Reason.WRONG_UNIT: _("For another office"),
    Reason.WRONG_DAY: _("For other days"),
    Reason.ALREADY_INSIDE: _("Already inside"),
    Reason.OUTSIDE_HOURS: _("At other hours or days"),
    Reason.USED_TODAY: _("Used today already"),
    Reason.FULL: _("The building was full"),
    Reason.STALE_RULEBOOK: _("The kiosk had not heard from the hub for too long"),
    Reason.BAD_HOLDER_SIGNATURE: _("Not from the phone of the pass"),
    Reason.CODE_TOO_OLD: _("A code of another time"),
    Reason.CODE_SEEN: _("A code that had been used"),
    Reason.NOT_ON_ROSTER: _("Number not on the roster"),
    Reason.NOT_ALLOWED: _("No rule admits this pass"),
    Reason.RULE_DENIES: _("A rule refuses this pass"),
    Reason.RULE_REFERS: _("A rule asks for the officer"),
    Reason.NO_RULEBOOK: _("No rules at this door"),
    Reason.BAD_COMPRESSION: _("Damaged health certificate"),
    Reason.BAD_CERTIFICATE: _("Not a health certificate"),
    Reason.SIGNER_USAGE: _("Signed by somebody who may not sign this kind"),
}
DIRECTIONS: dict[int, Word] = {
    Direction.UNKNOWN: _("In or out"),
    Direction.IN: _("In"),
    Direction.OUT: _("Out"),
}
PASS_TYPES: dict[int, Word] = {
    PassType.VISITOR: _("Visitor"),
    PassType.SITE_CARD: _("Site card"),
    PassType.EMPLOYEE: _("Employee"),
    PassType.OFFICER: _("Officer"),
    PassType.CERTIFICATE: _("Health certificate"),
    PassType.ROSTER: _("Number on the roster"),
    PassType.NATIONAL: _("National code"),
}
DOOR_DIRECTIONS: dict[str, Word] = {
    "entry": _("Entry"),
    "exit": _("Exit"),
    "both": _("Entry and exit"),
}


def word(words: dict[int, Word], code: int | None) -> Word:
    """Return the word, or the number where a door is newer than this hub."""
    if code is None:
        return ""
    return words.get(code) or _("Code %(code)d") % {"code": code}


def css_class(kind: type[Enum], code: int) -> str:
    """Return a name that a style sheet can use, for what the member means."""
    return next((member.name.lower() for member in kind if member.value == code), "unknown")
