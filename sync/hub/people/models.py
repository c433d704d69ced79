"""Subjects and the passes that they hold."""

from django.core.validators import MaxValueValidator
from django.db import models

from kiosk.passes.claims import ALL_DAYS, ALL_DOORS, ANY_UNIT
from sync.hub.octets import OctetsField


class Subject(models.Model):
    """Whoever holds passes. Only the hub can tell from `sub` (8 random bytes) who it is."""

    sub = OctetsField(max_length=8, unique=True)
    label = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"subject {self.pk}"


class Pass(models.Model):
    """A native pass as it was issued; `pass_type` is a `kiosk.passes.claims.PassType`.

    `kid` names the key that signed it; it is empty for passes of the hub's first pass key.
    """

    cti = OctetsField(max_length=8, unique=True)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="passes")
    pass_type = models.PositiveSmallIntegerField()
    not_before = models.DateTimeField()
    expires = models.DateTimeField(db_index=True)
    unit = models.PositiveIntegerField(default=ANY_UNIT, validators=[MaxValueValidator(65535)])
    doors = models.PositiveBigIntegerField(default=ALL_DOORS)
    days = models.PositiveSmallIntegerField(default=ALL_DAYS)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    kid = OctetsField(max_length=8, default=b"")

    class Meta:
        verbose_name_plural = "passes"

    def __str__(self) -> str:
        return f"pass {self.pk}"


class RevokedKey(models.Model):
    """A pass key that no pass counts under any more."""

    kid = OctetsField(max_length=8, unique=True)
    revoked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"revoked key {self.pk}"


class Roster(models.Model):
    """People who are known by a number, as doors are told: there is one roster, or none.

    `shapes` lists [alphabet, length]; `rows` holds hash (16 bytes) and sub (8 bytes) end to end,
    sorted. The numbers themselves are kept nowhere; the salt stays, so that somebody who is
    imported again is the same subject.
    """

    salt = OctetsField(max_length=16)
    cost = models.PositiveIntegerField()
    shapes = models.JSONField(default=list)
    rows = OctetsField()
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"roster {self.pk}"
