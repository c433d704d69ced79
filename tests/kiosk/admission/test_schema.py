"""The JSON Schema takes what the parser takes, and refuses what the parser refuses.

Three things a schema cannot say, or says otherwise, are kept out of the generated documents: that
a rule's colours are derived by the rulebook, that no key comes twice, and 3.0 for 3. The schema
takes times as RFC 3339 writes them; the parser takes other spellings of ISO 8601 too.
"""

import json
import re
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import (  # type: ignore[import-untyped]
    Draft202012Validator,
    FormatChecker,
)

from kiosk.admission import rulebook_document
from kiosk.admission.rulebook_document import RulebookError, parse_rulebook

_ROOT = Path(__file__).parents[3]
SCHEMA = json.loads(Path(rulebook_document.__file__).with_name("rulebook.schema.json").read_text())
_FORMATS = FormatChecker(formats=())
_TYPES = ("visitor", "site_card", "employee", "officer", "certificate", "roster", "national")
_COLOURS = ("hijau", "kuning", "merah", "hitam")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@_FORMATS.checks("date", ValueError)  # type: ignore[untyped-decorator]
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@_FORMATS.checks("date-time", ValueError)  # type: ignore[untyped-decorator]
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


_VALIDATOR = Draft202012Validator(SCHEMA, format_checker=_FORMATS)


def _schema_takes(document: Any) -> bool:
    return bool(_VALIDATOR.is_valid(document))


def _parser_takes(document: Any) -> bool:
    try:
        parse_rulebook(json.dumps(document).encode())
    except RulebookError:
        return False
    return True


def _some(names: tuple[str, ...], least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), min_size=least, max_size=4)


_text = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
_clock = st.times().map(lambda at: at.isoformat("minutes")) | st.just("24:00")
_hours = st.tuples(_clock, _clock).map("-".join)
_instants = st.tuples(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)).map(  # noqa: DTZ001
        lambda at: at.isoformat(timespec="seconds")
    ),
    st.sampled_from(("Z", "+07:00", "-11:30", ".25+00:00")),
).map("".join)
_dates = st.dates().map(date.isoformat)

RULES = st.fixed_dictionaries(
    {
        "name": _text,
        "types": _some(_TYPES, 1),
        "outcome": st.sampled_from(("admit", "deny", "refer")),
    },
    optional={
        "formats": _some(("GPS1", "GPR1", "HC1", "ROSTER", "NATIONAL"), 1),
        "units": st.lists(st.integers(0, 65535), max_size=3),
        "ways": _some(("entry", "exit", "both")),
        "colours": _some(_COLOURS),
        "days": _some(_DAYS, 1),
        "hours": st.lists(_hours, max_size=2),
        "open_on_holidays": st.booleans(),
    },
)
COLOURS = st.fixed_dictionaries(
    {
        "colour": st.sampled_from(_COLOURS),
        "kind": st.sampled_from(("test", "vaccination", "recovery")),
    },
    optional={
        "doses_at_least": st.integers(0, 99),
        "series_done": st.booleans(),
        "negative": st.booleans(),
        "age_at_least_days": st.integers(0, 36_500),
        "age_at_most_days": st.integers(0, 36_500),
    },
)
# Every colour is derived, so that no rule names one that is not.
_ALL_COLOURS = [{"colour": colour, "kind": "test"} for colour in _COLOURS]
DOCUMENTS = st.fixed_dictionaries(
    {
        "schema": st.just("gapura-rulebook/1"),
        "version": st.integers(1, 2**63 - 1),
        "letter": _text,
        "effective_from": _instants,
        "rules": st.lists(RULES, min_size=1, max_size=4),
        "colours": st.lists(COLOURS, max_size=4).map(lambda some: [*some, *_ALL_COLOURS]),
    },
    optional={
        "site_kinds": st.lists(_text, max_size=3),
        "trial": st.booleans(),
        "holidays": st.lists(_dates, max_size=3),
        "capacity": st.integers(1, 1_000_000),
        "pass_back": st.sampled_from(("soft", "off")),
        "uncertain_clock": st.sampled_from(("deny", "refer")),
        "stale_after_days": st.integers(1, 36_500),
        "stale": st.sampled_from(("deny", "refer")),
        "keeps": st.dictionaries(st.sampled_from(_TYPES), _some(("sub", "cti"))),
    },
)
_SPOILERS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 70_000),
    st.sampled_from((0, 2**63, 1_000_001, 36_501, 100, 0.5)),
    st.sampled_from(("", "admit", "visitor", "hijau", "x" * 500, "x" * 501, "soft", "deny")),
    st.sampled_from(("07:30-16:00\n", "7:30-16:00", "07:30-25:00", "24:01-07:00", "0730Z-16:00")),
    st.sampled_from(("2026-12-25", "2026-02-30", "2027-02-29", "2026-13-01", "0000-01-01")),
    st.sampled_from(("0001-12-31T23:59:59Z", "0002-01-01T00:00:00+14:00", "9999-01-01T00:00:00Z")),
    st.sampled_from(("2026-01-05T00:00:00", "2026-01-05T24:00:00Z", "2026-01-05T00:00:00+07:00\n")),
    st.just([]),
    st.just({}),
    st.lists(st.sampled_from(("admit", "", "visitor", "mon", "sub", 7, None)), max_size=2),
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        found += [place for key in value for place in _places(value[key], (*path, key))]
    if isinstance(value, list):
        found += [place for n, item in enumerate(value) for place in _places(item, (*path, n))]
    return found


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    """Return a document in which one value is another, gone, or one too many."""
    # A copy: parts of what is drawn are constants, and would stay spoilt for all later examples.
    document: dict[str, Any] = deepcopy(draw(DOCUMENTS))
    place = draw(st.sampled_from([one for one in _places(document) if one]))
    holder: Any = document
    for step in place[:-1]:
        holder = holder[step]
    match draw(st.sampled_from(("other", "gone", "more"))):
        case "other":
            holder[place[-1]] = draw(_SPOILERS)
        case "gone":
            del holder[place[-1]]
        case _ if isinstance(holder, dict):
            known = st.sampled_from(("trial", "units", "negative", "visitor", "colour"))
            holder[draw(known | _text)] = draw(_SPOILERS)
        case _:
            holder.append(draw(_SPOILERS))
    return document


