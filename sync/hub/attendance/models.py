"""Working days as they were reckoned, and what the personnel office says of them."""

from datetime import date, time

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.models import Office
from sync.hub.octets import OctetsField
from sync.hub.people.models import Subject
from sync.hub.sealed_text import SealedTextField

MONDAY_TO_FRIDAY = 0b0011111


class OfficeHours(models.Model):
    """How an office counts its working days; one without a row counts as the defaults say.

    Bit n of `working_days` is weekday n. `edition` counts the changes by which days that were
    reckoned before would be others.
    """

    office = models.OneToOneField(
        Office, models.CASCADE, related_name="hours", verbose_name=_("Office")
    )
    timezone = models.CharField(_("Time zone"), max_length=40, default="Asia/Jakarta")
    day_begins = models.TimeField(
        _("The working day begins"),
        default=time(4),
        help_text=_("An hour at which nobody comes or goes."),
    )
    longest_shift_h = models.PositiveSmallIntegerField(
        _("Longest shift, in hours"),
        default=16,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
    )
    widest_min = models.PositiveSmallIntegerField(
        _("A time that is known to more minutes than this makes the day uncertain"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 60)],
    )
    working_days = models.PositiveSmallIntegerField(default=MONDAY_TO_FRIDAY)
    edition = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("working hours")

    def __str__(self) -> str:
        return f"hours of {self.office}"

    def works_on(self, day: date) -> bool:
        return bool(self.working_days >> day.weekday() & 1)


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", _("Holiday")
    HALF = "half", _("Half day")
    WORKING = "working", _("Working day")


class SpecialDay(models.Model):
    """A day that is not as its weekday says: for one office, or (without one) for all."""

    office = models.ForeignKey(
        Office,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="special_days",
        verbose_name=_("Office"),
    )
    day = models.DateField(_("Day"))
    kind = models.CharField(_("Kind"), max_length=8, choices=DayKind)
    name = models.CharField(_("Name"), max_length=100)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ("day",)
        constraints = (
            models.UniqueConstraint(fields=["office", "day"], name="one_special_day_of_an_office"),
            models.UniqueConstraint(
                fields=["day"],
                condition=models.Q(office__isnull=True),
                name="one_special_day_of_all_offices",
                violation_error_message=_("There is a special day on that date already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class AttendanceDay(models.Model):
    """What was reckoned of one person's working day.

    `change` rises with every change of any day, in the order of commits: whoever has seen all up to
    one number misses nothing by asking for those above it. Of a day on which, as is known now,
    nobody was seen the row stays, with `is_seen` False.

    `stays` lists [came lower, came upper, left lower, left upper], None for what is missing;
    `flags` and `doubts` are those of `reckoning`, each sorted. `said` are its corrections, where it
    was read `with_corrections`.
    """

    said: "list[Correction]"

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="days", db_index=False)
    office = models.ForeignKey(Office, models.PROTECT, related_name="days", db_index=False)
    day = models.DateField()
    is_seen = models.BooleanField(default=True)
    first_lower_ms = models.BigIntegerField(null=True)
    first_upper_ms = models.BigIntegerField(null=True)
    last_lower_ms = models.BigIntegerField(null=True)
    last_upper_ms = models.BigIntegerField(null=True)
    least_ms = models.BigIntegerField(default=0)
    most_ms = models.BigIntegerField(default=0)
    stays = models.JSONField(default=list)
    flags = models.JSONField(default=list)
    doubts = models.JSONField(default=list)
    change = models.BigIntegerField(unique=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["subject", "day"], name="one_row_of_a_day"),)
        indexes = (
            models.Index(fields=["office", "day"]),
            models.Index(fields=["office", "change"]),
        )

    def __str__(self) -> str:
        return f"attendance day {self.pk}"


class Ledger(models.Model):
    """The number of the newest change; whoever gives out more of them holds this row."""

    newest = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"ledger {self.pk}"


class Reckoned(models.Model):
    """Of whom all visits have been reckoned, and by which edition of their office's hours."""

    subject = models.OneToOneField(
        Subject, models.CASCADE, related_name="reckoned", primary_key=True
    )
    edition = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"reckoned {self.pk}"


class End(models.TextChoices):
    FIRST_IN = "first_in", _("First in")
    LAST_OUT = "last_out", _("Last out")


class Correction(models.Model):
    """What the personnel office says instead of what was seen. Withdrawn, it stays on record."""

    day = models.ForeignKey(AttendanceDay, models.CASCADE, related_name="corrections")
    end = models.CharField(max_length=8, choices=End)
    time_ms = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["day", "end"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_correction_in_force",
            ),
        )

    def __str__(self) -> str:
        return f"correction {self.pk}"


class ApiToken(models.Model):
    """What another system shows to read from here; only its hash is kept."""

    name = models.CharField(max_length=60, unique=True)
    digest = OctetsField(max_length=32, unique=True)
    scope = models.CharField(max_length=20)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="api_tokens")
    created_at = models.DateTimeField()
    expires = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"API token {self.name}"


class Trouble(models.TextChoices):
    """Why a notice was not taken."""

    NO_SUCH_HOST = "no-such-host", "its name is not known"
    FORBIDDEN = "forbidden", "its address is not public, and of no network that is allowed"
    NO_ANSWER = "no-answer", "it does not answer"
    TLS = "tls", "its certificate is not believed here"
    STATUS = "status", "it answers with an error"
    GONE = "gone", "it wants no more notices (HTTP 410)"


class Webhook(models.Model):
    """Where the system that has a token is told that there is something new.

    `told` is the change up to which it knows that there is; `news_at` is when the hub saw that
    there is more, until the receiver has taken the notice of it. `failures` counts those in a row,
    `status` is the HTTP status of the last. `stopped_at` is when the hub gave up.
    """

    token = models.OneToOneField(ApiToken, models.CASCADE, related_name="webhook")
    url = models.CharField(max_length=500)
    secret = SealedTextField(about="attendance.webhook.secret")
    made_at = models.DateTimeField()
    told = models.BigIntegerField(default=0)
    news_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=20, choices=Trouble, blank=True)
    status = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"webhook {self.pk}"
