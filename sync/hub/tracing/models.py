"""Figures without persons: how many came where and when, and what they were told."""

from django.db import models

from sync.hub.fleet.models import Site


class HourCount(models.Model):
    """Those who showed a code at a site's entrances in one hour, by what came of it.

    `hour` counts from the Unix epoch; `outcome` and `reason` are those of a visit. `is_dated` says
    that the hour is known. `shown` is the `count` as it may be published: see
    `sync.hub.tracing.rounding`.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="hour_counts", db_index=False)
    hour = models.IntegerField()
    outcome = models.PositiveIntegerField()
    reason = models.PositiveIntegerField()
    is_dated = models.BooleanField()
    count = models.PositiveIntegerField()
    shown = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["hour", "site", "outcome", "reason", "is_dated"],
                name="one_count_of_an_hour",
            ),
        )

    def __str__(self) -> str:
        return f"count {self.pk}"


class Counted(models.Model):
    """How far the counting has come: up to which visit, and on which day all was counted anew."""

    visit = models.BigIntegerField(default=0)
    counted_on = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "counted"

    def __str__(self) -> str:
        return f"counted {self.pk}"
