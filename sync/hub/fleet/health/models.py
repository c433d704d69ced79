"""What kiosks told hour by hour, what came of judging it, and who looks after it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.models import Device, Site


class Severity(models.IntegerChoices):
    """How soon somebody must do something: today, or now."""

    WARNING = 1, _("Warning")
    CRITICAL = 2, _("Critical")


class HourlyReading(models.Model):
    """What one check of a kiosk's read in one hour: the lowest, the highest and the last value.

    `hour` counts from the Unix epoch, by when the hub was told: what came on a stick is older.
    """

    device = models.ForeignKey(Device, models.CASCADE, related_name="readings", db_index=False)
    name = models.CharField(max_length=40)
    hour = models.IntegerField()
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    last = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["device", "name", "hour"], name="one_reading_of_an_hour"
            ),
        )
        indexes = (models.Index(fields=["hour"]),)

    def __str__(self) -> str:
        return f"reading {self.pk}"


class Alert(models.Model):
    """Something that is wrong with a kiosk, or with the hub itself where `device` is None.

    It is `raised_at` once it was bad for as long as its rule says, and `cleared_at` once it was
    well for as long as the rule says: `well_since` is when it began to be. `told` is the severity
    that people were last notified of. `value` is what the rule last saw, in the rule's unit.
    """

    device = models.ForeignKey(
        Device, models.CASCADE, related_name="alerts", null=True, db_index=False
    )
    rule = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField(choices=Severity)
    value = models.BigIntegerField(null=True)
    since = models.DateTimeField()
    raised_at = models.DateTimeField(null=True)
    well_since = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    told = models.PositiveSmallIntegerField(default=0)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["device", "rule"],
                condition=models.Q(cleared_at__isnull=True),
                name="one_open_alert_of_a_rule",
            ),
        )
        indexes = (models.Index(fields=["device", "since"]),)

    def __str__(self) -> str:
        return f"alert {self.pk}"


class Judged(models.Model):
    """When all kiosks were judged last: one row, so that somebody notices when nobody does."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"judged {self.pk}"


class Maintenance(models.Model):
    """While somebody works at a site, nothing there is news."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="maintenance")
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "maintenance"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("begins")),
                name="begins_before_it_ends",
                violation_error_message=_("It ends after it begins."),
            ),
        )

    def __str__(self) -> str:
        return f"maintenance {self.pk}"
