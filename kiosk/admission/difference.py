"""What is different between two rulebooks, in sentences for whoever answers for the new one.

The version is left out: two rulebooks always differ in it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import time

from kiosk.admission.colour import ColourRule
from kiosk.admission.rulebook import ALL_FORMATS, Kept, Rule, Rulebook, Way
from kiosk.admission.rulebook_document import DAYS
from kiosk.admission.schedule import ALL_DAYS, Schedule
from kiosk.admission.verdict import Outcome
from kiosk.passes.claims import PassType

_SAYS = {Outcome.ADMIT: "admits", Outcome.DENY: "denies", Outcome.REFER: "refers"}


def difference(old: Rulebook, new: Rulebook) -> list[str]:
    """Return a sentence for everything that is decided, shown or kept differently."""
    return [
        *_in_general(old, new),
        *_in_keeping(old, new),
        *_in_colours(old.colours, new.colours),
        *_in_rules(old.rules, new.rules),
    ]


def _in_general(old: Rulebook, new: Rulebook) -> Iterator[str]:
    for what, before, after in (
        ("Letter", old.letter, new.letter),
        (
            "Site kinds",
            _listed(old.site_kinds, "every kind"),
            _listed(new.site_kinds, "every kind"),
        ),
        ("Trial phase", _yes(old.trial), _yes(new.trial)),
        ("Capacity", _or_none(old.capacity), _or_none(new.capacity)),
        ("Pass-back", _on(old.pass_back), _on(new.pass_back)),
        ("Where the time is uncertain", _SAYS[old.uncertain_clock], _SAYS[new.uncertain_clock]),
        ("Stale after", _days(old.stale_after_days), _days(new.stale_after_days)),
        ("Where it is stale", _SAYS[old.stale], _SAYS[new.stale]),
    ):
        yield from _change(what, before, after)
    if old.effective_from != new.effective_from:
        before, after = old.effective_from.isoformat(), new.effective_from.isoformat()
        yield from _change("Takes effect", before, after)
    yield from _gained("Holidays", old.holidays, new.holidays)


def _in_keeping(old: Rulebook, new: Rulebook) -> Iterator[str]:
    for kind in PassType:
        before, after = old.kept_of(kind), new.kept_of(kind)
        yield from _change(f"Kept of {_name(kind)}", _kept(before), _kept(after))


def _in_colours(old: Sequence[ColourRule], new: Sequence[ColourRule]) -> Iterator[str]:
    """Colour rules have no names: one that is said differently is another one."""
    before, after = _told_once(old), _told_once(new)
    for text, number in before.items():
        if text not in after:
            yield f"Colour rule {number} is gone: {text}."
    for text, number in after.items():
        if text not in before:
            yield f"Colour rule {number} is new: {text}."
    if [text for text in before if text in after] != [text for text in after if text in before]:
        yield f"The colour rules are in another order: {'; '.join(after)}."


def _told_once(colours: Sequence[ColourRule]) -> dict[str, int]:
    """Return what the rules say with their numbers; one that comes again decides nothing."""
    told: dict[str, int] = {}
    for number, colour in enumerate(colours, start=1):
        told.setdefault(_told(colour), number)
    return told


@dataclass(frozen=True, slots=True)
class _Pair:
    """One rule in both rulebooks, with its places from 0."""

    old_place: int
    new_place: int
    old: Rule
    new: Rule


def _in_rules(old: Sequence[Rule], new: Sequence[Rule]) -> Iterator[str]:
    pairs = _paired(old, new)
    kept, known = {pair.old_place for pair in pairs}, {pair.new_place for pair in pairs}
    for place, rule in enumerate(old):
        if place not in kept:
            yield f"Rule {place + 1}, {_quoted(rule)}, is gone: it {_sentence(rule)}."
    moved = _moved(pairs)
    for place, rule in enumerate(new):
        if place not in known:
            yield f"Rule {place + 1}, {_quoted(rule)}, is new: it {_sentence(rule)}."
            continue
        pair = next(pair for pair in pairs if pair.new_place == place)
        if place in moved:
            yield (
                f"Rule {place + 1}, {_quoted(rule)}, was rule {pair.old_place + 1}: "
                "the first that applies decides."
            )
        yield from _in_rule(f"Rule {place + 1}, {_quoted(rule)}", pair.old, pair.new)


def _paired(old: Sequence[Rule], new: Sequence[Rule]) -> list[_Pair]:
    """Find each rule again: by its name, else by what it says."""
    pairs: list[_Pair] = []
    free = dict(enumerate(old))
    for same in (_is_the_same, _has_its_name, _says_the_same):
        taken = {pair.new_place for pair in pairs}
        for new_place, rule in enumerate(new):
            if new_place in taken:
                continue
            found = next((place for place in free if same(free[place], rule)), None)
            if found is not None:
                pairs.append(_Pair(found, new_place, free.pop(found), rule))
    return sorted(pairs, key=lambda pair: pair.new_place)


def _is_the_same(old: Rule, new: Rule) -> bool:
    return old == new


def _has_its_name(old: Rule, new: Rule) -> bool:
    return old.name == new.name


def _says_the_same(old: Rule, new: Rule) -> bool:
    return replace(old, name=new.name) == new


def _moved(pairs: Sequence[_Pair]) -> set[int]:
    """Return the new places of the rules that changed sides with others: as few as will do."""
    chains: list[list[_Pair]] = []
    for pair in pairs:
        fitting = (chain for chain in chains if chain[-1].old_place < pair.old_place)
        chains.append([*max(fitting, key=len, default=[]), pair])
    stayed = max(chains, key=len, default=[])
    return {pair.new_place for pair in pairs} - {pair.new_place for pair in stayed}


def _in_rule(which: str, old: Rule, new: Rule) -> Iterator[str]:
    for what, before, after in (
        ("name", old.name, new.name),
        ("outcome", _SAYS[old.outcome], _SAYS[new.outcome]),
        ("types", _types(old), _types(new)),
        ("formats", _listed(old.formats), _listed(new.formats)),
        ("units", _units(old), _units(new)),
        ("doors", _ways(old), _ways(new)),
        ("colours", _listed(old.colours, "any"), _listed(new.colours, "any")),
        ("days", _weekdays(old.schedule), _weekdays(new.schedule)),
        ("hours", _hours(old.schedule), _hours(new.schedule)),
        ("holidays", _open(old.schedule), _open(new.schedule)),
    ):
        yield from _change(f"{which}: {what}", before, after)


def _change(what: str, before: str, after: str) -> Iterator[str]:
    if before != after:
        yield f"{what}: {after}, was {before}."


def _gained(what: str, old: Collection[object], new: Collection[object]) -> Iterator[str]:
    for word, found in (("new", set(new) - set(old)), ("gone", set(old) - set(new))):
        if found:
            yield f"{what}: {word}: {', '.join(sorted(str(item) for item in found))}."


def _sentence(rule: Rule) -> str:
    schedule = rule.schedule
    parts = [f"{_SAYS[rule.outcome]} {_types(rule)}"]
    parts += [f"in the formats {_listed(rule.formats)}"] if rule.formats != ALL_FORMATS else []
    parts += [f"of units {_units(rule)}"] if rule.units else []
    parts += [f"at {_ways(rule)} doors"] if rule.ways else []
    parts += [f"coloured {_listed(rule.colours)}"] if rule.colours else []
    parts += [f"on {_weekdays(schedule)}"] if schedule.days != ALL_DAYS else []
    parts += [f"at {_hours(schedule)}"] if schedule.spans else []
    parts += ["not on holidays"] if not schedule.open_on_holidays else []
    return ", ".join(parts)


def _told(colour: ColourRule) -> str:
    """Return all of a colour rule, so that two that differ are told differently."""
    bounds = {
        "doses at least": colour.doses_at_least or None,
        "series done": colour.series_done or None,
        "negative": colour.negative or None,
        "age in days at least": colour.age_at_least_days,
        "age in days at most": colour.age_at_most_days,
    }
    parts = [
        name if value is True else f"{name} {value}"
        for name, value in bounds.items()
        if value is not None
    ]
    return ", ".join([f"{colour.colour} by {colour.kind.name.lower()}", *parts])


def _quoted(rule: Rule) -> str:
    return f"“{rule.name}”"


def _types(rule: Rule) -> str:
    return ", ".join(_name(kind) for kind in sorted(rule.types))


def _units(rule: Rule) -> str:
    return ", ".join(str(unit) for unit in sorted(rule.units)) or "every unit"


def _ways(rule: Rule) -> str:
    return ", ".join(way.value for way in Way if way in rule.ways) or "every"


def _weekdays(schedule: Schedule) -> str:
    return ", ".join(DAYS[day] for day in sorted(schedule.days))


def _hours(schedule: Schedule) -> str:
    return (
        ", ".join(f"{_clock(span.begins)}-{_clock(span.ends)}" for span in schedule.spans) or "all"
    )


def _clock(at: time) -> str:
    return at.isoformat("minutes")


def _open(schedule: Schedule) -> str:
    return "as on other days" if schedule.open_on_holidays else "closed"


def _kept(kept: frozenset[Kept]) -> str:
    return ", ".join(member.value for member in Kept if member in kept) or "nothing"


def _name(kind: PassType) -> str:
    return kind.name.lower()


def _listed(names: Collection[str], none: str = "none") -> str:
    return ", ".join(sorted(names)) or none


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _on(holds: bool) -> str:
    return "soft" if holds else "off"


def _or_none(number: int | None) -> str:
    return "no limit" if number is None else str(number)


def _days(number: int | None) -> str:
    return "never" if number is None else f"{number} days"
