"""A fault says where it is and what would be right; what has one gives what does no harm."""

import json
from typing import Any

import pytest

from kiosk.admission.faults import Faults, Reader
from kiosk.admission.rulebook_document import RulebookError, parse_rulebook

DOCUMENT: dict[str, Any] = {
    "schema": "gapura-rulebook/1",
    "version": 3,
    "letter": "SE 440/1/2026",
    "effective_from": "2026-01-05T00:00:00+07:00",
    "rules": [{"name": "tamu", "types": ["visitor"], "outcome": "admit"}],
}


def _told(**changes: Any) -> str:
    with pytest.raises(RulebookError) as caught:
        parse_rulebook(json.dumps({**DOCUMENT, **changes}).encode())
    return str(caught.value)


def _rule(**changes: Any) -> dict[str, Any]:
    return {"rules": [{**DOCUMENT["rules"][0], **changes}]}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"letter": 7}, "letter: must be text of 1 to 500 characters"),
        ({"trial": 0}, "trial: must be true or false"),
        ({"version": 0}, "version: must be a number from 1 to 9223372036854775807"),
        ({"site_kinds": "x"}, "site_kinds: must be a list of texts"),
        ({"stale": "admit"}, "stale: must be one of ['deny', 'refer']"),
        ({"extra": 1}, "unknown keys: ['extra']"),
        ({"holidays": ["soon"]}, "holidays: must be 2026-12-25"),
        ({"rules": 7}, "rules: must be a list of at most 500"),
        ({"rules": [7]}, "rules[0].must be an object"),
        ({"rules": []}, "rules: must be a list of at least one rule"),
        (_rule(units=[-1]), "rules[0].units: must be a list of numbers from 0 to 65535"),
        (_rule(ways=["in"]), "rules[0].ways: ['in'] is not among ['both', 'entry', 'exit']"),
        (_rule(hours=["8-4"]), 'rules[0].hours: must be hours as "07:30-16:00"'),
        (_rule(types=[]), "rules[0].types: must name some"),
        (_rule(days=[]), "rules[0].days: must name some, or be left out"),
        (_rule(formats=[]), "rules[0].formats: must name some, or be left out"),
        (_rule(colours=["x"]), "rules[0].colours: no rule of `colours` gives ['x']"),
        (
            {"effective_from": "soon"},
            "effective_from: must be a time with its offset, of a year from 0002 to 9998",
        ),
    ],
)
def test_a_person_is_told_what_would_be_right(changes: dict[str, Any], told: str) -> None:
    assert told in _told(**changes).split("; ")


def test_a_text_has_one_to_500_characters() -> None:
    for letter in ("x", "x" * 500):
        assert parse_rulebook(json.dumps({**DOCUMENT, "letter": letter}).encode()).letter == letter
    for letter in ("", "x" * 501):
        assert "letter" in _told(letter=letter)


def test_a_number_may_be_any_of_those_that_are_said() -> None:
    for name, least, most in (
        ("version", 1, 2**63 - 1),
        ("capacity", 1, 1_000_000),
        ("stale_after_days", 1, 36_500),
    ):
        for number in (least, most):
            read = parse_rulebook(json.dumps({**DOCUMENT, name: number}).encode())
            assert getattr(read, name) == number
        for number in (least - 1, most + 1):
            assert f"{name}: must be a number from {least} to {most}" in _told(**{name: number})


def test_there_are_at_most_500_rules() -> None:
    rules = DOCUMENT["rules"] * 501
    assert len(parse_rulebook(json.dumps({**DOCUMENT, "rules": rules[1:]}).encode()).rules) == 500
    assert _told(rules=rules).startswith("rules: must be a list of at most 500")


@pytest.mark.parametrize("wrong", [[], {}, [[]], None, 7])
def test_what_is_of_another_type_is_a_fault_and_no_other_error(wrong: Any) -> None:
    """What stands in a set of names, or is looked up in one, must be text."""
    assert "colours[0].colour" in _told(colours=[{"colour": wrong, "kind": "test"}])
    assert "colours[0].kind" in _told(colours=[{"colour": "x", "kind": wrong}])
    assert "rules[0].outcome" in _told(**_rule(outcome=wrong))
    assert "rules[0].name" in _told(**_rule(name=wrong))
    if wrong != []:
        assert "rules[0].types" in _told(**_rule(types=wrong))
        assert "rules[0].colours" in _told(**_rule(colours=wrong))


def test_what_has_a_fault_gives_something_of_the_right_type() -> None:
    faults = Faults()
    reader = Reader({"a": []}, "here.", faults)
    assert (reader.text("a"), reader.number("a", 3, 5), reader.flag("a", default=True)) == (
        *("", 3),
        False,
    )
    assert (reader.numbers("b", 0, 9), reader.texts("b", default=["x"])) == ([], ["x"])
    assert reader.choice("a", {"x": 1, "y": 2}) == 1
    assert reader.parsed("a", int, " must be a whole number") is None
    assert faults.found == [
        "here.a: must be text of 1 to 500 characters",
        "here.a: must be a number from 3 to 5",
        "here.a: must be true or false",
        "here.a: must be one of ['x', 'y']",
        "here.a: must be a whole number",
    ]
