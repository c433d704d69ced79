"""A certificate says what a rulebook may ask, whoever wrote it, and is refused where it cannot."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import cbor2
import pytest

from kiosk.passes import certificate_schema
from kiosk.passes.certificate import (
    Certificate,
    HealthCertificatePass,
    InfectionTest,
    Kind,
    Recovery,
    SignerTerm,
    Vaccination,
)
from kiosk.passes.foreign_cbor import MAX_DEPTH, decode
from kiosk.passes.format import Format
from kiosk.passes.hcert import fits_schema, read_certificate
from sync.wire.errors import Malformed
from tests.kiosk.passes.health_issuer import (
    EXPIRES_S,
    ISSUED_S,
    RECOVERY,
    TEST,
    VACCINATION,
    claims,
    content,
)


def read(**groups: Any) -> Certificate:
    return read_certificate(cbor2.dumps(claims(**groups)))


def with_claims(**changed: Any) -> bytes:
    changes = {int(name.removeprefix("c")): value for name, value in changed.items()}
    return cbor2.dumps({**claims(), **changes})


def test_a_vaccination() -> None:
    certificate = read(v=[VACCINATION])
    assert certificate.statements == (
        Vaccination("840539006", "CoronaVac", 2, 3, date(2021, 4, 17)),
    )
    assert certificate.kinds == {Kind.VACCINATION}


def test_a_test_whose_sample_was_taken_in_another_time_zone() -> None:
    # 2021-05-20T01:30:00Z
    taken = InfectionTest("840539006", "LP6464-4", "260415000", 1621474200)
    assert read(t=[TEST]).statements == (taken,)


def test_a_recovery() -> None:
    days = date(2021, 3, 1), date(2021, 3, 15), date(2021, 9, 1)
    assert read(r=[RECOVERY]).statements == (Recovery("840539006", *days),)


def test_the_pass_has_the_times_of_its_certificate() -> None:
    presented = HealthCertificatePass(read(), b"\0" * 8, SignerTerm(b"", 0, 1))
    assert (presented.issued_at_s, presented.expires_s) == (ISSUED_S, EXPIRES_S)
    assert presented.format is Format.HC1


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff",
        cbor2.dumps([]),
        cbor2.dumps(claims()) + b"\0",
        with_claims(c4=None),
        with_claims(c6=None),
        with_claims(c4="2030"),
        with_claims(c4=-1),
        with_claims(c4=2**40 + 1),
        with_claims(c4=2**40 + 0.5),
        with_claims(c6=-0.5),
        with_claims(c4=float("nan")),
        with_claims(c4=float("inf")),
        with_claims(c4=ISSUED_S - 1),
    ],
)
def test_without_its_times_it_is_not_a_certificate(payload: bytes) -> None:
    with pytest.raises(Malformed):
        read_certificate(payload)


def test_times_reach_from_the_beginning_of_unix_to_beyond_all_certificates() -> None:
    certificate = read_certificate(with_claims(c4=2**40, c6=0))
    assert (certificate.issued_at_s, certificate.expires_s) == (0, 2**40)


@pytest.mark.parametrize(
    "hcert",
    [
        None,
        {},
        [content()],
        {2: content()},
        {1: [content()]},
        {1: content(v=[])},
        {1: content(v=None)},
        {1: content(v=VACCINATION)},
        {1: content(v=["840539006"])},
    ],
)
def test_without_a_statement_it_is_not_a_certificate(hcert: Any) -> None:
    payload = cbor2.dumps({**claims(), -260: hcert})
    with pytest.raises(Malformed):
        read_certificate(payload)


def test_times_may_have_parts_of_a_second_or_a_tag() -> None:
    certificate = read_certificate(
        cbor2.dumps({**claims(), 6: ISSUED_S + 0.9, 4: cbor2.CBORTag(1, EXPIRES_S + 0.9)})
    )
    assert (certificate.issued_at_s, certificate.expires_s) == (ISSUED_S, EXPIRES_S)


def test_it_may_expire_when_it_is_issued() -> None:
    assert read_certificate(with_claims(c4=ISSUED_S)).expires_s == ISSUED_S


def test_what_another_group_says_counts_as_well() -> None:
    certificate = read(v=[], t=[TEST, TEST], r=[RECOVERY])
    assert certificate.kinds == {Kind.TEST, Kind.RECOVERY}
    assert len(certificate.statements) == 3


def vaccination(**changed: Any) -> Vaccination:
    statement = read(v=[{**VACCINATION, **changed}]).statements[0]
    assert isinstance(statement, Vaccination)
    return statement


@pytest.mark.parametrize("code", [None, 7, "", "two words", "x" * 51, "ſ", "a\n", b"EU/1/20/1528"])
def test_what_is_not_a_code_is_not_kept(code: Any) -> None:
    assert vaccination(mp=code).product is None


@pytest.mark.parametrize("code", ["EU/1/20/1528", "Inactivated-SARS-CoV-2-Vero-Cell", "LP6464-4"])
def test_codes_of_the_value_sets_are_kept(code: str) -> None:
    assert vaccination(mp=code).product == code


@pytest.mark.parametrize("count", [None, True, "2", 2.0, -1, 100])
def test_what_is_not_a_number_of_doses_is_not_kept(count: Any) -> None:
    assert vaccination(dn=count).dose is None


def test_doses_count_from_none_to_ninety_nine() -> None:
    assert (vaccination(dn=0).dose, vaccination(dn=99).dose) == (0, 99)


@pytest.mark.parametrize(
    "written",
    [
        "2021-04-17",
        "2021-04-17T10:00:00Z",
        cbor2.CBORTag(0, "2021-04-17T10:00:00Z"),
        cbor2.CBORTag(1004, "2021-04-17"),
    ],
)
def test_a_day_may_be_tagged_or_carry_a_time(written: Any) -> None:
    assert vaccination(dt=written).given_on == date(2021, 4, 17)


@pytest.mark.parametrize("written", [None, 18734, "", "2021", "2021-02-30", "17.04.2021"])
def test_what_is_not_a_day_is_not_kept(written: Any) -> None:
    assert vaccination(dt=written).given_on is None


@pytest.mark.parametrize("written", [None, 1621474200, "", "2021-05-20T01:30:00", "yesterday"])
def test_a_sample_time_without_its_offset_is_not_kept(written: Any) -> None:
    statement = read(t=[{**TEST, "sc": written}]).statements[0]
    assert isinstance(statement, InfectionTest)
    assert statement.sampled_at_s is None


@pytest.mark.parametrize("written", ["2021-05-20T01:30:00Z", "2021-05-20T08:30:00.5+0700"])
def test_a_sample_time_is_kept_in_whole_seconds(written: str) -> None:
    statement = read(t=[{**TEST, "sc": cbor2.CBORTag(0, written)}]).statements[0]
    assert isinstance(statement, InfectionTest)
    assert statement.sampled_at_s == 1621474200


@pytest.mark.parametrize(
    ("written", "is_kept"),
    [
        ("0001-01-01T00:00:00+23:59", False),
        ("1969-12-31T23:59:59Z", False),
        ("1970-01-01T00:00:00Z", True),
        ("2109-01-01T00:00:00+07:00", True),
        ("2109-05-15T07:35:11.9Z", True),
        ("2109-05-15T07:35:12Z", False),
        ("2110-01-01T00:00:00+07:00", False),
        ("9999-12-31T23:59:59-23:59", False),
    ],
)
def test_a_sample_time_beyond_what_calendars_can_reckon_with_is_not_kept(
    written: str, is_kept: bool
) -> None:
    """Its day in the place of the door is asked for later, and must not stop the door."""
    statement = read(t=[{**TEST, "sc": written}]).statements[0]
    assert isinstance(statement, InfectionTest)
    assert (statement.sampled_at_s is not None) == is_kept


def _without(entry: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != key}


def test_the_schema_is_reported() -> None:
    for group in ({"v": [VACCINATION]}, {"t": [TEST]}, {"r": [RECOVERY]}):
        assert fits_schema(cbor2.dumps(claims(**group)))


@pytest.mark.parametrize(
    "group",
    [
        *[{"v": [_without(VACCINATION, key)]} for key in VACCINATION],
        *[{"t": [_without(TEST, key)]} for key in TEST if key != "tc"],
        *[{"r": [_without(RECOVERY, key)]} for key in RECOVERY],
        {"v": [{**VACCINATION, "dn": True}]},
        {"v": [VACCINATION, VACCINATION]},
        {"v": [VACCINATION], "t": []},
    ],
)
def test_a_required_field_that_is_missing_is_reported_and_no_more(group: dict[str, Any]) -> None:
    payload = cbor2.dumps(claims(**group))
    assert read_certificate(payload).statements
    assert not fits_schema(payload)


@pytest.mark.parametrize(
    "changed", [{"ver": None}, {"dob": 1987}, {"nam": "Sri"}, {"nam": {"fn": "Wulandari"}}]
)
def test_the_holders_fields_are_required_too(changed: dict[str, Any]) -> None:
    payload = {**claims(), -260: {1: content() | changed}}
    assert read_certificate(cbor2.dumps(payload)).statements
    assert not fits_schema(cbor2.dumps(payload))


@pytest.mark.parametrize("entries", [{}, []])
def test_the_schema_wants_a_list_of_one(entries: Any) -> None:
    assert not certificate_schema.fits(content(v=entries))
    assert not certificate_schema.fits(content(v=["text"]))


@pytest.mark.parametrize("written", [0, "a", b"a", [1, 2], {1: 2}])
def test_no_tag_builds_anything(written: Any) -> None:
    """What a library makes dates, patterns and sets of is refused, or stays what was written."""
    for tag in (*range(300), *range(1000, 1010), 43000, 55799):
        try:
            value = decode(cbor2.dumps(cbor2.CBORTag(tag, written)))
        except Malformed:
            continue
        content = value.value if isinstance(value, cbor2.CBORTag) else value
        assert content == written or content == tuple(written)


def test_a_truth_is_not_a_time() -> None:
    payload = cbor2.dumps({**claims(), 4: True, 6: False})
    with pytest.raises(Malformed, match="not a number"):
        read_certificate(payload)


def test_a_key_that_comes_twice_is_refused_in_every_spelling() -> None:
    """Two readers would take two different values."""
    for twice in (b"\xa2\x04\x01\x04\x02", b"\xa2\x04\x01\x18\x04\x02"):
        with pytest.raises(Malformed):
            decode(twice)


def test_only_so_deep() -> None:
    assert decode(b"\x81" * MAX_DEPTH + b"\x00")
    with pytest.raises(Malformed):
        decode(b"\x81" * (MAX_DEPTH + 1) + b"\x00")


@pytest.mark.parametrize("tag", [2, 28, 35, 258])
def test_what_has_no_place_in_a_certificate_is_refused(tag: int) -> None:
    with pytest.raises(Malformed):
        decode(cbor2.dumps(cbor2.CBORTag(tag, b"a")))


def test_a_certificate_may_say_that_it_is_cbor() -> None:
    assert fits_schema(cbor2.dumps(cbor2.CBORTag(55799, claims())))
