"""Claims come back as they were issued; what is missing, unknown or out of range is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.passes.claims import (
    NATIVE_TYPES,
    Claims,
    HolderKey,
    PassType,
    decode_claims,
    encode_claims,
)
from sync.wire import cbor
from sync.wire.errors import Malformed, WireError
from tests.kiosk.passes.issued import HOLDER, VISITOR
from tests.sync.wire.messages import leaves, replaced
from tests.sync.wire.values import encodings

_SCOPE = -70001

eight = st.binary(min_size=8, max_size=8)
coordinates = st.binary(min_size=32, max_size=32)
times = st.tuples(st.integers(0, 2**40), st.integers(0, 2**40)).map(sorted)
claims = times.flatmap(
    lambda ends: st.builds(
        Claims,
        sub=eight,
        cti=eight,
        not_before_s=st.just(ends[0]),
        expires_s=st.just(ends[1]),
        pass_type=st.sampled_from(sorted(NATIVE_TYPES)),
        doors=st.integers(0, 2**32 - 1),
        unit=st.integers(0, 65_535),
        days=st.integers(0, 127),
        holder_key=st.none() | st.builds(HolderKey, coordinates, coordinates),
    )
)


def _content() -> dict[int | str, cbor.Value]:
    content = cbor.decode(
        encode_claims(
            Claims(*(b"subject1", b"token--1", 5, 9, PassType.EMPLOYEE), holder_key=HOLDER)
        )
    )
    assert isinstance(content, dict)
    return content


@settings(deadline=None)
@given(claims)
def test_claims_come_back_as_they_were_issued(said: Claims) -> None:
    assert decode_claims(encode_claims(said)) == said


def test_the_names_of_the_claims_are_those_of_the_standard() -> None:
    assert cbor.decode(encode_claims(VISITOR)) == {
        2: b"subject1",
        4: VISITOR.expires_s,
        5: VISITOR.not_before_s,
        7: b"token--1",
        _SCOPE: [1, 0xFFFFFFFF, 0, 127],
    }
    assert _content()[8] == {1: {1: 2, -1: 1, -2: HOLDER.x, -3: HOLDER.y}}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ((2,), bytes(7)),
        ((2,), bytes(9)),
        ((7,), bytes(7)),
        ((7,), bytes(9)),
        ((4,), 4),
        ((4,), 2**40 + 1),
        ((5,), -1),
        ((5,), True),
        ((_SCOPE,), [1, 0, 0]),
        ((_SCOPE,), [1, 0, 0, 0, 0]),
        ((_SCOPE, 0), 0),
        ((_SCOPE, 0), 5),
        ((_SCOPE, 1), 2**32),
        ((_SCOPE, 2), 65_536),
        ((_SCOPE, 3), 128),
        ((8,), None),
        ((8,), {}),
        ((8,), {2: {}}),
        ((8, 1, 1), 1),
        ((8, 1, -1), 2),
        ((8, 1, -2), bytes(31)),
        ((8, 1, -2), bytes(33)),
        ((8, 1, -3), None),
        ((8, 1, -3), bytes(31)),
        ((8, 1, -3), bytes(33)),
        ((8, 1), {1: 2, -1: 1, -2: bytes(32), -3: bytes(32), -4: bytes(32)}),
    ],
)
def test_a_claim_out_of_its_range_is_refused(
    place: tuple[int | str, ...], value: cbor.Value
) -> None:
    with pytest.raises(Malformed):
        decode_claims(cbor.encode(replaced(_content(), place, value)))


def test_a_fault_in_the_scope_says_where_it_is() -> None:
    faulty = replaced(_content(), (_SCOPE, 2), 65_536)
    with pytest.raises(Malformed, match=f"^pass, field {_SCOPE}: field 2 "):
        decode_claims(cbor.encode(faulty))


@pytest.mark.parametrize("pass_type", sorted(set(PassType) - NATIVE_TYPES))
def test_no_native_pass_makes_itself_one_of_another_kind(pass_type: PassType) -> None:
    content = replaced(_content(), (_SCOPE, 0), int(pass_type))
    with pytest.raises(Malformed, match="no native pass"):
        decode_claims(cbor.encode(content))


def test_every_claim_but_the_holders_key_is_required() -> None:
    for name in _content():
        rest = cbor.encode({key: item for key, item in _content().items() if key != name})
        if name == 8:
            assert decode_claims(rest).holder_key is None
        else:
            with pytest.raises(Malformed):
                decode_claims(rest)


def test_an_unknown_claim_is_refused() -> None:
    for name in (1, 3, 6, 9, -70002, "sub"):
        with pytest.raises(Malformed):
            decode_claims(cbor.encode({**_content(), name: 0}))


def test_a_claim_of_another_type_is_refused() -> None:
    content = _content()
    wrongs: tuple[cbor.Value, ...] = ("x", b"", [None], True, -(2**64), 2**64 - 1)
    for place, value in leaves(content):
        for wrong in wrongs:
            if type(wrong) is not type(value):
                with pytest.raises(Malformed):
                    decode_claims(cbor.encode(replaced(content, place, wrong)))


@settings(deadline=None)
@given(encodings() | st.binary(max_size=100))
def test_any_bytes_are_refused_without_another_error(payload: bytes) -> None:
    with pytest.raises(WireError):
        decode_claims(payload)
