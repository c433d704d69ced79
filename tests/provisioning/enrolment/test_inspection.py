"""A card is told only when its signatures hold; all else is refused with a reason."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import base45
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.enrolment.inspection import inspect
from provisioning.errors import CardRefused
from sync.wire.card import MAX_CHARACTERS, PREFIX
from tests.provisioning.cards import EXPIRES_S, ISSUED_S, TOKEN, CardHub


def test_a_good_card_is_told_without_its_token() -> None:
    hub = CardHub()
    told = inspect(hub.text())
    assert told.door == "0001020304050607"
    assert told.label == "Pintu utama"
    assert told.hub_url == "https://hub.example.go.id"
    assert told.hub == hub.card().hub.hex()
    assert told.ca_pin == "ca" * 32
    assert told.issued_at == datetime.fromtimestamp(ISSUED_S, UTC)
    assert told.expires == datetime.fromtimestamp(EXPIRES_S, UTC)
    assert TOKEN.hex() not in str(asdict(told))


def test_two_hubs_have_two_fingerprints() -> None:
    assert inspect(CardHub(1).text()).hub != inspect(CardHub(2).text()).hub


def test_no_pin_is_told_as_none() -> None:
    assert inspect(CardHub().text(ca_pin=None)).ca_pin == ""


def test_validity_includes_both_ends() -> None:
    told = inspect(CardHub().text())
    second = timedelta(seconds=1)
    assert not told.has_expired(told.expires)
    assert told.has_expired(told.expires + second)
    assert not told.is_from_the_future(told.issued_at)
    assert told.is_from_the_future(told.issued_at - second)


def test_a_card_altered_anywhere_is_refused() -> None:
    message = base45.b45decode(CardHub().text().removeprefix(PREFIX))
    for place in range(len(message)):
        altered = bytearray(message)
        altered[place] ^= 1
        with pytest.raises(CardRefused):
            inspect(PREFIX + base45.b45encode(bytes(altered)).decode())


def test_a_forged_card_is_called_so() -> None:
    foreign = CardHub(2).card()
    text = CardHub(1).text(root_public=foreign.root_public, key_list=foreign.key_list)
    with pytest.raises(CardRefused, match="altered or forged"):
        inspect(text)


def test_a_pass_is_called_no_card() -> None:
    with pytest.raises(CardRefused, match="does not begin with GPC1:"):
        inspect("GPS1:6BF+70790T9WJWG.FKY*4GO0")


def test_a_card_that_is_too_long_is_refused() -> None:
    with pytest.raises(CardRefused, match="1500 characters"):
        inspect(PREFIX + "0" * MAX_CHARACTERS)


def test_a_time_that_no_calendar_has_is_refused() -> None:
    with pytest.raises(CardRefused, match="no calendar"):
        inspect(CardHub().text(expires_s=2**62))


@given(st.text(max_size=300), st.booleans())
def test_nothing_else_is_raised_on_any_text(text: str, has_prefix: bool) -> None:
    with pytest.raises(CardRefused) as caught:
        inspect(PREFIX + text if has_prefix else text)
    assert caught.value.hint
