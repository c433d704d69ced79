"""A key does one thing, within its validity, and only if the root says so."""

from dataclasses import replace

import pytest

from sync.wire import cbor, cose
from sync.wire.errors import Malformed, UnknownKey
from sync.wire.keys import HubKey, KeyList, Purpose, key_id, open_key_list, sign_key_list
from tests.sync.wire.parties import (
    KEY_LIST,
    KEYS,
    NOT_AFTER_S,
    NOT_BEFORE_S,
    OTHER_DOOR,
    ROOT,
    WITHIN_S,
    hub_key,
    public,
)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_key_is_found_for_its_own_purpose_only(purpose: Purpose) -> None:
    key = hub_key(purpose)
    assert KEYS.find(key.kid, purpose) == KEYS.find(key.kid, purpose, at_s=WITHIN_S) == key
    for other in set(Purpose) - {purpose}:
        with pytest.raises(UnknownKey):
            KEYS.find(key.kid, other)


def test_a_key_is_valid_at_both_ends_and_not_beyond() -> None:
    kid = hub_key(Purpose.PASS).kid
    for at_s in (NOT_BEFORE_S, NOT_AFTER_S):
        assert KEYS.find(kid, Purpose.PASS, at_s=at_s).kid == kid
    for at_s in (0, NOT_BEFORE_S - 1, NOT_AFTER_S + 1):
        with pytest.raises(UnknownKey):
            KEYS.find(kid, Purpose.PASS, at_s=at_s)


def test_no_name_and_an_unknown_name_find_nothing() -> None:
    for kid in (None, b"", bytes(8), hub_key(Purpose.PASS).kid[:7]):
        with pytest.raises(UnknownKey):
            KEYS.find(kid, Purpose.PASS)


def test_of_two_keys_of_one_name_the_first_counts() -> None:
    early, late = (HubKey(Purpose.PASS, bytes(32), start_s, start_s + 9) for start_s in (0, 10))
    both = KeyList(1, (early, late))
    assert both.find(early.kid, Purpose.PASS) is early
    with pytest.raises(UnknownKey):
        both.find(early.kid, Purpose.PASS, at_s=10)


def test_a_key_is_named_after_its_public_part() -> None:
    key = hub_key(Purpose.PASS)
    assert key.kid == key_id(key.public)
    assert replace(key, public=bytes(32)).kid == key_id(bytes(32))


def test_the_newest_key_is_the_one_that_came_into_force_last() -> None:
    keys = [HubKey(Purpose.SEALING, bytes([n]) * 32, n, 100) for n in (5, 9, 7)]
    found = KeyList(1, tuple(keys)).candidates(Purpose.SEALING)
    assert [key.not_before_s for key in found] == [5, 7, 9]
    assert KeyList(1, tuple(keys)).newest(Purpose.SEALING) is keys[1]
    with pytest.raises(UnknownKey):
        KeyList(1, tuple(keys)).newest(Purpose.RECOVERY)


def test_a_list_is_read_with_its_own_root_only() -> None:
    with pytest.raises(UnknownKey):
        open_key_list(KEY_LIST, public(OTHER_DOOR))


def test_the_roots_name_over_another_kid_is_refused() -> None:
    payload = cose.parse(KEY_LIST).payload
    message = cose.sign(payload, key=ROOT, kid=key_id(bytes(32)), aad=b"gapura/keys/1")
    with pytest.raises(UnknownKey):
        open_key_list(message, public(ROOT))


def test_one_key_for_two_purposes_is_refused() -> None:
    public_bytes = bytes(32)
    both = tuple(HubKey(purpose, public_bytes, 0, 1) for purpose in (Purpose.PASS, Purpose.BUNDLE))
    with pytest.raises(Malformed):
        open_key_list(sign_key_list(KeyList(1, both), ROOT), public(ROOT))


def test_a_list_has_a_bounded_number_of_keys() -> None:
    keys = tuple(HubKey(Purpose.PASS, n.to_bytes(32), 0, 1) for n in range(65))
    assert open_key_list(sign_key_list(KeyList(1, keys[:64]), ROOT), public(ROOT)).keys == keys[:64]
    with pytest.raises(Malformed):
        open_key_list(sign_key_list(KeyList(1, keys), ROOT), public(ROOT))


def test_a_purpose_of_a_later_version_is_refused() -> None:
    payload = cbor.encode([1, [[6, bytes(32), 0, 1]]])
    message = cose.sign(payload, key=ROOT, kid=key_id(public(ROOT)), aad=b"gapura/keys/1")
    with pytest.raises(Malformed):
        open_key_list(message, public(ROOT))
