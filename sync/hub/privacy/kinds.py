"""What is kept for a time, what may be lost, and what is recorded."""

from collections.abc import Mapping
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What has a time of its own after which it is deleted."""

    VISITORS = "visitors", _("Visits of visitors")
    EMPLOYEES = "employees", _("Visits of employees")
    ATTENDANCE = "attendance", _("Days of attendance")
    REGISTRATIONS = "registrations", _("Visitors who registered at a poster")
    PHONE_LINKS = "phone-links", _("Links for phones")
    LOOK_UPS = "look-ups", _("Look-ups")
    SIGN_INS = "sign-ins", _("Attempts to sign in, and sessions")
    SET_ASIDE = "set-aside", _("Batches and entries that could not be read")


USUAL_DAYS: Mapping[Kind, int] = {
    Kind.VISITORS: 30,
    Kind.EMPLOYEES: 365,
    Kind.ATTENDANCE: 730,
    Kind.REGISTRATIONS: 30,
    Kind.PHONE_LINKS: 30,
    Kind.LOOK_UPS: 730,
    Kind.SIGN_INS: 90,
    Kind.SET_ASIDE: 365,
}
MOST_DAYS = 3650


class Lost(models.TextChoices):
    """What may be lost, stolen or copied."""

    CARD = "card", _("A kiosk, or its SD card")
    STICK = "stick", _("A USB stick")
    PHONE = "phone", _("A technician's phone")
    BACKUP = "backup", _("A backup of the hub")
    DATABASE = "database", _("The hub's database, without its directory")
    HUB = "hub", _("The hub's machine: database and keys")
    ACCOUNT = "account", _("Somebody's account at the hub")


class Event(StrEnum):
    """What the audit log records. Stored for ever: a value never changes its meaning."""

    SIGN_IN = "sign-in"
    SIGN_IN_FAILED = "sign-in-failed"
    SIGN_OUT = "sign-out"
    SECOND_FACTOR = "second-factor"
    ACCOUNT = "account"
    ROLE = "role"
    PASS_ISSUED = "pass-issued"  # noqa: S105
    PASS_REVOKED = "pass-revoked"  # noqa: S105
    KEY_REVOKED = "key-revoked"
    KEY_ROTATED = "key-rotated"
    KIOSK_APPROVED = "kiosk-approved"
    KIOSK_REVOKED = "kiosk-revoked"
    RULEBOOK = "rulebook"
    PEOPLE_IMPORTED = "people-imported"
    ROSTER = "roster"
    API_ACCESS = "api-access"
    LOOK_UP = "look-up"
    EXPORT = "export"
    RETENTION = "retention"
    RETENTION_CHANGED = "retention-changed"
    PERSON_SHOWN = "person-shown"
    PERSON_DELETED = "person-deleted"
    RESTORED = "restored"
    RESTORE_CONFIRMED = "restore-confirmed"
    BREACH = "breach"
    BREACH_TOLD = "breach-told"
