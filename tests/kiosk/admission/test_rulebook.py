"""A rulebook is taken whole or not at all, and every fault in it is told at once."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.admission.certainty import Certainty
from kiosk.admission.colour import ColourRule
from kiosk.admission.rulebook import Kept, Rule, Rulebook, Way
from kiosk.admission.rulebook_document import MAX_BYTES, RulebookError, parse_rulebook
from kiosk.admission.schedule import ALL_DAYS, Schedule, Span
from kiosk.admission.verdict import Outcome
from kiosk.instants import Interval
from kiosk.passes.certificate import Kind
from kiosk.passes.claims import PassType

FULL: dict[str, Any] = {
    "schema": "gapura-rulebook/1",
    "version": 9,
    "letter": "SE 9/2026",
    "effective_from": "2026-07-01T00:00:00+09:00",
    "site_kinds": ["pantai", "desa"],
    "trial": True,
    "rules": [
        {
            "name": "hijau",
            "types": ["certificate", "roster", "national"],
            "formats": ["HC1", "ROSTER"],
            "outcome": "deny",
            "units": [0, 65535],
            "ways": ["entry", "both"],
            "colours": ["hijau"],
            "days": ["mon", "sun"],
            "hours": ["07:30-16:00", "22:00-24:00"],
            "open_on_holidays": False,
        }
    ],
    "colours": [
        {
            "colour": "hijau",
            "kind": "vaccination",
            "doses_at_least": 2,
            "series_done": True,
            "negative": True,
            "age_at_least_days": 14,
            "age_at_most_days": 365,
        },
        {"colour": "kuning", "kind": "recovery"},
    ],
    "holidays": ["2026-08-17", "2026-12-25"],
    "capacity": 120,
    "pass_back": "off",
    "uncertain_clock": "deny",
    "stale_after_days": 30,
    "stale": "deny",
    "keeps": {"visitor": [], "employee": ["sub"], "certificate": ["cti"]},
}
RULE = {"name": "tamu", "types": ["visitor"], "formats": ["GPS1"], "outcome": "admit"}
DOCUMENT = {
    "schema": "gapura-rulebook/1",
    "version": 3,
    "letter": "SE 440/1/2026",
    "effective_from": "2026-01-05T00:00:00+07:00",
    "site_kinds": ["balai-kota"],
    "trial": True,
    "rules": [RULE],
}


_NO_HOURS = [
    "",
    "-",
    "07:30",
    "7:30-16:00",
    "07:30-16:00-17:00",
    "07.30-16.00",
    "07:30–16:00",
    "25:00-26:00",
    "07:60-08:00",
    "07:30-16:00 ",
    "0730Z-16:00",
    "T0730-16:00",
    "07+01-16:00",
    "07:30-16+00",
    "٠٧:٣٠-١٦:٠٠",
]


def _encoded(**changes: object) -> bytes:
    return json.dumps({**DOCUMENT, **changes}).encode()


def _faults(document: bytes) -> str:
    with pytest.raises(RulebookError) as caught:
        parse_rulebook(document)
    return str(caught.value)


def test_a_rulebook_is_read_as_it_was_written() -> None:
    rulebook = parse_rulebook(_encoded())
    assert (rulebook.version, rulebook.letter, rulebook.trial) == (3, "SE 440/1/2026", True)
    assert rulebook.effective_from == datetime(2026, 1, 4, 17, tzinfo=UTC)
    assert rulebook.site_kinds == {"balai-kota"}
    assert rulebook.rules == (
        Rule("tamu", frozenset({PassType.VISITOR}), frozenset({"GPS1"}), Outcome.ADMIT),
    )


def test_every_field_is_read() -> None:
    rulebook = parse_rulebook(json.dumps(FULL).encode())
    assert rulebook == Rulebook(
        version=9,
        letter="SE 9/2026",
        effective_from=datetime(2026, 6, 30, 15, tzinfo=UTC),
        site_kinds=frozenset({"pantai", "desa"}),
        trial=True,
        rules=(
            Rule(
                "hijau",
                frozenset({PassType.CERTIFICATE, PassType.ROSTER, PassType.NATIONAL}),
                frozenset({"HC1", "ROSTER"}),
                Outcome.DENY,
                frozenset({0, 65535}),
                frozenset({Way.ENTRY, Way.BOTH}),
                frozenset({"hijau"}),
                Schedule(
                    frozenset({0, 6}),
                    (Span(time(7, 30), time(16)), Span(time(22), time(0))),
                    open_on_holidays=False,
                ),
            ),
        ),
        colours=(
            ColourRule(*("hijau", Kind.VACCINATION, 2, True, True, 14, 365)),
            ColourRule("kuning", Kind.RECOVERY),
        ),
        holidays=frozenset({date(2026, 8, 17), date(2026, 12, 25)}),
        capacity=120,
        pass_back=False,
        uncertain_clock=Outcome.DENY,
        stale_after_days=30,
        stale=Outcome.DENY,
        keeps={
            PassType.VISITOR: frozenset(),
            PassType.EMPLOYEE: frozenset({Kept.SUB}),
            PassType.CERTIFICATE: frozenset({Kept.CTI}),
        },
    )


def test_every_word_of_every_list_is_understood() -> None:
    for word, outcome in (("admit", Outcome.ADMIT), ("deny", Outcome.DENY)):
        rulebook = parse_rulebook(_encoded(rules=[{**RULE, "outcome": word}]))
        assert rulebook.rules[0].outcome is outcome
    everything = {
        "types": [kind.name.lower() for kind in PassType],
        "formats": ["GPS1", "GPR1", "HC1", "ROSTER", "NATIONAL"],
        "ways": ["entry", "exit", "both"],
        "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    }
    rule = parse_rulebook(_encoded(rules=[{**RULE, **everything}])).rules[0]
    assert (rule.types, rule.ways) == (frozenset(PassType), frozenset(Way))
    assert (len(rule.formats), rule.schedule.days) == (5, ALL_DAYS)
    kinds = [{"colour": "x", "kind": kind} for kind in ("test", "vaccination", "recovery")]
    colours = parse_rulebook(_encoded(colours=kinds)).colours
    assert [colour.kind for colour in colours] == [Kind.TEST, Kind.VACCINATION, Kind.RECOVERY]


@pytest.mark.parametrize("at", ["0002-01-01T00:00:00+14:00", "9998-12-31T23:59:59-14:00"])
def test_a_rulebook_takes_effect_at_a_time_that_every_zone_has(at: str) -> None:
    effective_from = parse_rulebook(_encoded(effective_from=at)).effective_from
    for hours in (-14, 14):
        assert effective_from.astimezone(timezone(timedelta(hours=hours))) == effective_from


def test_what_may_be_left_out() -> None:
    rule = {"name": "petugas", "types": ["officer", "employee"], "outcome": "refer"}
    short = {key: DOCUMENT[key] for key in ("schema", "version", "letter", "effective_from")}
    rulebook = parse_rulebook(json.dumps({**short, "rules": [rule]}).encode())
    assert (rulebook.site_kinds, rulebook.trial) == (frozenset(), False)
    assert rulebook.rules[0].formats == {"GPS1", "GPR1", "HC1", "ROSTER", "NATIONAL"}
    assert rulebook.rules[0].types == {PassType.OFFICER, PassType.EMPLOYEE}
    assert rulebook.rules[0].schedule == Schedule()
    assert (rulebook.rules[0].units, rulebook.rules[0].ways) == (frozenset(), frozenset())
    assert (rulebook.colours, rulebook.holidays, rulebook.keeps) == ((), frozenset(), {})
    assert (rulebook.capacity, rulebook.stale_after_days) == (None, None)
    assert rulebook.pass_back
    assert (rulebook.uncertain_clock, rulebook.stale) == (Outcome.REFER, Outcome.REFER)


def test_bounds_of_a_colour_may_be_nought() -> None:
    noughts = {"doses_at_least": 0, "age_at_least_days": 0, "age_at_most_days": 0}
    colours = [{"colour": "x", "kind": "vaccination", **noughts}]
    (colour,) = parse_rulebook(_encoded(colours=colours)).colours
    assert colour == ColourRule(
        "x", Kind.VACCINATION, doses_at_least=0, age_at_least_days=0, age_at_most_days=0
    )


def test_empty_lists_of_units_ways_colours_and_hours_are_all_of_them() -> None:
    empty: dict[str, object] = {"units": [], "ways": [], "colours": [], "hours": []}
    assert parse_rulebook(_encoded(rules=[{**RULE, **empty}])) == parse_rulebook(_encoded())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("schema", "gapura-rulebook/2"),
        ("schema", None),
        ("version", 0),
        ("version", -1),
        ("version", True),
        ("version", "3"),
        ("version", 3.0),
        ("version", 2**63),
        ("letter", ""),
        ("letter", None),
        ("letter", ["SE"]),
        ("effective_from", None),
        ("effective_from", 0),
        ("effective_from", ""),
        ("effective_from", "2026-01-05"),
        ("effective_from", "2026-01-05T00:00:00"),
        ("effective_from", "2026-13-05T00:00:00+07:00"),
        ("effective_from", "\ud800"),
        ("effective_from", "0001-12-31T23:59:59+00:00"),
        ("effective_from", "9999-01-01T00:00:00+00:00"),
        ("site_kinds", "balai-kota"),
        ("site_kinds", [1]),
        ("site_kinds", None),
        ("trial", 1),
        ("trial", None),
        ("rules", []),
        ("rules", None),
        ("rules", {}),
        ("rules", [RULE] * 501),
        ("colours", {}),
        ("colours", None),
        ("holidays", "2026-08-17"),
        ("holidays", ["17-08-2026"]),
        ("holidays", ["2026-02-30"]),
        ("holidays", [20260817]),
        ("capacity", 0),
        ("capacity", None),
        ("capacity", 1_000_001),
        ("pass_back", True),
        ("pass_back", "hard"),
        ("uncertain_clock", "admit"),
        ("uncertain_clock", None),
        ("stale", "admit"),
        ("stale_after_days", 0),
        ("stale_after_days", None),
        ("stale_after_days", 1.5),
        ("keeps.", []),
        ("keeps.", {"passer_by": []}),
        ("keeps.visitor", {"visitor": ["name"]}),
        ("keeps.visitor", {"visitor": "sub"}),
        ("keeps.visitor", {"visitor": None}),
    ],
)
def test_a_fault_is_told_with_its_place(key: str, value: object) -> None:
    name = key.partition(".")[0]
    assert key in _faults(_encoded(**{name: value}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", ""),
        ("name", None),
        ("types", []),
        ("types", ["tamu"]),
        ("types", "visitor"),
        ("types", [["visitor"]]),
        ("formats", ["GPR9"]),
        ("formats", "GPS1"),
        ("formats", None),
        ("outcome", "hijau"),
        ("outcome", None),
        ("outcome", ["admit"]),
        ("units", [-1]),
        ("units", [65_536]),
        ("units", [True]),
        ("units", 7),
        ("ways", ["in"]),
        ("ways", "entry"),
        ("colours", ["hijau"]),
        ("colours", [1]),
        ("days", ["senin"]),
        ("days", "mon"),
        ("days", []),
        ("hours", "07:30-16:00"),
        ("hours", [730]),
        *(("hours", [text]) for text in _NO_HOURS),
        ("open_on_holidays", "no"),
    ],
)
def test_a_fault_in_a_rule_is_told_with_its_place(key: str, value: object) -> None:
    told = _faults(_encoded(rules=[RULE, {**RULE, key: value}]))
    assert f"rules[1].{key}:" in told.replace("rules[1].colours: no rule", "rules[1].colours:")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("colour", ""),
        ("colour", None),
        ("kind", "virus"),
        ("kind", None),
        ("doses_at_least", -1),
        ("doses_at_least", 100),
        ("doses_at_least", None),
        ("series_done", 1),
        ("negative", "yes"),
        ("age_at_least_days", -1),
        ("age_at_most_days", 36_501),
        ("age_at_most_days", None),
    ],
)
def test_a_fault_in_a_colour_is_told_with_its_place(key: str, value: object) -> None:
    colour = {"colour": "hijau", "kind": "test"}
    told = _faults(_encoded(colours=[colour, {**colour, key: value}, {**colour, "shade": 1}]))
    assert f"colours[1].{key}: " in told
    assert "colours[2].unknown keys: ['shade']" in told


def test_hours_end_at_midnight_in_two_spellings() -> None:
    for text in ("22:00-24:00", "22:00-00:00"):
        rule = parse_rulebook(_encoded(rules=[{**RULE, "hours": [text]}])).rules[0]
        assert rule.schedule.spans == (Span(time(22), time(0)),)


def test_all_faults_are_told_at_once() -> None:
    rules = ["deny", {"name": "", "types": ["x"], "outcome": "red"}, {**RULE, "colour": "red"}]
    told = _faults(_encoded(version=0, letter="", trial=2, rules=rules, color=1, schema=""))
    for place in (
        *("version", "letter", "trial", "schema", "color", "rules[0]"),
        *("rules[1].name", "rules[1].types", "rules[1].outcome", "rules[2]", "colour"),
    ):
        assert place in told
    told = _faults(_encoded(rules=7, version=0, effective_from="soon"))
    assert all(place in told for place in ("rules: ", "version: ", "effective_from: "))


def test_faults_are_told_one_by_one_as_well() -> None:
    """Each in its own line of a form."""
    with pytest.raises(RulebookError) as caught:
        parse_rulebook(_encoded(version=0, letter=""))
    assert [fault.partition(":")[0] for fault in caught.value.faults] == ["version", "letter"]
    assert str(caught.value) == "; ".join(caught.value.faults)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"\xff\xfe",
        b"\xff\xff\xff",
        b"[]",
        b"null",
        b"NaN",
        b'"text"',
        b"{",
        b"[" * 100_000,
        b'{"version": ' + b"9" * 5000 + b"}",
        b"\x00" * 9,
        _encoded().replace(b"3", b"1e999"),
    ],
)
def test_what_is_no_rulebook_at_all(document: bytes) -> None:
    assert _faults(document)


def test_a_key_said_twice_is_a_fault() -> None:
    """Readers of JSON differ in which of the two they take: a person reads the first."""
    twice = _encoded().replace(b'"outcome": "admit"', b'"outcome": "deny", "outcome": "admit"')
    assert "outcome" in _faults(twice)


def test_a_document_of_more_than_it_may_have_is_refused() -> None:
    assert str(MAX_BYTES) in _faults(_encoded() + b" " * MAX_BYTES)
    document = _encoded()
    assert parse_rulebook(document + b" " * (MAX_BYTES - len(document))).version == 3


def test_another_encoding_of_the_same_text_is_the_same_rulebook() -> None:
    text = _encoded().decode()
    assert parse_rulebook(text.encode("utf-16")) == parse_rulebook(text.encode())


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["visitor", "GPS1", "admit", "2026-01-05T00:00:00+07:00"]),
    lambda items: (
        st.lists(items, max_size=3) | st.dictionaries(st.text(max_size=5), items, max_size=3)
    ),
    max_leaves=6,
)
keys = st.sampled_from(list(FULL))
in_rules = st.sampled_from(list(FULL["rules"][0]))


@settings(deadline=None)
@given(
    st.dictionaries(keys, json_values, max_size=3),
    st.dictionaries(in_rules, json_values, max_size=3),
)
def test_any_value_in_any_place_is_taken_or_told(
    changes: dict[str, object], in_rule: dict[str, object]
) -> None:
    document = json.dumps({**FULL, "rules": [{**FULL["rules"][0], **in_rule}], **changes}).encode()
    try:
        rulebook = parse_rulebook(document)
    except RulebookError as error:
        told: str | None = str(error)
    else:
        told = None
        assert rulebook.version > 0
        assert rulebook.effective_from.tzinfo is not None
        assert len(rulebook.rules) == len(json.loads(document)["rules"])
    assert told != ""


@settings(deadline=None)
@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_refused_without_another_error(document: bytes) -> None:
    assert _faults(document)


def test_rules_that_were_taken_can_be_asked_at_any_time() -> None:
    """What the parser lets through must not stop the door: hours above all."""
    for text in ("00:00-00:00", "23:59-00:01", "24:00-24:00", "07:30-07:30"):
        rule = parse_rulebook(_encoded(rules=[{**RULE, "hours": [text]}])).rules[0]
        assert rule.schedule.holds(Interval(0, 2**36), UTC, frozenset()) in Certainty
        assert rule.schedule.holds(Interval(2**40, 2**40), UTC, frozenset()) in Certainty
