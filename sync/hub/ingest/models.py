"""What doors have sent: kept raw, and beside it what the hub read in it.

Numbers that doors send are as large as 63 bits, whatever they mean.
"""

from django.db import models

from sync.hub.fleet.models import Device, Door
from sync.hub.octets import OctetsField


class Epoch(models.Model):
    """A journal file of a door's.

    Every seq up to `acked_through` is settled, and `chain` is the chain value there. `islands`
    are the ranges [first, last] that are settled beyond it, in order. `gaps` are the ranges that
    are settled because the door has them no more: nobody will ever know what they said.
    `has_rejected` is False only where no entry of it ever was.

    The tail is what the next visit's time is held against: the last visit whose time is known and
    all behind it, up to `tail_seq`; None where that has to be looked up.

    `board` is the board and card that it is written on, as an event of it says; empty before one.
    """

    device = models.ForeignKey(Device, models.PROTECT, related_name="epochs", db_index=False)
    epoch = OctetsField(max_length=16)
    acked_through = models.BigIntegerField(default=0)
    chain = OctetsField(max_length=32)
    islands = models.JSONField(default=list)
    gaps = models.JSONField(default=list)
    has_rejected = models.BooleanField(default=True)
    tail_seq = models.BigIntegerField(null=True)
    tail_lower_ms = models.BigIntegerField(default=0)
    tail_upper_ms = models.BigIntegerField(default=0)
    newest_seq = models.BigIntegerField(default=0)
    repeats = models.BigIntegerField(default=0)
    last_heard = models.DateTimeField()
    board = models.CharField(max_length=100, default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["device", "epoch"], name="one_epoch_of_a_device"),
        )

    def __str__(self) -> str:
        return f"epoch {self.pk}"


class Run(models.Model):
    """`message` is the run as the door signed it, from which its key can be opened again.

    A run that the epoch has adopted was signed for an earlier one, under another number.
    """

    epoch = models.ForeignKey(Epoch, models.PROTECT, related_name="runs", db_index=False)
    run_no = models.BigIntegerField()
    boot_id = OctetsField(max_length=16)
    boot_ms = models.BigIntegerField()
    wall_ms = models.BigIntegerField()
    message = OctetsField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["epoch", "run_no"], name="one_run_of_a_no"),)
        indexes = (models.Index(fields=["boot_id"]),)

    def __str__(self) -> str:
        return f"run {self.pk}"


class Record(models.Model):
    """An entry as it came: enough to check the chain and to open it again."""

    seq = models.BigIntegerField()
    run_no = models.BigIntegerField()
    boot_ms = models.BigIntegerField()
    wall_ms = models.BigIntegerField()
    clock = models.PositiveSmallIntegerField()
    kind = models.PositiveSmallIntegerField()
    nonce = models.BigIntegerField()
    sealed = OctetsField()
    previous = OctetsField(max_length=32)
    chain = OctetsField(max_length=32)
    received_at = models.DateTimeField()

    class Meta:
        abstract = True