def _derives_its_colours(document: Any) -> bool:
    """Say whether no rule names a colour that the rulebook does not derive."""
    derived = {item.get("colour") for item in document.get("colours", []) if isinstance(item, dict)}
    rules = [rule for rule in document.get("rules", []) if isinstance(rule, dict)]
    return all(
        name in derived
        for rule in rules
        if isinstance(rule.get("colours", []), list)
        for name in rule.get("colours", [])
    )


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@given(DOCUMENTS)
@settings(max_examples=300, deadline=None)
def test_both_take_every_rulebook(document: dict[str, Any]) -> None:
    assert [error.message for error in _VALIDATOR.iter_errors(document)] == []
    assert _parser_takes(document)


@given(spoilt())
@settings(max_examples=1500, deadline=None)
def test_both_say_the_same_of_a_spoilt_rulebook(document: Any) -> None:
    lists = [document.get(key, []) for key in ("colours", "rules")]
    takes = _schema_takes(document)
    if takes and all(isinstance(items, list) for items in lists):
        takes = _derives_its_colours(document)
    assert takes is _parser_takes(document)


@given(_SPOILERS | st.lists(_SPOILERS))
def test_both_refuse_what_is_no_object(document: Any) -> None:
    assert not _schema_takes(document)
    assert not _parser_takes(document)


def test_an_editor_finds_every_field_explained() -> None:
    named = [SCHEMA["properties"], *(one["properties"] for one in SCHEMA["$defs"].values())]
    explained = [part for part in named[:3] for part in part.values() if "$ref" not in part]
    assert all(part.get("description") or "const" in part for part in explained)


@pytest.mark.parametrize("part", ["rulebook", "rule", "colour", "keeps"])
def test_every_field_is_in_the_reference(part: str) -> None:
    """Each has a row of its own in the reference page."""
    page = (_ROOT / "docs" / "reference" / "rulebook.md").read_text()
    schema = SCHEMA if part == "rulebook" else SCHEMA["$defs"][part]
    for name in schema["properties"]:
        where = page.partition("### `keeps`")[2] if part == "keeps" else page
        assert f'"{name}"' in where if part == "keeps" else f"| `{name}` |" in where, name


def test_every_example_in_the_reference_is_a_rulebook() -> None:
    """Somebody will copy them."""
    page = (_ROOT / "docs" / "reference" / "rulebook.md").read_text()
    whole = [json.loads(text) for text in re.findall(r"```json\n(\{.+?\n\})\n```", page, re.DOTALL)]
    assert whole
    for document in whole:
        assert _schema_takes(document)
        assert _parser_takes(document)


def test_the_schema_is_as_strict_as_it_says() -> None:
    """What it leaves to the parser, and nothing else."""
    document: dict[str, Any] = {
        "schema": "gapura-rulebook/1",
        "version": 1,
        "letter": "SE 1",
        "effective_from": "2026-01-05T00:00:00+07:00",
        "rules": [{"name": "tamu", "types": ["visitor"], "outcome": "admit"}],
    }
    coloured = deepcopy(document)
    coloured["rules"] = [{**document["rules"][0], "colours": ["hijau"]}]
    for takes_more in (coloured, {**document, "version": 1.0}):
        assert _schema_takes(takes_more)
        assert not _parser_takes(takes_more)
    spelt = {**document, "effective_from": "2026-01-05T00:00+07:00"}
    assert _parser_takes(spelt)
    assert not _schema_takes(spelt)
