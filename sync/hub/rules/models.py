"""What was published stays as it was: doors decided by it. So do drafts that came to nothing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.octets import OctetsField
from sync.hub.web.models import Operator


class Rulebook(models.Model):
    """`document` is the JSON text byte for byte, as it goes down to the doors.

    `submitted_by` and `approved_by` are the two people who published it; with one alone, or none,
    it was published at the command line.
    """

    version = models.BigIntegerField(unique=True)
    document = OctetsField()
    effective_from = models.DateTimeField()
    published_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Operator, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Operator, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"rulebook {self.version}"


class Draft(models.Model):
    """A rulebook that is being written. `document` is its JSON text, free of faults.

    `edition` counts its changes: whoever approves names the one that they have read. `note` is
    what was said when it was decided; `rulebook` what became of it.
    """

    class State(models.TextChoices):
        WRITING = "writing", _("Being written")
        SUBMITTED = "submitted", _("Submitted")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        PUBLISHED = "published", _("Published")

    document = OctetsField()
    edition = models.PositiveIntegerField(default=1)
    letter_date = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.WRITING)
    created_by = models.ForeignKey(Operator, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_by = models.ForeignKey(Operator, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Operator, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Operator, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, default="", blank=True)
    rulebook = models.OneToOneField(Rulebook, models.PROTECT, null=True, related_name="draft")

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Letter(models.Model):
    """The circular letter itself, as a PDF: in a table of its own, for it is long."""

    draft = models.OneToOneField(Draft, models.CASCADE, related_name="letter")
    content = OctetsField()
    size_bytes = models.PositiveIntegerField()
    digest = OctetsField(max_length=32)
    attached_by = models.ForeignKey(Operator, models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"letter {self.pk}"


class TrustedSigner(models.Model):
    """As `sync.wire.bundle.HealthSigner`. A kid is short: two signers may share one."""

    kid = OctetsField(max_length=8)
    public = OctetsField(max_length=2048)
    not_before_s = models.BigIntegerField()
    not_after_s = models.BigIntegerField()
    kinds = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"signer {self.pk}"
