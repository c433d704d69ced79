"""Publishing a rulebook: checked as a door would check it, then kept for ever."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import IntegrityError, transaction

from kiosk.admission.rulebook import Rulebook as ParsedRulebook
from kiosk.admission.rulebook_document import RulebookError, parse_rulebook
from sync.hub.errors import FaultyFile
from sync.hub.fleet.edition import begin_edition
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.hub.rules.models import Rulebook
from sync.hub.web.models import Operator

DEFAULT = Path(__file__).parent / "default_rulebook.json"


def read_document(document: bytes) -> ParsedRulebook:
    """Raises FaultyFile with every fault of the document."""
    try:
        parsed = parse_rulebook(document)
        parsed.effective_from.astimezone(UTC)
        json.dumps(json.loads(document), ensure_ascii=False).encode()
    except RulebookError as error:
        raise FaultyFile(*error.faults) from error
    except UnicodeEncodeError as error:
        raise FaultyFile("half of a character stands alone: no text has that") from error
    except OverflowError as error:
        raise FaultyFile("effective_from: no calendar has this day everywhere") from error
    return parsed


@dataclass(frozen=True, slots=True)
class People:
    """Who answers for a rulebook: nobody, one person at the command line, or two."""

    submitted: Operator | None = None
    approved: Operator | None = None


NOBODY = People()


def newest_version() -> int:
    """Return 0 where nothing was ever published."""
    return Rulebook.objects.order_by("-version").values_list("version", flat=True).first() or 0


def is_set_up() -> bool:
    """Say whether anybody has published a rulebook, that of the hub itself left out."""
    return Rulebook.objects.exclude(document=DEFAULT.read_bytes()).exists()


def publish(document: bytes, at: datetime, by: People = NOBODY) -> ParsedRulebook:
    """Raises FaultyFile with every fault of the document, or where its version is not new."""
    parsed = read_document(document)
    with transaction.atomic():
        newest = newest_version()
        if parsed.version <= newest:
            raise FaultyFile(_not_new(newest))
        try:
            with transaction.atomic():
                _keep(parsed, document, at, by)
        except IntegrityError as error:
            raise FaultyFile(_not_new(parsed.version)) from error
        begin_edition()
        note(Event.RULEBOOK, {"version": parsed.version})
    return parsed


def _keep(parsed: ParsedRulebook, document: bytes, at: datetime, by: People) -> None:
    Rulebook.objects.create(
        version=parsed.version,
        document=document,
        effective_from=parsed.effective_from,
        published_at=at,
        submitted_by=by.submitted,
        approved_by=by.approved,
    )


def _not_new(newest: int) -> str:
    return f"version: must be greater than {newest}, which is published already"


def publish_default(at: datetime) -> None:
    """Publish the rulebook that comes with the hub, where none ever was."""
    if not Rulebook.objects.exists():
        publish(DEFAULT.read_bytes(), at)
