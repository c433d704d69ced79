"""What somebody has who has one of our things: whose data, and whether it can be read.

What is said here follows from what is stored where; docs/operations/privacy.md says why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from kiosk.passes.roster import ROW_BYTES
from sync.hub.ingest.models import Visit
from sync.hub.people.models import LookUp, Pass, Person, Roster, Subject
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event, Lost
from sync.hub.privacy.models import Breach
from sync.hub.web.models import Operator
from sync.hub.web.words import Word

TELL_WITHIN = timedelta(hours=72)
"""UU PDP 27/2022, article 46: three times 24 hours, to the persons and to the authority."""

Figures = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """What lies there, whether it can be read, and by whom."""

    what: Word
    readable: Word
    is_readable: bool
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    findings: tuple[Finding, ...]
    steps: tuple[Word, ...]


def note_breach(
    lost: Lost, known_at: datetime, about: str, operator: Operator, at: datetime
) -> Breach:
    breach = Breach.objects.create(
        lost=lost,
        known_at=known_at,
        about=about,
        figures=dict(count_persons()),
        noted_by=operator,
        noted_at=at,
    )
    note(Event.BREACH, {"breach": breach.pk, "lost": lost.value})
    return breach


def note_told(breach: Breach, at: datetime) -> None:
    if breach.told_at is None:
        breach.told_at = at
        breach.save(update_fields=["told_at"])
        note(Event.BREACH_TOLD, {"breach": breach.pk})


def count_persons() -> Figures:
    """Count whom the hub knows: what could be concerned at most."""
    roster = Roster.objects.first()
    return {
        "subjects": Subject.objects.count(),
        "people": Person.objects.count(),
        "passes": Pass.objects.count(),
        "roster": 0 if roster is None else len(roster.rows) // ROW_BYTES,
        "visits": Visit.objects.count(),
        "look_ups": LookUp.objects.count(),
    }


def assess(lost: Lost) -> Assessment:
    return _ASSESSMENTS[lost]()


def deadline(breach: Breach) -> datetime:
    return breach.known_at + TELL_WITHIN


_VISITS_SEALED = _("Not readable: sealed to the hub's keys; the key of a run is in memory alone.")
_REPORT = (
    _("Within 72 hours tell the persons concerned, in writing: which data, when and how it "
      "happened, what was done (article 46)."),
    _("Within the same 72 hours tell the authority for the protection of personal data."),
    _("Where public services suffer, or many persons are harmed, tell the public."),
)  # fmt: skip


def _card() -> Assessment:
    return Assessment(
        (
            Finding(_("Visits in the journal"), _VISITS_SEALED, is_readable=False),
            Finding(
                _("The roster: hashes of personnel and card numbers"),
                _("By guessing only: about twenty guesses a second and core; a number that is "
                  "known elsewhere can be found in it, one of six digits within a day."),
                is_readable=True,
                figure="roster",
            ),
            Finding(_("Names"), _("None is there."), is_readable=False),
            Finding(
                _("Keys"),
                _("Its own key: it can pass for this kiosk until it is revoked. It cannot make "
                  "passes."),
                is_readable=True,
            ),
        ),
        (_("Revoke the kiosk on the page Devices."), *_REPORT),
    )  # fmt: skip


def _stick() -> Assessment:
    return Assessment(
        (
            Finding(_("Visits that were being carried"), _VISITS_SEALED, is_readable=False),
            Finding(
                _("Answers for kiosks, with their rosters"),
                _("Not readable: sealed to each kiosk."),
                is_readable=False,
                figure="roster",
            ),
        ),
        (
            _("Nothing need be revoked. What the stick carried lies at the kiosks still, "
              "and comes by the next one."),
            *_REPORT,
        ),
    )  # fmt: skip


def _phone() -> Assessment:
    return Assessment(
        (
            Finding(
                _("Enrolment cards that were shown on it"),
                _("Readable: each enrols one kiosk, once, within 72 hours; a WiFi key too."),
                is_readable=True,
            ),
            Finding(
                _("Sign-in at the hub"),
                _("Whoever unlocks the phone while somebody is signed in: no names, for "
                  "technicians see none. The app with the codes may be on it too."),
                is_readable=True,
            ),
        ),
        (
            _("gapura-hub change-user NAME --forget-phone, and a new password."),
            _("Change the WiFi key that was on cards; refuse kiosks that wait and nobody knows."),
            *_REPORT,
        ),
    )  # fmt: skip


def _backup() -> Assessment:
    return Assessment(
        (
            Finding(
                _("The whole hub: names, visits, keys"),
                _("Not readable without the offline backup key: the file is sealed to it (age)."),
                is_readable=False,
                figure="subjects",
            ),
        ),
        (
            _("Was the offline backup key lost too? Then go by: the hub's machine."),
            *_REPORT,
        ),
    )


def _database() -> Assessment:
    return Assessment(
        (
            Finding(
                _("Names, and reasons of look-ups"),
                _("Not readable: sealed under identity.key, which is not in the database."),
                is_readable=False,
                figure="subjects",
            ),
            Finding(
                _("Visits: when which random number was at which door"),
                _("Readable, without names; whoever knows one visit of somebody can follow them."),
                is_readable=True,
                figure="subjects",
            ),
            Finding(
                _("Personnel numbers"),
                _("Not readable: hashed under people.key, which is not in the database."),
                is_readable=False,
                figure="people",
            ),
            Finding(
                _("The roster: hashes of personnel and card numbers"),
                _("By guessing only: about twenty guesses a second and core; a number that is "
                  "known elsewhere can be found in it, one of six digits within a day."),
                is_readable=True,
                figure="roster",
            ),
            Finding(
                _("Operators: names of accounts, secrets of their second factors"),
                _("Readable; passwords are hashed."),
                is_readable=True,
            ),
        ),
        (
            _("gapura-hub keys rotate-identities"),
            _("New passwords and second factors for all operators."),
            *_REPORT,
        ),
    )  # fmt: skip


def _hub() -> Assessment:
    return Assessment(
        (
            Finding(
                _("Everything: names, visits, keys"),
                _("Readable by whoever has the machine or its disk, unless the disk is encrypted."),
                is_readable=True,
                figure="subjects",
            ),
            Finding(
                _("Passes"),
                _("With the pass key anybody can make passes that count."),
                is_readable=True,
                figure="passes",
            ),
        ),
        (
            _("Restore the last backup onto another machine."),
            _("gapura-hub revoke-key for the pass key, keys rotate for every purpose."),
            *_REPORT,
        ),
    )


def _account() -> Assessment:
    return Assessment(
        (
            Finding(
                _("What the account's role opens"),
                _("Readable to whoever had password and second factor. Whose names were shown "
                  "stands among the look-ups; what was done, in the audit log."),
                is_readable=True,
                figure="look_ups",
            ),
        ),
        (
            _("gapura-hub change-user NAME --stop; the look-ups of that account say whom to tell."),
            *_REPORT,
        ),
    )  # fmt: skip


_ASSESSMENTS: Mapping[Lost, Callable[[], Assessment]] = {
    Lost.CARD: _card,
    Lost.STICK: _stick,
    Lost.PHONE: _phone,
    Lost.BACKUP: _backup,
    Lost.DATABASE: _database,
    Lost.HUB: _hub,
    Lost.ACCOUNT: _account,
}
