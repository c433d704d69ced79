"""A rulebook is taken whole or not at all, and every fault in it is told at once."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.admission.rulebook import Rule
from kiosk.admission.rulebook_document import MAX_BYTES, RulebookError, parse_rulebook
from kiosk.admission.verdict import Outcome
from kiosk.passes.claims import PassType

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


def test_what_may_be_left_out() -> None:
    rule = {"name": "petugas", "types": ["officer", "employee"], "outcome": "refer"}
    short = {key: DOCUMENT[key] for key in ("schema", "version", "letter", "effective_from")}
    rulebook = parse_rulebook(json.dumps({**short, "rules": [rule]}).encode())
    assert (rulebook.site_kinds, rulebook.trial) == (frozenset(), False)
    assert rulebook.rules[0].formats == {"GPS1"}
    assert rulebook.rules[0].types == {PassType.OFFICER, PassType.EMPLOYEE}


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
        ("site_kinds", "balai-kota"),
        ("site_kinds", [1]),
        ("site_kinds", None),
        ("trial", 1),
        ("trial", None),
        ("rules", []),
        ("rules", None),
        ("rules", {}),
    ],
)
def test_a_fault_is_told_with_its_place(key: str, value: object) -> None:
    assert f"{key}: " in _faults(_encoded(**{key: value}))


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
    ],
)
def test_a_fault_in_a_rule_is_told_with_its_place(key: str, value: object) -> None:
    assert f"rules[1].{key}: " in _faults(_encoded(rules=[RULE, {**RULE, key: value}]))


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
keys = st.sampled_from(list(DOCUMENT))


@given(
    st.dictionaries(keys, json_values), st.dictionaries(st.sampled_from(list(RULE)), json_values)
)
def test_any_value_in_any_place_is_taken_or_told(
    changes: dict[str, object], in_rule: dict[str, object]
) -> None:
    document = json.dumps({**DOCUMENT, "rules": [{**RULE, **in_rule}], **changes}).encode()
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


@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_refused_without_another_error(document: bytes) -> None:
    assert _faults(document)
