"""After a restore: what was revoked since the backup counts again here, but not yet at the doors.

Kiosks that took a bundle after the backup know more than the hub. Until an operator has said that
all was revoked again they are told nothing that would make them forget it.
"""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import F

from sync.hub import installation
from sync.hub.attendance.retelling import tell_again
from sync.hub.errors import CommandFault
from sync.hub.fleet.models import Device, Restore
from sync.hub.home import Home
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.hub.restore_mark import RestoreMark, read_mark

# More bundles for one door than the hub that was lost can have made since the backup.
_FURTHER = 2**20


def take_note(home: Home) -> RestoreMark | None:
    """Note a restore of which nothing is in the database yet; None where there was none.

    Systems that read attendance are told all days again: what they read since the backup the hub
    numbered otherwise, or never knew.

    Raises:
        HomeFault: its mark cannot be read.
    """
    mark = read_mark(home)
    if mark is None:
        return None
    with transaction.atomic():
        found = asdict(mark)
        _row, is_new = Restore.objects.get_or_create(**found)
        if is_new:
            tell_again(mark.restored_at)
            note(Event.RESTORED, {name: one.isoformat() for name, one in found.items()})
    home.restored.unlink()
    return mark


def is_unconfirmed() -> bool:
    """Say whether something may be valid here that was revoked."""
    is_marked = installation.home().restored.exists()
    return is_marked or Restore.objects.filter(confirmed_at=None).exists()


def unconfirmed_since() -> RestoreMark | None:
    """Return the time of the oldest backup, and of its restore, that nobody has confirmed."""
    found = Restore.objects.filter(confirmed_at=None).order_by("backup_at").first()
    return None if found is None else RestoreMark(found.backup_at, found.restored_at)


def confirm(at: datetime) -> list[RestoreMark]:
    """Take it that all was revoked again: kiosks are told what holds here from now on.

    Raises:
        CommandFault: a restore is not even noted yet.
    """
    if installation.home().restored.exists():
        raise CommandFault("the restore is not noted yet; run `gapura-hub migrate` first")
    with transaction.atomic():
        rows = list(Restore.objects.select_for_update().filter(confirmed_at=None))
        if rows:
            Restore.objects.filter(pk__in=[row.pk for row in rows]).update(confirmed_at=at)
            # No version is one that the lost hub gave to something else.
            further = F("issued_version") + _FURTHER
            Device.objects.update(issued_version=further, issued_digest=b"", issued_at=at)
            note(Event.RESTORE_CONFIRMED, {"restores": len(rows)})
    return [RestoreMark(row.backup_at, row.restored_at) for row in rows]
