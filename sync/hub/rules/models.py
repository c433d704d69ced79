"""What was published stays as it was: doors decided by it."""

from django.db import models

from sync.hub.octets import OctetsField


class Rulebook(models.Model):
    """`document` is the JSON text byte for byte, as it goes down to the doors."""

    version = models.BigIntegerField(unique=True)
    document = OctetsField()
    effective_from = models.DateTimeField()
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"rulebook {self.version}"


class TrustedSigner(models.Model):
    """As `sync.wire.bundle.HealthSigner`. A kid is short: two signers may share one."""

    kid = OctetsField(max_length=8)
    public = OctetsField(max_length=2048)
    not_before_s = models.BigIntegerField()
    not_after_s = models.BigIntegerField()
    kinds = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"signer {self.pk}"
