"""Rulebooks, their differences and their faults in the language of the page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _noop

from kiosk.admission.difference import difference
from kiosk.admission.rulebook import Rulebook
from kiosk.admission.wording import Wording
from kiosk.passes.claims import PassType
from sync.hub.errors import Snag
from sync.hub.rules.rejudging import Unknown
from sync.hub.web.words import Word

FAULTS = (
    _noop("a key twice among %(names)s"),
    _noop("%(place)sunknown keys: %(names)s"),
    _noop("%(place)s: must be text of 1 to %(most)s characters"),
    _noop("%(place)s: must be true or false"),
    _noop("%(place)s: must be a number from %(least)s to %(most)s"),
    _noop("%(place)s: must be a list of numbers from %(least)s to %(most)s"),
    _noop("%(place)s: must be a list of texts"),
    _noop("%(place)s: must be one of %(names)s"),
    _noop("%(place)s: %(wrong)s is not among %(names)s"),
    _noop("%(place)s: must be a list of at most %(most)s"),
    _noop("%(place)s: must be a time with its offset, of a year from 0002 to 9998"),
    _noop("%(place)s: must be hours as %(hours)s"),
    _noop("%(place)s: must be 2026-12-25"),
    _noop("%(place)s: must be a list of at least one rule"),
    _noop("%(place)s: must name some"),
    _noop("%(place)s: must name some, or be left out"),
    _noop("%(place)s: no rule of `colours` gives %(names)s"),
    _noop("%(place)s: must be greater than %(version)s, which is published already"),
    _noop("%(place)s: no calendar has this day everywhere"),
    _noop("%(place)smust be an object"),
    _noop("a rulebook has at most %(most)s bytes, this has %(length)s"),
    _noop("half of a character stands alone: no text has that"),
)
# What json says of the fault itself it says in English.
_NOT_JSON = (
    (
        _noop("not JSON: line %(line)s, column %(column)s"),
        re.compile(r"not JSON: .*: line (?P<line>\d+) column (?P<column>\d+) .*", re.DOTALL),
    ),
    (_noop("not JSON that can be read"), re.compile(r"not JSON: .*", re.DOTALL)),
)
SNAGS: dict[Snag, str] = {
    Snag.SETTLED: _noop("This draft has been decided already."),
    Snag.NOT_SUBMITTED: _noop("The draft has moved on meanwhile: read it again first."),
    Snag.OWN_DRAFT: _noop("Whoever submits a draft does not decide on it: ask somebody else."),
    Snag.CHANGED: _noop("The draft was changed meanwhile: read it again first."),
    Snag.NO_REASON: _noop("Say why it is rejected."),
    Snag.NOT_PDF: _noop("This is not a PDF file, or it is damaged."),
    Snag.TOO_LONG: _noop("The file is too long: a letter has at most 10 MB. Scan it in grey."),
}
UNKNOWN: dict[Unknown, str] = {
    Unknown.CERTIFICATE: _noop(
        "Health certificates: the hub does not have their content, from which a colour comes"
    ),
    Unknown.TIME: _noop("The kiosk did not know the time well enough"),
    Unknown.CROWD: _noop("How many people were inside is not known to the hub"),
    Unknown.INSIDE: _noop("Whether the person was inside already is not known to the hub"),
    Unknown.STALE: _noop("For how long the kiosk had not heard from the hub is not known"),
    Unknown.NO_RULEBOOK: _noop("The kiosk had no rulebook"),
    Unknown.NEWER: _noop("A kiosk, or a rulebook, that this hub does not know"),
}


@dataclass(frozen=True, slots=True)
class Described:
    """A rulebook in words; `facts` are (what, how it is)."""

    facts: tuple[tuple[str, str], ...]
    rules: tuple[tuple[str, str], ...]
    colours: tuple[str, ...]
    holidays: tuple[str, ...]


def differences(old: Rulebook, new: Rulebook) -> list[str]:
    return difference(old, new, gettext)


def described(book: Rulebook) -> Described:
    words = Wording(gettext)
    facts = [
        (gettext("Site kinds"), words.site_kinds(book)),
        (gettext("Trial phase"), words.yes(book.trial)),
        (gettext("Capacity"), words.capacity(book.capacity)),
        (gettext("Pass-back"), words.pass_back(book.pass_back)),
        (gettext("Where the time is uncertain"), words.does(book.uncertain_clock)),
        (gettext("Stale after"), words.stale_after(book.stale_after_days)),
        (gettext("Where it is stale"), words.does(book.stale)),
    ]
    for kind in PassType:
        what = words.put("Kept of %(kind)s", kind=words.kind(kind))
        facts.append((what, words.kept(book.kept_of(kind))))
    return Described(
        tuple(facts),
        tuple((rule.name, words.sentence(rule)) for rule in book.rules),
        tuple(words.colour(colour) for colour in book.colours),
        tuple(day.isoformat() for day in sorted(book.holidays)),
    )


def kind_word(kind: str) -> Word:
    return gettext(kind) if kind else ""


def told(faults: Iterable[str]) -> list[str]:
    """Return faults of a document, in the language of the page."""
    return [_told(fault) for fault in faults]


def _told(fault: str) -> str:
    for template, pattern in _PATTERNS:
        found = pattern.fullmatch(fault)
        if found is not None:
            return gettext(template) % found.groupdict()
    return fault


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", template)
    return re.compile(
        "".join(
            f"(?P<{part}>.*?)" if number % 2 else re.escape(part)
            for number, part in enumerate(parts)
        ),
        re.DOTALL,
    )


_PATTERNS = (*((template, _pattern(template)) for template in FAULTS), *_NOT_JSON)
