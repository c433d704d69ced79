"""What is different between two rulebooks, in sentences for whoever answers for the new one.

The version is left out: two rulebooks always differ in it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from kiosk.admission.colour import ColourRule
from kiosk.admission.rulebook import Rule, Rulebook
from kiosk.admission.wording import Say, Wording, in_english
from kiosk.passes.claims import PassType


def difference(old: Rulebook, new: Rulebook, say: Say = in_english) -> list[str]:
    """Return a sentence for everything that is decided, shown or kept differently."""
    words = Wording(say)
    return [
        *_in_general(old, new, words),
        *_in_keeping(old, new, words),
        *_in_colours(old.colours, new.colours, words),
        *_in_rules(old.rules, new.rules, words),
    ]


def _in_general(old: Rulebook, new: Rulebook, words: Wording) -> Iterator[str]:
    for what, before, after in (
        ("Letter", old.letter, new.letter),
        (
            "Site kinds",
            words.site_kinds(old),
            words.site_kinds(new),
        ),
        ("Trial phase", words.yes(old.trial), words.yes(new.trial)),
        ("Capacity", words.capacity(old.capacity), words.capacity(new.capacity)),
        ("Pass-back", words.pass_back(old.pass_back), words.pass_back(new.pass_back)),
        (
            "Where the time is uncertain",
            words.does(old.uncertain_clock),
            words.does(new.uncertain_clock),
        ),
        (
            "Stale after",
            words.stale_after(old.stale_after_days),
            words.stale_after(new.stale_after_days),
        ),
        ("Where it is stale", words.does(old.stale), words.does(new.stale)),
    ):
        yield from _change(words.say(what), before, after, words)
    if old.effective_from != new.effective_from:
        before, after = old.effective_from.isoformat(), new.effective_from.isoformat()
        yield from _change(words.say("Takes effect"), before, after, words)
    yield from _holidays(old.holidays, new.holidays, words)


def _in_keeping(old: Rulebook, new: Rulebook, words: Wording) -> Iterator[str]:
    for kind in PassType:
        what = words.put("Kept of %(kind)s", kind=words.kind(kind))
        before, after = words.kept(old.kept_of(kind)), words.kept(new.kept_of(kind))
        yield from _change(what, before, after, words)


def _in_colours(
    old: Sequence[ColourRule], new: Sequence[ColourRule], words: Wording
) -> Iterator[str]:
    """Colour rules have no names: one that is said differently is another one."""
    before, after = _told_once(old, words), _told_once(new, words)
    for text, number in before.items():
        if text not in after:
            yield words.put("Colour rule %(number)s is gone: %(rule)s.", number=number, rule=text)
    for text, number in after.items():
        if text not in before:
            yield words.put("Colour rule %(number)s is new: %(rule)s.", number=number, rule=text)
    if [text for text in before if text in after] != [text for text in after if text in before]:
        rules = "; ".join(after)
        yield words.put("The colour rules are in another order: %(rules)s.", rules=rules)


def _told_once(colours: Sequence[ColourRule], words: Wording) -> dict[str, int]:
    """Return what the rules say with their numbers; one that comes again decides nothing."""
    told: dict[str, int] = {}
    for number, colour in enumerate(colours, start=1):
        told.setdefault(words.colour(colour), number)
    return told


@dataclass(frozen=True, slots=True)
class _Pair:
    """One rule in both rulebooks, with its places from 0."""

    old_place: int
    new_place: int
    old: Rule
    new: Rule


def _in_rules(old: Sequence[Rule], new: Sequence[Rule], words: Wording) -> Iterator[str]:
    pairs = _paired(old, new)
    kept, known = {pair.old_place for pair in pairs}, {pair.new_place for pair in pairs}
    for place, rule in enumerate(old):
        if place not in kept:
            which, does = _which(place, rule, words), words.sentence(rule)
            yield words.put("%(rule)s, is gone: it %(does)s.", rule=which, does=does)
    moved = _moved(pairs)
    for place, rule in enumerate(new):
        which = _which(place, rule, words)
        if place not in known:
            does = words.sentence(rule)
            yield words.put("%(rule)s, is new: it %(does)s.", rule=which, does=does)
            continue
        pair = next(pair for pair in pairs if pair.new_place == place)
        if place in moved:
            yield words.put(
                "%(rule)s, was rule %(number)s: the first that applies decides.",
                rule=which,
                number=pair.old_place + 1,
            )
        yield from _in_rule(which, pair.old, pair.new, words)


def _which(place: int, rule: Rule, words: Wording) -> str:
    return words.put("Rule %(number)s, “%(name)s”", number=place + 1, name=rule.name)


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


def _in_rule(which: str, old: Rule, new: Rule, words: Wording) -> Iterator[str]:
    for what, before, after in (
        ("name", old.name, new.name),
        ("outcome", words.does(old.outcome), words.does(new.outcome)),
        ("types", words.types(old), words.types(new)),
        ("formats", words.formats(old), words.formats(new)),
        ("units", words.units(old), words.units(new)),
        ("doors", words.ways(old), words.ways(new)),
        ("colours", words.colours(old), words.colours(new)),
        ("days", words.weekdays(old.schedule), words.weekdays(new.schedule)),
        ("hours", words.hours(old.schedule), words.hours(new.schedule)),
        ("holidays", words.holidays(old.schedule), words.holidays(new.schedule)),
    ):
        yield from _change(f"{which}: {words.say(what)}", before, after, words)


def _change(what: str, before: str, after: str, words: Wording) -> Iterator[str]:
    if before != after:
        yield words.put(
            "%(what)s: %(after)s, was %(before)s.", what=what, after=after, before=before
        )


def _holidays(old: Collection[object], new: Collection[object], words: Wording) -> Iterator[str]:
    for template, found in (
        ("Holidays: new: %(days)s.", set(new) - set(old)),
        ("Holidays: gone: %(days)s.", set(old) - set(new)),
    ):
        if found:
            yield words.put(template, days=", ".join(sorted(str(item) for item in found)))
