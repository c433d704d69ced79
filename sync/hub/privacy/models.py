"""The audit log, and what the data-protection officer decides."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.octets import OctetsField
from sync.hub.privacy.kinds import Kind, Lost
from sync.hub.sealed_text import SealedTextField


class AuditRecord(models.Model):
    """Something that was done. `number` counts from 1 without a gap; `digest` covers `previous`,
    the digest of the record before. The database lets nobody change or delete one.

    `actor` is an operator by their key, or a command; `detail` a JSON object with sorted keys,
    of counts and pseudonyms: never a name, nor a number that stands elsewhere in the database.
    """

    number = models.BigIntegerField(primary_key=True)
    at_ms = models.BigIntegerField(db_index=True)
    event = models.CharField(max_length=40)
    actor = models.CharField(max_length=60)
    detail = models.TextField()
    previous = OctetsField(max_length=32)
    digest = OctetsField(max_length=32)

    def __str__(self) -> str:
        return f"audit record {self.number}"


class AuditSeal(models.Model):
    """That the log stood so at a time, signed (Ed25519) with a key outside the database."""

    number = models.BigIntegerField()
    digest = OctetsField(max_length=32)
    at_ms = models.BigIntegerField()
    signature = OctetsField(max_length=64)

    def __str__(self) -> str:
        return f"audit seal {self.pk}"


class Retention(models.Model):
    """For how many days something is kept, where that is another time than the usual one."""

    kind = models.CharField(max_length=20, choices=Kind, unique=True)
    days = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"retention of {self.kind}"


class Breach(models.Model):
    """Something that was lost or stolen, and since when that is known here.

    `about` is what the operator wrote; `figures` how many persons were concerned then.
    """

    lost = models.CharField(max_length=20, choices=Lost)
    known_at = models.DateTimeField(_("Known since"))
    about = SealedTextField(about="privacy.breach.about", blank=True)
    figures = models.JSONField(default=dict)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="breaches_noted"
    )
    noted_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "breaches"

    def __str__(self) -> str:
        return f"breach {self.pk}"
