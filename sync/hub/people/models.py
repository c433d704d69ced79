"""Subjects and the passes that they hold."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kiosk.passes.claims import ALL_DAYS, ALL_DOORS, ANY_UNIT
from sync.hub.octets import OctetsField
from sync.hub.sealed_text import SealedTextField


class Subject(models.Model):
    """Whoever holds passes. Only the hub can tell from `sub` (8 random bytes) who it is."""

    sub = OctetsField(max_length=8, unique=True)
    label = SealedTextField(about="people.subject.label", blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"subject {self.pk}"


class Pass(models.Model):
    """A native pass as it was issued; `pass_type` is a `kiosk.passes.claims.PassType`.

    `kid` names the key that signed it; it is empty for passes of the hub's first pass key.
    `printing` is what a card was issued with. The text itself is stored nowhere.
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
    printing = models.ForeignKey("Printing", models.PROTECT, null=True, related_name="passes")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        verbose_name_plural = "passes"

    def __str__(self) -> str:
        return f"pass {self.pk}"


class Withdrawn(models.Model):
    """A pass of somebody who was deleted: doors are told of it until it has expired. Whose it was
    is kept nowhere, and what is sealed its number alone.
    """

    cti = SealedTextField(about="people.withdrawn.cti")
    expires = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "withdrawn"

    def __str__(self) -> str:
        return f"withdrawn pass {self.pk}"


class Printing(models.Model):
    """Cards that were issued together: who issued them, when, and what for."""

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="printings")
    made_at = models.DateTimeField(db_index=True)
    reason = SealedTextField(about="people.printing.reason")

    def __str__(self) -> str:
        return f"printing {self.pk}"


class SiteCard(models.Model):
    """A subject that is a card of a site, with a number in the place of a name."""

    subject = models.OneToOneField(Subject, models.CASCADE, related_name="site_card")
    site = models.ForeignKey("fleet.Site", models.PROTECT, related_name="cards")
    number = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["site", "number"], name="one_card_of_a_number"),
        )

    def __str__(self) -> str:
        return f"site card {self.pk}"


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


class PhoneLink(models.Model):
    """A link that brings one pass onto one phone; of its token only the hash is kept.

    `holder` is the phone's key (x and y, 64 bytes), empty until the link was opened; `text` is what
    was handed out then, worth nothing without that key. A subject has one pass on a phone: a new
    link ends the last one.
    """

    digest = OctetsField(max_length=32, unique=True)
    subject = models.ForeignKey(Subject, models.CASCADE, related_name="phone_links")
    pass_type = models.PositiveSmallIntegerField()
    not_before = models.DateTimeField()
    expires = models.DateTimeField()
    unit = models.PositiveIntegerField(default=ANY_UNIT, validators=[MaxValueValidator(65535)])
    doors = models.PositiveBigIntegerField(default=ALL_DOORS)
    days = models.PositiveSmallIntegerField(default=ALL_DAYS)
    created_at = models.DateTimeField(db_index=True)
    good_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    holder = OctetsField(max_length=64, default=b"")
    text = models.TextField(default="")
    issued = models.ForeignKey(Pass, models.PROTECT, null=True, related_name="phone_links")

    def __str__(self) -> str:
        return f"phone link {self.pk}"


class Registration(models.Model):
    """A visitor who asked for a day pass at a door's poster, and agreed to its notice.

    `name_until` is when the name is to be forgotten; null where none was given, or it has been.
    """

    subject = models.OneToOneField(Subject, models.CASCADE, related_name="registration")
    door = models.ForeignKey("fleet.Door", models.PROTECT, related_name="registrations")
    notice = models.PositiveSmallIntegerField()
    agreed_at = models.DateTimeField(db_index=True)
    name_until = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"registration {self.pk}"


class PersonKind(models.TextChoices):
    """How somebody is employed; an officer stands at a door."""

    ASN = "asn", _("Civil servant")
    NON_ASN = "non_asn", _("Other employee")
    OFFICER = "officer", _("Door officer")


class Person(models.Model):
    """A subject of the personnel list. The name is the subject's label.

    `number` is the keyed hash of the personnel number (NIP), by which the next list finds the same
    person again; the number itself is kept nowhere.
    """

    subject = models.OneToOneField(Subject, models.CASCADE, related_name="person")
    office = models.ForeignKey("fleet.Office", models.PROTECT, related_name="people")
    kind = models.CharField(max_length=10, choices=PersonKind)
    number = OctetsField(max_length=32, unique=True)
    imported_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return f"person {self.pk}"


class LookUp(models.Model):
    """That an operator was shown who somebody is: on which page, what for, and about whom.

    What is shown again within the hour for the same reason is one look-up, up to `until`. `case` is
    the number of the case for which contacts were traced.
    """

    operator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="look_ups")
    page = models.CharField(max_length=40)
    reason = SealedTextField(about="people.lookup.reason", blank=True)
    case = SealedTextField(about="people.lookup.case", blank=True)
    at = models.DateTimeField(db_index=True)
    until = models.DateTimeField()
    subjects = models.ManyToManyField(Subject, related_name="look_ups")

    def __str__(self) -> str:
        return f"look-up {self.pk}"
