"""A rulebook's parts in words. The words are English; `say` may put another language in their
place: it is given a text of this package and returns what stands for it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import time

from kiosk.admission.colour import ColourRule
from kiosk.admission.rulebook import ALL_FORMATS, Kept, Rule, Rulebook, Way
from kiosk.admission.rulebook_document import DAYS
from kiosk.admission.schedule import ALL_DAYS, Schedule
from kiosk.admission.verdict import Outcome
from kiosk.passes.claims import PassType

Say = Callable[[str], str]
_SAYS = {Outcome.ADMIT: "admits", Outcome.DENY: "denies", Outcome.REFER: "refers"}


def in_english(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Wording:
    say: Say = in_english

    def put(self, template: str, **parts: object) -> str:
        """Return the template in its language, filled in with parts that are so already."""
        return self.say(template) % parts

    def sentence(self, rule: Rule) -> str:
        schedule = rule.schedule
        parts = [
            self.put("%(does)s %(types)s", does=self.does(rule.outcome), types=self.types(rule))
        ]
        if rule.formats != ALL_FORMATS:
            parts.append(self.put("in the formats %(formats)s", formats=self.formats(rule)))
        if rule.units:
            parts.append(self.put("of units %(units)s", units=self.units(rule)))
        if rule.ways:
            parts.append(self.put("at %(ways)s doors", ways=self.ways(rule)))
        if rule.colours:
            parts.append(self.put("coloured %(colours)s", colours=self.colours(rule)))
        if schedule.days != ALL_DAYS:
            parts.append(self.put("on %(days)s", days=self.weekdays(schedule)))
        if schedule.spans:
            parts.append(self.put("at %(hours)s", hours=self.hours(schedule)))
        if not schedule.open_on_holidays:
            parts.append(self.say("not on holidays"))
        return ", ".join(parts)

    def colour(self, colour: ColourRule) -> str:
        """Return all of a colour rule, so that two that differ are told differently."""
        bounds: Mapping[str, int | None] = {
            "doses at least": colour.doses_at_least or None,
            "series done": colour.series_done or None,
            "negative": colour.negative or None,
            "age in days at least": colour.age_at_least_days,
            "age in days at most": colour.age_at_most_days,
        }
        parts = [
            self.say(name) if value is True else f"{self.say(name)} {value}"
            for name, value in bounds.items()
            if value is not None
        ]
        kind = self.say(colour.kind.name.lower())
        return ", ".join(
            [self.put("%(colour)s by %(kind)s", colour=colour.colour, kind=kind), *parts]
        )

    def does(self, outcome: Outcome) -> str:
        return self.say(_SAYS[outcome])

    def kind(self, kind: PassType) -> str:
        return self.say(kind.name.lower())

    def types(self, rule: Rule) -> str:
        return ", ".join(self.kind(kind) for kind in sorted(rule.types))

    def formats(self, rule: Rule) -> str:
        return self.listed(rule.formats)

    def units(self, rule: Rule) -> str:
        return ", ".join(str(unit) for unit in sorted(rule.units)) or self.say("every unit")

    def ways(self, rule: Rule) -> str:
        named = [self.say(way.value) for way in Way if way in rule.ways]
        return ", ".join(named) or self.say("every")

    def colours(self, rule: Rule) -> str:
        return self.listed(rule.colours, "any")

    def site_kinds(self, book: Rulebook) -> str:
        return ", ".join(self.say(kind) for kind in sorted(book.site_kinds)) or self.say(
            "every kind"
        )

    def weekdays(self, schedule: Schedule) -> str:
        return ", ".join(self.say(DAYS[day]) for day in sorted(schedule.days))

    def hours(self, schedule: Schedule) -> str:
        told = [f"{_clock(span.begins)}-{_clock(span.ends)}" for span in schedule.spans]
        return ", ".join(told) or self.say("all")

    def holidays(self, schedule: Schedule) -> str:
        return self.say("as on other days" if schedule.open_on_holidays else "closed")

    def kept(self, kept: frozenset[Kept]) -> str:
        named = [self.say(member.value) for member in Kept if member in kept]
        return ", ".join(named) or self.say("nothing")

    def listed(self, names: Collection[str], none: str = "none") -> str:
        return ", ".join(sorted(names)) or self.say(none)

    def yes(self, holds: bool) -> str:
        return self.say("yes" if holds else "no")

    def pass_back(self, holds: bool) -> str:
        return self.say("soft" if holds else "off")

    def capacity(self, number: int | None) -> str:
        return self.say("no limit") if number is None else str(number)

    def stale_after(self, number: int | None) -> str:
        return self.say("never") if number is None else self.put("%(number)s days", number=number)


def _clock(at: time) -> str:
    return at.isoformat("minutes")
