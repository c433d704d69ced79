"""Why a pass could not be issued, in words, and what to do about it."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from sync.hub.errors import CannotIssue, Hindrance
from sync.hub.web.words import Word

REFUSALS: dict[Hindrance, Word] = {
    Hindrance.ENDS_FIRST: _("The pass would end before it begins."),
    Hindrance.KEY_REVOKED: _(
        "The hub's pass key is revoked. Diskominfo makes another one first: "
        "gapura-hub keys rotate --purpose pass"
    ),
    Hindrance.BEFORE_KEY: _("The pass would begin when the hub's pass key is not in force."),
    Hindrance.AFTER_KEY: _(
        "The hub's pass key ends on %(until)s, and no pass may outlive it. Choose fewer days, or "
        "have Diskominfo make another key first: gapura-hub keys rotate --purpose pass"
    ),
    Hindrance.NOBODY: _("Nobody is left to issue a pass to: choose others."),
    Hindrance.OFFICERS_CARD: _(
        "Officers' passes go onto phones, for a printed one could be copied. Choose links."
    ),
    Hindrance.TOO_MANY: _("At most %(most)s at a time: take one office after the other."),
    Hindrance.OVER: _("This pass has expired: issue a new one."),
    Hindrance.REPLACED: _("This pass has been replaced already."),
    Hindrance.KEY_CHANGED: _("The hub has another pass key by now: re-issue these cards."),
    Hindrance.PRINTED: _(
        "These cards were issued more than 24 hours ago: re-issue those that are missing."
    ),
}


def said(fault: CannotIssue) -> str:
    """Return the words in the language of the page."""
    until = date_format(localtime(fault.until), "j M Y") if fault.until is not None else ""
    return str(REFUSALS[fault.why]) % {"until": until, "most": fault.most}
