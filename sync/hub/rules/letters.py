"""The circular letter itself, attached to a draft while it is being written."""

from hashlib import sha256

from django.db import transaction

from sync.hub.errors import CannotDecide, Snag
from sync.hub.rules.drafting import Act, held, touch
from sync.hub.rules.models import Draft, Letter

MAX_BYTES = 10 * 1024 * 1024
# ISO 32000-1, section 7.5.2 and 7.5.5: how a PDF begins, and what stands near its end.
_BEGINS = b"%PDF-"
_ENDS = b"%%EOF"
_NEAR_BYTES = 1024


def check(content: bytes) -> None:
    """Raises CannotDecide for what is no PDF, or too long."""
    if len(content) > MAX_BYTES:
        raise CannotDecide(Snag.TOO_LONG)
    if not content.startswith(_BEGINS) or _ENDS not in content[-_NEAR_BYTES:]:
        raise CannotDecide(Snag.NOT_PDF)


def attach(pk: int, content: bytes, act: Act) -> None:
    """Attach a letter, in the place of the one before.

    Raises:
        CannotDecide: it is no PDF, or the draft is no longer being written.
    """
    check(content)
    with transaction.atomic():
        draft = held(pk, act, Draft.State.WRITING)
        _keep(draft, content, act)
        touch(draft, act)
        draft.save()


def letter_of_version(version: int) -> Letter | None:
    return Letter.objects.filter(draft__rulebook__version=version).first()


def _keep(draft: Draft, content: bytes, act: Act) -> None:
    Letter.objects.update_or_create(
        draft=draft,
        defaults={
            "content": content,
            "size_bytes": len(content),
            "digest": sha256(content).digest(),
            "attached_by": act.by,
            "attached_at": act.at,
        },
    )
