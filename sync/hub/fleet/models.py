"""Where kiosks hang, and which kiosks there are."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from sync.hub.octets import OctetsField

MAX_UNIT = 65535
DOORS_PER_OFFICE = 32


class Direction(models.TextChoices):
    """As in a bundle's place."""

    ENTRY = "entry"
    EXIT = "exit"
    BOTH = "both"


class Office(models.Model):
    """An office of the regency (OPD). `unit` is its number in passes; 0 is every office."""

    name = models.CharField(max_length=200, unique=True)
    unit = models.PositiveIntegerField(
        unique=True, validators=[MinValueValidator(1), MaxValueValidator(MAX_UNIT)]
    )

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A building or a terrain. `kind` is what rulebooks tell sites apart by."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="sites")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, default="office")
    timezone = models.CharField(max_length=40, default="Asia/Jakarta")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["office", "name"], name="one_site_of_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class Door(models.Model):
    """`door_bit` (0 to 31) is its place in a pass's door mask, unique within the office.

    `sees_both_ways` says that whoever leaves the building passes this door's kiosk too.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="doors")
    office = models.ForeignKey(Office, models.PROTECT, related_name="doors")
    public_id = OctetsField(max_length=8, unique=True)
    label = models.CharField(max_length=200)
    direction = models.CharField(max_length=5, choices=Direction)
    door_bit = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(DOORS_PER_OFFICE - 1)]
    )
    sees_both_ways = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["office", "door_bit"], name="one_door_of_a_bit"),
        )

    def __str__(self) -> str:
        return self.label


class DeviceStatus(models.TextChoices):
    PENDING = "pending"
    ACTIVE = "active"
    REVOKED = "revoked"


class Device(models.Model):
    """A kiosk with the keys that it made for itself.

    `bundle_version`, `software` and `health` are what it said last, at `told_boot_ms` of
    `told_boot_id`. `health` lists [check, state, value]. `issued_version` counts the contents of
    bundles that it was to be told; `issued_digest` is that of the newest.
    """

    device_id = OctetsField(max_length=16, unique=True)
    door = models.ForeignKey(Door, models.PROTECT, related_name="devices")
    signing_public = OctetsField(max_length=32)
    sealing_public = OctetsField(max_length=32)
    hardware = models.CharField(max_length=100)
    status = models.CharField(max_length=8, choices=DeviceStatus, default=DeviceStatus.PENDING)
    enrolled_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    last_contact = models.DateTimeField(null=True)
    told_boot_id = OctetsField(max_length=16, null=True)
    told_boot_ms = models.BigIntegerField(default=0)
    bundle_version = models.BigIntegerField(default=0)
    software = models.CharField(max_length=40, default="")
    health = models.JSONField(default=list)

    issued_version = models.BigIntegerField(default=0)
    issued_digest = OctetsField(max_length=32, default=b"")

    def __str__(self) -> str:
        return f"device {self.pk}"


class EnrolmentToken(models.Model):
    """What an enrolment card carries, kept as a hash only. It works once."""

    digest = OctetsField(max_length=32, unique=True)
    door = models.ForeignKey(Door, models.CASCADE, related_name="tokens")
    created_at = models.DateTimeField()
    expires = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    device = models.ForeignKey(Device, models.PROTECT, null=True)

    def __str__(self) -> str:
        return f"token {self.pk}"
