"""What happened to a kiosk, as its page shows it: in words, with the time and its error."""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.models import Device
from sync.hub.ingest.dating import Dated
from sync.hub.ingest.happening_times import date_happenings
from sync.hub.ingest.models import Happening
from sync.hub.web.faults import FAULTS
from sync.hub.web.figures import span
from sync.hub.web.instants import When, when
from sync.hub.web.readings import read_value
from sync.hub.web.words import Word
from sync.wire.entry import WallClock
from sync.wire.happenings import Happening as Name

SHOWN = 30
# Below this a difference is told in seconds.
_MINUTES_FROM_S = 120
# Doors send numbers of 63 bits, whatever they mean.
_LARGEST_S = 10**12

_SAID: dict[str, Word] = {
    Name.START: _("The kiosk has started"),
    Name.STOP: _("The kiosk was stopped properly"),
    Name.FAULT: _("The program ended by itself because of an error"),
    Name.POWER_CUT: _("The power was cut before this start"),
    Name.KILLED: _("The program was ended by force before this start"),
    Name.BOARD: _("A journal begins on this board and memory card"),
    Name.JOURNAL_SALVAGED: _("A damaged journal was salvaged"),
    Name.RULES_TAKEN: _("New rules and keys are in force"),
    Name.CLOCK_SET: _("The clock was put right"),
    Name.STICK_DONE: _("A USB stick was served"),
    Name.STICK_FULL: _("A USB stick was full"),
    Name.STICK_READ_ONLY: _("A USB stick could only be read"),
    Name.STICK_FAULTY: _("A USB stick was faulty"),
}
_SHIFT: dict[int, Word] = {
    0: _("The officer's shift is over"),
    1: _("An officer's shift has begun"),
}
_COURIER: dict[bool, Word] = {
    True: _("The program that has the network is silent"),
    False: _("The program that has the network speaks again"),
}
_ACCEPTANCE: dict[bool, Word] = {
    True: _("Acceptance signed off, with bad parts"),
    False: _("Acceptance signed off: all is good"),
}
_WITH_DETAIL = frozenset({Name.START, Name.FAULT, Name.BOARD, Name.ACCEPTANCE})


@dataclass(frozen=True, slots=True)
class Told:
    """`mark` is a name for style sheets; `detail` stands beside what is `said`; `clock` says
    something where the kiosk's own clock was not set.
    """

    said: Word
    mark: str
    detail: str
    count: int
    when: When
    clock: Word


def happenings_of(device: Device, timezone: str) -> list[Told]:
    """Return the newest, in the order in which they came."""
    rows = Happening.objects.filter(device=device).select_related("entry__epoch")
    return _told(device, list(rows.order_by("-id")[:SHOWN]), timezone)


def acceptance_of(device: Device, timezone: str) -> Told | None:
    """Return what a technician has signed off last; None where nobody has."""
    rows = Happening.objects.filter(device=device, name=Name.ACCEPTANCE)
    found = list(rows.select_related("entry__epoch").order_by("-id")[:1])
    return next(iter(_told(device, found, timezone)), None)


def _told(device: Device, found: list[Happening], timezone: str) -> list[Told]:
    return [
        Told(
            said=_said(one),
            mark=_mark(one),
            detail=_detail(one),
            count=one.count,
            when=_when(dated, timezone),
            clock=_clock(one),
        )
        for one, dated in zip(found, date_happenings(device, found), strict=True)
    ]


def _when(dated: Dated, timezone: str) -> When:
    lower_ms, upper_ms = dated.bounds.lower_ms, dated.bounds.upper_ms
    return when(dated.time_ms, dated.error_ms, lower_ms, upper_ms, timezone)


def _said(one: Happening) -> Word:
    """A kiosk that is newer than this hub may tell of what has no words here yet."""
    if one.name == Name.SHIFT:
        return _SHIFT.get(one.value or 0, one.name)
    if one.name == Name.COURIER:
        return _COURIER[bool(one.is_bad)]
    if one.name == Name.ACCEPTANCE:
        return _ACCEPTANCE[bool(one.is_bad)]
    if one.name in FAULTS:
        said = FAULTS[one.name].said
        return said if one.is_bad else _("Well again: %(said)s") % {"said": said}
    return _SAID.get(one.name, one.name)


def _mark(one: Happening) -> str:
    if one.is_bad is not None:
        return "bad" if one.is_bad else "well"
    return "odd" if one.name in {Name.FAULT, Name.KILLED, Name.POWER_CUT} else "plain"


def _detail(one: Happening) -> str:
    if one.name in _WITH_DETAIL:
        return one.detail
    if one.value is None or one.name == Name.SHIFT or one.is_bad is False:
        return ""
    if one.name == Name.CLOCK_SET:
        return ("−" if one.value < 0 else "+") + _length(min(abs(one.value), _LARGEST_S))
    if one.name == Name.RULES_TAKEN:
        return gettext("version %(version)s") % {"version": one.value}
    return read_value(one.name, one.value)


def _length(seconds: int) -> str:
    if seconds >= _MINUTES_FROM_S:
        return span(seconds)
    return gettext("%(seconds)s s") % {"seconds": seconds}


def _clock(one: Happening) -> Word:
    is_start = one.name == Name.START and one.entry.clock == WallClock.UNSET
    return _("with a clock that was not set") if is_start else ""
