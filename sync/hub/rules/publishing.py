"""Publishing a rulebook: checked as a door would check it, then kept for ever."""

from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from kiosk.admission.rulebook import Rulebook as ParsedRulebook
from kiosk.admission.rulebook_document import RulebookError, parse_rulebook
from sync.hub.errors import FaultyFile
from sync.hub.fleet.edition import begin_edition
from sync.hub.rules.models import Rulebook

DEFAULT = Path(__file__).parent / "default_rulebook.json"


def read_document(document: bytes) -> ParsedRulebook:
    """Raises FaultyFile with every fault of the document."""
    try:
        parsed = parse_rulebook(document)
        parsed.effective_from.astimezone(UTC)
    except RulebookError as error:
        raise FaultyFile(str(error)) from error
    except OverflowError as error:
        raise FaultyFile("effective_from: no calendar has this day everywhere") from error
    return parsed


def publish(document: bytes, at: datetime) -> ParsedRulebook:
    """Raises FaultyFile with every fault of the document, or where its version is not new."""
    parsed = read_document(document)
    with transaction.atomic():
        newest = Rulebook.objects.order_by("-version").first()
        if newest is not None and parsed.version <= newest.version:
            raise FaultyFile(
                f"version: must be greater than {newest.version}, which is published already"
            )
        Rulebook.objects.create(
            version=parsed.version,
            document=document,
            effective_from=parsed.effective_from,
            published_at=at,
        )
        begin_edition()
    return parsed


def publish_default(at: datetime) -> None:
    """Publish the rulebook that comes with the hub, where none ever was."""
    if not Rulebook.objects.exists():
        publish(DEFAULT.read_bytes(), at)
