"""Puts people of the personnel list on the roster: they may enter by their employee number."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kiosk.passes.roster import SALT_BYTES, Alphabet
from sync.hub.errors import FaultyFile
from sync.hub.fleet.edition import begin_edition
from sync.hub.people import roster
from sync.hub.people.models import Roster
from sync.hub.people.personnel import number_hash, subs_of
from sync.hub.people.roster_file import MOST_SHAPES, shapes_of
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event

MOST_NEW = 500
"""A number takes 50 to 70 ms of a processor: more keep whoever waits for the page too long."""


def check_additions(numbers: Sequence[str], key: bytes) -> None:
    """Raises FaultyFile where there are too many new numbers, or too many forms of them."""
    held = Roster.objects.first()
    on_it = set() if held is None else set(roster.by_hash(held.rows).values())
    known = subs_of([number_hash(number, key) for number in numbers])
    new = len(numbers) - sum(sub in on_it for sub in known.values())
    if new > MOST_NEW:
        raise FaultyFile(
            _(
                "At most %(most)s new numbers at a time can be made known to doors here, and these "
                "are %(new)s. Split the file, or use gapura-hub import-roster."
            )
            % {"most": MOST_NEW, "new": new}
        )
    if len(_merged([] if held is None else held.shapes, numbers)) > MOST_SHAPES:
        raise FaultyFile(_("The numbers have more lengths than a door can know."))


def add_to_roster(numbers: Sequence[str], key: bytes, at: datetime) -> int:
    """Make people known to doors by their numbers; return how many were not before.

    They must be on the personnel list. Whoever is on the roster stays.
    """
    held = Roster.objects.first()
    salt = secrets.token_bytes(SALT_BYTES) if held is None else held.salt
    on_it = set() if held is None else set(roster.by_hash(held.rows).values())
    by_number = {number_hash(number, key): number for number in numbers}
    subs = {by_number[one]: sub for one, sub in subs_of(list(by_number)).items()}
    new = {number: sub for number, sub in subs.items() if sub not in on_it}
    # Before the transaction: it takes seconds, and nobody else could write meanwhile.
    hashes = roster.hashes_of(list(new), salt)
    return _store(dict(zip(hashes, new.values(), strict=True)), salt, list(new), at)


def _store(new: Mapping[bytes, bytes], salt: bytes, numbers: Sequence[str], at: datetime) -> int:
    with transaction.atomic():
        held = Roster.objects.select_for_update().first()
        before = {} if held is None else roster.by_hash(held.rows)
        if held is not None and held.salt != salt:
            raise FaultyFile(_("The roster was replaced meanwhile: import the file again."))
        rows = dict(new) | before
        Roster.objects.all().delete()
        Roster.objects.create(
            salt=salt,
            cost=roster.COST,
            shapes=_merged([] if held is None else held.shapes, numbers),
            rows=b"".join(one + sub for one, sub in sorted(rows.items())),
            imported_at=at,
        )
        begin_edition()
        added = len(rows) - len(before)
        note(Event.ROSTER, {"added": added, "kept": len(before), "left": 0})
    return added


def _merged(shapes: Sequence[Sequence[str | int]], numbers: Sequence[str]) -> list[list[str | int]]:
    """Letters hold digits too: of two forms of one length that of letters is left."""
    found: dict[int, str] = {}
    for alphabet, length in (*shapes, *shapes_of(numbers)):
        if found.get(int(length)) != Alphabet.ALPHANUMERIC.value:
            found[int(length)] = str(alphabet)
    return [[alphabet, length] for length, alphabet in sorted(found.items())]
