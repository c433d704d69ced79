"""Which of the published rulebooks a door needs."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.admission.rulebook import Rulebook as ParsedRulebook
from kiosk.admission.rulebook_document import MAX_VERSION, parse_rulebook
from sync.hub.errors import CommandFault
from sync.hub.rules.models import Rulebook

_MOST = 8
"""As many rulebooks as a bundle holds."""


@dataclass(frozen=True, slots=True)
class _Published:
    effective_from: datetime
    version: int
    site_kinds: frozenset[str]
    document: bytes


@dataclass(frozen=True, slots=True)
class PublishedRules:
    """In the order in which a door prefers them: by the time from which they hold."""

    books: tuple[_Published, ...]

    def for_kind(self, kind: str, at: datetime) -> tuple[bytes, ...]:
        """Return the rulebook in force, the one before it, and those that are to come.

        A door that cannot tell which side of a change it is on needs both.
        """
        ours = [book for book in self.books if not book.site_kinds or kind in book.site_kinds]
        in_force = sum(book.effective_from <= at for book in ours)
        chosen = ours[max(0, in_force - 2) :][:_MOST]
        return tuple(book.document for book in chosen)

    def running(self, kinds: frozenset[str], at: datetime) -> ParsedRulebook | None:
        """Return the rulebook that came into force last at sites of any of these kinds; none is
        all.
        """
        begun = [book for book in self.books if book.effective_from <= at]
        alike = [
            book for book in begun if not kinds or not book.site_kinds or kinds & book.site_kinds
        ]
        return parse_rulebook(alike[-1].document) if alike else None


def published_version(version: int) -> ParsedRulebook:
    """Raises CommandFault where there is no such version."""
    found = Rulebook.objects.filter(version=min(version, MAX_VERSION)).first()
    if found is None:
        raise CommandFault(f"no rulebook {version} was published")
    return parse_rulebook(found.document)


def published_rules() -> PublishedRules:
    books = Rulebook.objects.order_by("effective_from", "version")
    return PublishedRules(
        tuple(
            _Published(
                book.effective_from,
                book.version,
                parse_rulebook(book.document).site_kinds,
                book.document,
            )
            for book in books
        )
    )
