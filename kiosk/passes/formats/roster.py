"""Numbers that the roster knows: a personnel number (NIP), a card's number."""

from kiosk.passes.format import Format
from kiosk.passes.reading import Refusal, RosterMatch
from kiosk.passes.reason import Reason
from kiosk.passes.roster import Roster

STAGES = {"roster": Reason.NOT_ON_ROSTER}


def read(text: str, roster: Roster) -> RosterMatch | Refusal | None:
    """Look up a number; None where the roster lists no number of that form.

    Only what has a listed form costs the slow hash, and the door asks once a presentation.
    """
    if not roster.lists_shape_of(text):
        return None
    sub = roster.find(text)
    return Refusal(Format.ROSTER, Reason.NOT_ON_ROSTER) if sub is None else RosterMatch(sub)
