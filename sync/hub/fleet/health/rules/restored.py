"""A restore after which nobody has said that all was revoked again. It is about the hub itself."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.health.facts import Facts
from sync.hub.fleet.health.judgement import UNKNOWN, WELL, Judgement, Rule, Unit, critical
from sync.hub.restore_mark import RestoreMark


def judge_restore(mark: RestoreMark | None) -> Judgement:
    if mark is None:
        return WELL
    return critical(_unix_s(mark.backup_at), since=mark.restored_at)


def judge(_facts: Facts) -> Judgement:
    return UNKNOWN


def _unix_s(at: datetime) -> int:
    return int(at.timestamp())


RULE = Rule(
    name="restored",
    said=_("The hub was restored: what was revoked since the backup counts again"),
    todo=_(
        "Revoke again the passes, kiosks and keys that were revoked between the backup and the"
        " restore, then run gapura-hub confirm-restore. Until then kiosks keep what they know."
    ),
    judge=judge,
    unit=Unit.INSTANT,
)
