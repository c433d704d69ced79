"""Which rulebook is in force at which kind of site, which is to come, and which doors have it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.admission.rulebook import Rulebook as ParsedRulebook
from kiosk.admission.rulebook_document import parse_rulebook
from sync.hub.fleet.models import Device, DeviceStatus, Site, SiteKind
from sync.hub.rules.models import Rulebook


@dataclass(frozen=True, slots=True)
class Told:
    """A rulebook, and how many of the kiosks that it is for have said that they have it.

    `missing` are those that have not; `has_letter` says that the letter is there to be read.
    """

    row: Rulebook
    book: ParsedRulebook
    has_letter: bool
    kiosks: int
    missing: tuple[Device, ...]

    @property
    def taken(self) -> int:
        return self.kiosks - len(self.missing)


@dataclass(frozen=True, slots=True)
class OfKind:
    kind: str
    in_force: Told | None
    to_come: tuple[Told, ...]


def kinds_of_sites() -> list[str]:
    """Return those that every regency has, and those that there are."""
    there = set(Site.objects.order_by().values_list("kind", flat=True).distinct())
    return [*SiteKind.values, *sorted(there - set(SiteKind.values))]


def standing(now: datetime, office: int | None = None) -> list[OfKind]:
    """Ask for rulebooks and kiosks once each, whatever there is of them."""
    rows = Rulebook.objects.select_related("submitted_by", "approved_by").order_by(
        "effective_from", "version"
    )
    books = [(row, parse_rulebook(row.document)) for row in rows]
    with_letter = set(
        Rulebook.objects.filter(draft__letter__isnull=False).values_list("pk", flat=True)
    )
    kiosks = _kiosks(office)
    found = []
    for kind in kinds_of_sites():
        ours = [one for one in books if not one[1].site_kinds or kind in one[1].site_kinds]
        here = [kiosk for kiosk in kiosks if kiosk.door.site.kind == kind]
        begun = [one for one in ours if one[0].effective_from <= now]
        shown = [*begun[-1:], *(one for one in ours if one[0].effective_from > now)]
        told = [_told(row, book, row.pk in with_letter, here) for row, book in shown]
        in_force = told.pop(0) if begun else None
        found.append(OfKind(kind, in_force, tuple(told)))
    return found


def has_taken(kiosk: Device, rulebook: Rulebook) -> bool:
    """Say whether a kiosk is known to have been told of it.

    What it took last is known; an older bundle than the newest may or may not have had it.
    """
    if kiosk.bundle_version == 0 or kiosk.issued_at is None:
        return False
    is_newest = kiosk.bundle_version >= kiosk.issued_version
    is_of_it = kiosk.issued_at >= rulebook.published_at
    return kiosk.enrolled_at >= rulebook.published_at or (is_newest and is_of_it)


def _told(row: Rulebook, book: ParsedRulebook, has_letter: bool, here: Sequence[Device]) -> Told:
    missing = tuple(kiosk for kiosk in here if not has_taken(kiosk, row))
    return Told(row, book, has_letter, len(here), missing)


def _kiosks(office: int | None) -> list[Device]:
    kiosks = Device.objects.filter(status=DeviceStatus.ACTIVE).select_related("door__site")
    if office is not None:
        kiosks = kiosks.filter(door__office_id=office)
    return list(kiosks.order_by("door__site__name", "door__label", "pk").defer("health"))