class Entry(Record):
    """An entry that was opened and read. Unique for ever.

    `original` is the chain value that a carried entry had in its own epoch, None of all others.
    """

    epoch = models.ForeignKey(Epoch, models.PROTECT, related_name="entries", db_index=False)
    original = OctetsField(max_length=32, null=True)

    class Meta:
        verbose_name_plural = "entries"
        constraints = (models.UniqueConstraint(fields=["epoch", "seq"], name="every_entry_once"),)
        indexes = (
            models.Index(
                fields=["original"],
                name="entries_carried",
                condition=models.Q(original__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"entry {self.pk}"


class Rejected(Record):
    """An entry that could not be opened or read; `reason` is a `sync.wire.receipt.Rejection`."""

    epoch = models.ForeignKey(Epoch, models.PROTECT, related_name="rejected", db_index=False)
    reason = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "rejected"
        constraints = (
            models.UniqueConstraint(fields=["epoch", "seq"], name="every_rejected_once"),
        )

    def __str__(self) -> str:
        return f"rejected {self.pk}"


class Conflict(models.Model):
    """A batch that tells another story than the one stored; kept whole, so that nothing is lost.

    `last_chain` is the chain value after its last entry: the same story sent again is kept once.
    """

    epoch = models.ForeignKey(Epoch, models.PROTECT, related_name="conflicts", db_index=False)
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    last_chain = OctetsField(max_length=32)
    message = OctetsField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["epoch", "first_seq", "last_chain"], name="every_conflict_once"
            ),
        )

    def __str__(self) -> str:
        return f"conflict {self.pk}"


class Anchor(models.Model):
    """As `sync.wire.batch.Anchor`."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="anchors", db_index=False)
    boot_id = OctetsField(max_length=16)
    boot_ms = models.BigIntegerField()
    true_ms = models.BigIntegerField()
    error_ms = models.BigIntegerField()
    source = models.PositiveSmallIntegerField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["device", "boot_id", "boot_ms", "source", "true_ms", "error_ms"],
                name="every_anchor_once",
            ),
        )

    def __str__(self) -> str:
        return f"anchor {self.pk}"


class Visit(models.Model):
    """What an entry says, and when it was, as far as is known.

    The codes are those of `sync.wire.visit.Visit`. `time_ms` and `error_ms` come from an anchor
    of the boot, None where it has none; the true time lies from `lower_ms` to `upper_ms` in any
    case. All are Unix times.

    `assisted` is the running number of the officer's press by which somebody was let in, None
    where a door decided; `of_seq` is the entry of the code that the officer was asked about.
    """

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="visit")
    door = models.ForeignKey(Door, models.PROTECT, related_name="visits", db_index=False)
    outcome = models.PositiveIntegerField()
    shown = models.PositiveIntegerField()
    reason = models.PositiveIntegerField()
    direction = models.PositiveSmallIntegerField()
    format = models.PositiveIntegerField()
    rulebook = models.BigIntegerField()
    rule = models.PositiveIntegerField(null=True)
    pass_type = models.PositiveIntegerField(null=True)
    sub = OctetsField(max_length=8, null=True, db_index=True)
    cti = OctetsField(max_length=8, null=True)
    earliest_s = models.BigIntegerField()
    latest_s = models.BigIntegerField(null=True)
    time_ms = models.BigIntegerField(null=True)
    error_ms = models.BigIntegerField(null=True)
    lower_ms = models.BigIntegerField()
    upper_ms = models.BigIntegerField()
    assisted = models.BigIntegerField(null=True)
    of_seq = models.BigIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["door", "lower_ms"]),
            models.Index(fields=["lower_ms"]),
            models.Index(
                fields=["door", "upper_ms"],
                name="visits_of_unknown_time",
                condition=models.Q(time_ms__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"visit {self.pk}"


class Changed(models.Model):
    """Visits of an epoch that are new or whose times are others than before, until whoever reckons
    with visits has taken note of them.

    `lower_ms` to `upper_ms` is all that their times were before, None where they are new.
    """

    epoch = models.ForeignKey(Epoch, models.PROTECT, related_name="changed", db_index=False)
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    lower_ms = models.BigIntegerField(null=True)
    upper_ms = models.BigIntegerField(null=True)

    class Meta:
        verbose_name_plural = "changed"

    def __str__(self) -> str:
        return f"changed {self.pk}"


class Happening(models.Model):
    """Something that happened to a kiosk, as an entry of its journal says: see
    `sync.wire.visit.Event`.
    """

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="happening")
    device = models.ForeignKey(Device, models.PROTECT, related_name="happenings", db_index=False)
    name = models.CharField(max_length=60)
    value = models.BigIntegerField(null=True)
    is_bad = models.BooleanField(null=True)
    detail = models.CharField(max_length=100, default="", blank=True)
    count = models.BigIntegerField(default=1)
    ago_s = models.BigIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["device", "-id"], name="happenings_of_a_device"),)

    def __str__(self) -> str:
        return f"happening {self.pk}"
