"""A person reads in a few sentences what a new rulebook changes, and nothing is left out."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.admission.difference import difference
from kiosk.admission.rulebook import Kept, Rule, Rulebook
from kiosk.admission.rulebook_document import parse_rulebook
from kiosk.admission.schedule import Span
from kiosk.passes.claims import PassType
from tests.kiosk.admission.test_schema import DOCUMENTS

_DOCUMENT: dict[str, Any] = {
    "schema": "gapura-rulebook/1",
    "version": 1,
    "letter": "SE 1",
    "effective_from": "2026-01-05T00:00:00+07:00",
    "rules": [
        {"name": "Petugas", "types": ["officer"], "outcome": "admit"},
        {"name": "Tamu", "types": ["visitor"], "outcome": "admit"},
        {"name": "Lainnya", "types": ["employee", "roster"], "outcome": "refer"},
    ],
    "colours": [
        {"colour": "hijau", "kind": "vaccination", "series_done": True},
        {"colour": "kuning", "kind": "test", "negative": True, "age_at_most_days": 2},
    ],
    "holidays": ["2026-12-25"],
}


_BOUND = {
    "colour": "merah",
    "kind": "vaccination",
    "doses_at_least": 2,
    "age_at_least_days": 14,
}
_BOUNDS_TOLD = "doses at least 2, age in days at least 14"
_COLOURS_TURNED = (
    "The colour rules are in another order: kuning by test, negative, age in days at most 2; "
    "hijau by vaccination, series done."
)


def _book(**changes: Any) -> Rulebook:
    return parse_rulebook(json.dumps({**_DOCUMENT, **changes}).encode())


def _rules(*changed: dict[str, Any]) -> Rulebook:
    """Return a rulebook in which the second rule is another, or several."""
    first, second, third = _DOCUMENT["rules"]
    return _book(rules=[first, *({**second, **one} for one in changed), third])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"letter": "SE 2"}, "Letter: SE 2, was SE 1."),
        ({"site_kinds": ["museum", "balai"]}, "Site kinds: balai, museum, was every kind."),
        ({"trial": True}, "Trial phase: yes, was no."),
        ({"capacity": 80}, "Capacity: 80, was no limit."),
        ({"pass_back": "off"}, "Pass-back: off, was soft."),
        ({"uncertain_clock": "deny"}, "Where the time is uncertain: denies, was refers."),
        ({"stale_after_days": 14}, "Stale after: 14 days, was never."),
        ({"stale": "deny"}, "Where it is stale: denies, was refers."),
        (
            {"effective_from": "2026-01-05T00:00:00+08:00"},
            "Takes effect: 2026-01-05T00:00:00+08:00, was 2026-01-05T00:00:00+07:00.",
        ),
        ({"holidays": ["2026-12-25", "2026-08-17"]}, "Holidays: new: 2026-08-17."),
        ({"holidays": []}, "Holidays: gone: 2026-12-25."),
        (
            {"holidays": ["2026-12-25", "2026-08-17", "2026-05-01"]},
            "Holidays: new: 2026-05-01, 2026-08-17.",
        ),
        ({"keeps": {"visitor": ["cti"]}}, "Kept of visitor: cti, was sub, cti."),
        ({"keeps": {"visitor": []}}, "Kept of visitor: nothing, was sub, cti."),
        (
            {"colours": _DOCUMENT["colours"][:1]},
            "Colour rule 2 is gone: kuning by test, negative, age in days at most 2.",
        ),
        (
            {"colours": [*_DOCUMENT["colours"], {"colour": "merah", "kind": "recovery"}]},
            "Colour rule 3 is new: merah by recovery.",
        ),
        (
            {"colours": [*_DOCUMENT["colours"], _BOUND]},
            f"Colour rule 3 is new: merah by vaccination, {_BOUNDS_TOLD}.",
        ),
        ({"colours": _DOCUMENT["colours"][::-1]}, _COLOURS_TURNED),
    ],
)
def test_a_change_is_told_in_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    assert difference(_book(), _book(**changes)) == [sentence]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"outcome": "deny"}, "outcome: denies, was admits."),
        ({"name": "Tamu harian"}, "name: Tamu harian, was Tamu."),
        ({"types": ["visitor", "national"]}, "types: visitor, national, was visitor."),
        ({"formats": ["GPS1"]}, "formats: GPS1, was GPR1, GPS1, HC1, NATIONAL, ROSTER."),
        ({"units": [7, 3]}, "units: 3, 7, was every unit."),
        ({"ways": ["exit"]}, "doors: exit, was every."),
        ({"colours": ["hijau"]}, "colours: hijau, was any."),
        ({"days": ["tue", "mon"]}, "days: mon, tue, was mon, tue, wed, thu, fri, sat, sun."),
        ({"hours": ["07:30-16:00"]}, "hours: 07:30-16:00, was all."),
        (
            {"hours": ["07:30-12:00", "13:00-16:00"]},
            "hours: 07:30-12:00, 13:00-16:00, was all.",
        ),
        ({"ways": ["exit", "entry"]}, "doors: entry, exit, was every."),
        ({"open_on_holidays": False}, "holidays: closed, was as on other days."),
    ],
)
def test_a_rule_that_changed_is_told_part_by_part(change: dict[str, Any], sentence: str) -> None:
    name = change.get("name", "Tamu")
    assert difference(_book(), _rules(change)) == [f"Rule 2, “{name}”: {sentence}"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"trial": True}, "Trial phase: no, was yes."),
        ({"capacity": 80}, "Capacity: no limit, was 80."),
        ({"pass_back": "off"}, "Pass-back: soft, was off."),
        ({"stale_after_days": 7}, "Stale after: never, was 7 days."),
        ({"keeps": {"visitor": ["cti"]}}, "Kept of visitor: sub, cti, was cti."),
    ],
)
def test_a_change_back_is_told_as_well(changes: dict[str, Any], sentence: str) -> None:
    assert difference(_book(**changes), _book()) == [sentence]


def test_rules_come_and_go() -> None:
    """With all that they say."""
    full = {
        "name": "Malam",
        "formats": ["GPS1"],
        "units": [7],
        "ways": ["entry"],
        "colours": ["hijau"],
        "days": ["sat"],
        "hours": ["20:00-24:00"],
        "open_on_holidays": False,
    }
    said = (
        "it admits visitor, in the formats GPS1, of units 7, at entry doors, coloured hijau, "
        "on sat, at 20:00-00:00, not on holidays."
    )
    assert difference(_book(), _rules({}, full)) == [f"Rule 3, “Malam”, is new: {said}"]
    assert difference(_rules({}, full), _book()) == [f"Rule 3, “Malam”, is gone: {said}"]


def test_of_a_rule_for_everything_no_more_is_said_than_whom_it_is_about() -> None:
    assert difference(_book(), _rules({}, {"name": "Lagi"})) == [
        "Rule 3, “Lagi”, is new: it admits visitor."
    ]


def test_several_rules_come_at_once() -> None:
    assert difference(_book(), _rules({"name": "Satu"}, {}, {"name": "Dua"})) == [
        "Rule 2, “Satu”, is new: it admits visitor.",
        "Rule 4, “Dua”, is new: it admits visitor.",
    ]


def test_where_nothing_is_as_it_was_all_goes_and_all_comes() -> None:
    other = {"name": "Semua", "types": ["certificate"], "outcome": "deny"}
    told = difference(_book(), _book(rules=[other]))
    assert [sentence.split(":")[0] for sentence in told] == [
        *("Rule 1, “Petugas”, is gone", "Rule 2, “Tamu”, is gone", "Rule 3, “Lainnya”, is gone"),
        "Rule 1, “Semua”, is new",
    ]


def test_a_rule_for_no_format_is_told_so() -> None:
    """A document cannot say that, a rulebook made otherwise can."""
    book = _book()
    none = replace(book, rules=(replace(book.rules[0], formats=frozenset()), *book.rules[1:]))
    (told,) = difference(book, none)
    assert told.startswith("Rule 1, “Petugas”: formats: none, was ")


@pytest.mark.parametrize(
    ("order", "moved"),
    [((1, 2, 0), "Rule 3, “Petugas”, was rule 1"), ((1, 0, 2), "Rule 2, “Petugas”, was rule 1")],
)
def test_a_rule_that_moved_is_told_alone(order: tuple[int, ...], moved: str) -> None:
    """The others stay where they were to each other."""
    rules = _DOCUMENT["rules"]
    there = _book(rules=[rules[place] for place in order])
    assert difference(_book(), there) == [f"{moved}: the first that applies decides."]


def test_rules_of_one_name_are_told_apart_by_what_they_say() -> None:
    old = _rules({"days": ["mon"]}, {"days": ["tue"]})
    assert difference(old, _rules({"days": ["tue"]})) == [
        "Rule 2, “Tamu”, is gone: it admits visitor, on mon."
    ]


def _in_effect(rulebook: Rulebook) -> Rulebook:
    """Return what decides: what says nothing, or says it twice, is left out."""
    keeps = {kind: rulebook.kept_of(kind) for kind in PassType}
    return replace(rulebook, version=1, keeps=keeps, colours=tuple(dict.fromkeys(rulebook.colours)))


@given(DOCUMENTS, DOCUMENTS, st.data())
@settings(max_examples=200, deadline=None)
def test_nothing_different_is_nothing_to_tell_and_the_other_way_round(
    one: dict[str, Any], other: dict[str, Any], data: st.DataObject
) -> None:
    """Whatever part of a rulebook becomes that of another."""
    mixed = deepcopy(one)
    for key in data.draw(st.sets(st.sampled_from(sorted(other)))):
        mixed[key] = other[key]
    old, new = (parse_rulebook(json.dumps(each).encode()) for each in (one, mixed))
    assert (difference(old, new) == []) is (_in_effect(old) == _in_effect(new))
    assert difference(old, old) == []


@given(DOCUMENTS, st.data())
@settings(max_examples=200, deadline=None)
def test_no_part_of_a_rule_changes_silently(document: dict[str, Any], data: st.DataObject) -> None:
    """One thing in one rule."""
    old = parse_rulebook(json.dumps(document).encode())
    place = data.draw(st.integers(0, len(old.rules) - 1))
    rule = old.rules[place]
    changed: list[Rule] = [
        replace(rule, name=f"{rule.name}?"),
        replace(rule, units=rule.units ^ {7}),
        replace(rule, types=rule.types ^ {PassType.NATIONAL}),
        replace(rule, schedule=replace(rule.schedule, spans=(Span(time(1), time(2)),))),
    ]
    after = data.draw(st.sampled_from([one for one in changed if one != rule]))
    new = replace(old, rules=(*old.rules[:place], after, *old.rules[place + 1 :]))
    assert difference(old, new) != []


def test_every_kind_of_memory_has_its_word() -> None:
    """So that what is kept of people is never told wrongly."""
    kept = _book(keeps={"visitor": [member.value for member in Kept]})
    assert difference(_book(), kept) == []
