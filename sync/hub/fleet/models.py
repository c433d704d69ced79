"""Where kiosks hang, and which kiosks there are."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

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


class SiteKind(models.TextChoices):
    """The kinds that every regency has; a rulebook may name others."""

    OFFICE = "office", _("Office")
    PUBLIC_SERVICE = "public_service", _("Public service")
    TOURISM = "tourism", _("Tourism")


class Site(models.Model):
    """A building or a terrain. `kind` is what rulebooks tell sites apart by: mostly a `SiteKind`.

    Where it has no internet, sticks or a phone's hotspot carry what is to be sent.
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="sites")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, default="office")
    timezone = models.CharField(max_length=40, default="Asia/Jakarta")
    has_internet = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["office", "name"], name="one_site_of_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class Weekday(models.IntegerChoices):
    """As `datetime.weekday` counts."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class OpeningHours(models.Model):
    """When a site is open, in its own time zone; a site without any is never closed.

    A day may have several spans, for a pause at noon. None goes past midnight.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        verbose_name_plural = "opening hours"
        ordering = ("weekday", "opens")
        constraints = (
            models.UniqueConstraint(fields=["site", "weekday", "opens"], name="one_span_of_a_time"),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")),
                name="opens_before_it_closes",
                violation_error_message=_("A site closes after it opens, on the same day."),
            ),
        )

    def __str__(self) -> str:
        return f"{Weekday(self.weekday).label} {self.opens:%H:%M}-{self.closes:%H:%M}"


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

    `last_contact` is the newest time that a batch proves: the hub had signed it, and the kiosk had
    seen it. A batch that arrives may be an old one that somebody shows again.
    `has_carried` says that it sent entries of one epoch again under another.

    `issued_at` is when the newest content was issued, `taken_at` when the hub heard that
    `bundle_version` was taken. `boots` counts the boots that were heard of. `behind_since` is when
    a batch first left entries to come, None where the last one left none. `board_before` is the
    board that a pending device was on when it was approved last. `board_settled_at` is when
    its own board, `hardware`, was approved last, or heard of: other boards before that are history.
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
    has_carried = models.BooleanField(default=False)
    told_boot_id = OctetsField(max_length=16, null=True)
    told_boot_ms = models.BigIntegerField(default=0)
    bundle_version = models.BigIntegerField(default=0)
    software = models.CharField(max_length=40, default="")
    health = models.JSONField(default=list)

    issued_version = models.BigIntegerField(default=0)
    issued_digest = OctetsField(max_length=32, default=b"")
    issued_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    boots = models.BigIntegerField(default=0)
    behind_since = models.DateTimeField(null=True)
    board_before = models.CharField(max_length=100, default="", blank=True)
    board_settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"device {self.pk}"


class Restore(models.Model):
    """The hub was restored. `confirmed_at` is when somebody said that what was revoked between
    `backup_at` and then had been revoked again.
    """

    backup_at = models.DateTimeField()
    restored_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"restore {self.pk}"


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


class Edition(models.Model):
    """Which edition of what all doors are told is the newest: a name that no other one has."""

    name = OctetsField(max_length=16)

    def __str__(self) -> str:
        return f"edition {self.pk}"


class PlannedDoor(models.Model):
    """A door that is to have a kiosk; `door` is the one that came of it."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        ORDERED = "ordered", _("Ordered")
        MOUNTED = "mounted", _("Mounted")
        EQUIPPED = "equipped", _("Equipped")
        DROPPED = "dropped", _("Dropped")

    site = models.ForeignKey(Site, models.CASCADE, related_name="planned_doors")
    label = models.CharField(max_length=200)
    direction = models.CharField(max_length=5, choices=Direction)
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    deadline = models.DateField(null=True, blank=True)
    door = models.OneToOneField(Door, models.SET_NULL, null=True, blank=True, related_name="plan")
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        if self.door is not None and self.door.site_id != self.site_id:
            raise ValidationError({"door": _("This door belongs to another site.")})


class ConnectionRequest(models.Model):
    """A request that a site be given an internet connection."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("To be requested")
        REQUESTED = "requested", _("Requested")
        APPROVED = "approved", _("Approved")
        CONNECTED = "connected", _("Connected")
        REFUSED = "refused", _("Turned down")

    site = models.ForeignKey(Site, models.CASCADE, related_name="connection_requests")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    requested_on = models.DateField(null=True, blank=True)
    deadline = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"connection request {self.pk}"


class SoftwareUpdate(models.Model):
    """A file by which kiosks update themselves, and how far it is rolled out: to `percent` of the
    doors, of `offices` alone where any are named. `follows` is the oldest version that it may be
    put in the place of.
    """

    version = models.CharField(max_length=11, unique=True)
    follows = models.CharField(max_length=11)
    size_bytes = models.BigIntegerField()
    sha256 = OctetsField(max_length=32)
    published_at = models.DateTimeField()
    percent = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)])
    offices = models.ManyToManyField(Office, blank=True)
    is_paused = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.version


class SoftwareUpdatePart(models.Model):
    """A piece of such a file: in the database, so that every process of the hub has it."""

    update = models.ForeignKey(SoftwareUpdate, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = OctetsField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["update", "number"], name="one_part_of_a_number"),
        )

    def __str__(self) -> str:
        return f"part {self.number} of update {self.update_id}"
