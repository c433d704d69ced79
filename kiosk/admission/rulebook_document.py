"""Reads a rulebook from the JSON document that the hub publishes.

`rulebook.schema.json` beside this file describes the same form for editors and other programs.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import MAXYEAR, MINYEAR, date, datetime, time
from enum import Enum
from typing import Any, TypeVar

from kiosk.admission.colour import ColourRule
from kiosk.admission.faults import Faults, Reader
from kiosk.admission.rulebook import ALL_FORMATS, Kept, Rule, Rulebook, Way
from kiosk.admission.schedule import Schedule, Span
from kiosk.admission.verdict import Outcome
from kiosk.passes.certificate import Kind
from kiosk.passes.claims import PassType

SCHEMA = "gapura-rulebook/1"
MAX_BYTES = 256 * 1024
MAX_VERSION = 2**63 - 1
OUTCOMES = {"admit": Outcome.ADMIT, "deny": Outcome.DENY, "refer": Outcome.REFER}
# Where something is lacking, nobody is admitted for it.
CAUTIOUS = {"deny": Outcome.DENY, "refer": Outcome.REFER}
TYPES = {member.name.lower(): member for member in PassType}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MAX_ITEMS = 500
_MAX_DAYS = 36_500
_INSTANT = " must be a time with its offset, of a year from 0002 to 9998"
_HOURS = ' must be hours as "07:30-16:00"'
_CLOCK_TIME = re.compile("[0-9]{2}:[0-9]{2}")
T = TypeVar("T")
E = TypeVar("E", bound=Enum)


class RulebookError(Exception):
    """The document is not a rulebook; the message lists every fault in it, `faults` one by one."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def parse_rulebook(document: bytes) -> Rulebook:
    """Read a rulebook.

    Raises:
        RulebookError: every fault at once, each with the place where it is.
    """
    if len(document) > MAX_BYTES:
        raise RulebookError(f"a rulebook has at most {MAX_BYTES} bytes, this has {len(document)}")
    faults = Faults()
    try:
        content = json.loads(document, object_pairs_hook=faults.object_of)
    except (ValueError, RecursionError) as error:
        raise RulebookError(f"not JSON: {error}") from error
    rulebook = _rulebook(Reader(content, "", faults))
    if faults.found:
        raise RulebookError(*faults.found)
    return rulebook


def _rulebook(reader: Reader) -> Rulebook:
    reader.choice("schema", {SCHEMA: SCHEMA})
    rulebook = Rulebook(
        version=reader.number("version", 1, MAX_VERSION),
        letter=reader.text("letter"),
        effective_from=reader.parsed("effective_from", _instant, _INSTANT),
        site_kinds=frozenset(reader.texts("site_kinds", default=())),
        trial=reader.flag("trial", default=False),
        rules=tuple(_rule(item) for item in reader.objects("rules", _MAX_ITEMS)),
        colours=tuple(_colour(item) for item in reader.objects("colours", _MAX_ITEMS)),
        holidays=frozenset(_all(reader, "holidays", date.fromisoformat, " must be 2026-12-25")),
        capacity=reader.number("capacity", 1, 1_000_000, default=None),
        pass_back=reader.choice("pass_back", {"soft": True, "off": False}, default="soft"),
        uncertain_clock=reader.choice("uncertain_clock", CAUTIOUS, default="refer"),
        stale_after_days=reader.number("stale_after_days", 1, _MAX_DAYS, default=None),
        stale=reader.choice("stale", CAUTIOUS, default="refer"),
        keeps=_keeps(reader.object("keeps")),
    )
    reader.no_more()
    reader.unless(bool(rulebook.rules), "rules: must be a list of at least one rule")
    _check_colours(rulebook, reader)
    return rulebook


def _rule(reader: Reader) -> Rule:
    rule = Rule(
        name=reader.text("name"),
        types=reader.some_of("types", TYPES),
        formats=reader.some_of(
            "formats", {name: name for name in ALL_FORMATS}, default=tuple(ALL_FORMATS)
        ),
        outcome=reader.choice("outcome", OUTCOMES),
        units=frozenset(reader.numbers("units", 0, 65535)),
        ways=reader.some_of("ways", {way.value: way for way in Way}),
        colours=frozenset(reader.texts("colours", default=())),
        schedule=Schedule(
            days=reader.some_of("days", _numbered(DAYS), default=DAYS),
            spans=tuple(_all(reader, "hours", _span, _HOURS)),
            open_on_holidays=reader.flag("open_on_holidays", default=True),
        ),
    )
    reader.no_more()
    reader.unless(bool(rule.types), "types: must name some")
    reader.unless(bool(rule.schedule.days), "days: must name some, or be left out")
    reader.unless(bool(rule.formats), "formats: must name some, or be left out")
    return rule


def _colour(reader: Reader) -> ColourRule:
    colour = ColourRule(
        colour=reader.text("colour"),
        kind=reader.choice("kind", {kind.name.lower(): kind for kind in Kind}),
        doses_at_least=reader.number("doses_at_least", 0, 99, default=0),
        series_done=reader.flag("series_done", default=False),
        negative=reader.flag("negative", default=False),
        age_at_least_days=reader.number("age_at_least_days", 0, _MAX_DAYS, default=None),
        age_at_most_days=reader.number("age_at_most_days", 0, _MAX_DAYS, default=None),
    )
    reader.no_more()
    return colour


def _keeps(reader: Reader) -> dict[PassType, frozenset[Kept]]:
    values = {member.value: member for member in Kept}
    keeps = {TYPES[name]: reader.some_of(name, values) for name in reader.names() if name in TYPES}
    reader.no_more()
    return keeps


def _check_colours(rulebook: Rulebook, reader: Reader) -> None:
    derived = {colour.colour for colour in rulebook.colours}
    for place, rule in enumerate(rulebook.rules):
        unknown = sorted(rule.colours - derived)
        reader.unless(not unknown, f"rules[{place}].colours: no rule of `colours` gives {unknown}")


def _all(reader: Reader, key: str, parse: Callable[[str], T], expected: str) -> list[T]:
    return [
        parsed
        for text in reader.texts(key, default=())
        if (parsed := reader.parse(text, key, parse, expected)) is not None
    ]


def _numbered(names: tuple[str, ...]) -> Mapping[str, int]:
    return {name: number for number, name in enumerate(names)}


def _span(text: str) -> Span:
    begins, ends = text.split("-")
    return Span(_clock_time(begins), _clock_time(ends))


def _clock_time(text: str) -> time:
    if not _CLOCK_TIME.fullmatch(text):
        raise ValueError("not hours and minutes")
    # Midnight at the end of a day is the beginning of the next.
    return time.min if text == "24:00" else time.fromisoformat(text)


def _instant(content: Any) -> datetime:
    instant = datetime.fromisoformat(content)
    if instant.tzinfo is None:
        raise ValueError("without its offset")
    # At either end of the calendar a time exists in some zones only.
    if not MINYEAR < instant.year < MAXYEAR:
        raise ValueError("too near an end of the calendar")
    return instant
