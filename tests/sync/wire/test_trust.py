"""A message counts only from whom it must come, by a key of that purpose that was valid then,
and only where it was meant for. None is larger than its kind may be.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.wire import cbor, cose, sealing
from sync.wire.batch import MAX_BYTES as MAX_BATCH_BYTES
from sync.wire.batch import MAX_ENTRIES, Reading, State, open_batch, sign_batch
from sync.wire.bundle import MAX_BYTES as MAX_BUNDLE_BYTES
from sync.wire.bundle import Bundle, open_bundle, seal_bundle, unseal_bundle
from sync.wire.card import MAX_CHARACTERS, open_card, sign_card
from sync.wire.enrolment import MAX_BYTES as MAX_REQUEST_BYTES
from sync.wire.enrolment import open_request, seal_request
from sync.wire.errors import BadSignature, CannotOpen, Malformed, UnknownKey, WireError
from sync.wire.keys import (
    DeviceId,
    HubId,
    HubKey,
    KeyList,
    Purpose,
    hub_id,
    key_id,
    sign_key_list,
)
from sync.wire.receipt import open_receipt, sign_receipt
from sync.wire.run import open_run, sign_run
from tests.sync.wire.messages import (
    BATCH,
    CARD,
    GOOD_BUNDLE,
    RECEIPT_OF_BATCH,
    REQUEST,
    RUN,
    RUN_KEY,
    as_text,
)
from tests.sync.wire.parties import (
    BUNDLE,
    DEVICE,
    DOOR,
    DOOR_SEALING,
    KEYS,
    NOT_AFTER_S,
    NOT_BEFORE_S,
    OTHER_DEVICE,
    OTHER_DOOR,
    PASS,
    RECEIPT,
    RECOVERY,
    ROOT,
    SEALING,
    WITHIN_S,
    hub_key,
    public,
    sealing_key,
    signing_key,
)


def _receipt(key: Ed25519PrivateKey, at_s: int) -> object:
    receipt = replace(RECEIPT_OF_BATCH, hub_time_ms=at_s * 1000 + 999)
    return open_receipt(sign_receipt(receipt, key), KEYS)


def _bundle(key: Ed25519PrivateKey, at_s: int) -> object:
    return _read(replace(GOOD_BUNDLE, issued_at_ms=at_s * 1000 + 999), key)


def _card(key: Ed25519PrivateKey, at_s: int) -> object:
    return open_card(sign_card(replace(CARD, issued_at_s=at_s), key), pinned_root=public(ROOT))


def _read(bundle: Bundle, key: Ed25519PrivateKey = BUNDLE) -> object:
    sealed = seal_bundle(bundle, key, DOOR_SEALING.public_key())
    signed = unseal_bundle(sealed, DOOR_SEALING, device=bundle.device)
    return open_bundle(signed, device=DEVICE, root_public=public(ROOT))


Opens = Callable[[Ed25519PrivateKey, int], object]
from_the_hub = pytest.mark.parametrize(
    ("opens", "key"), [(_receipt, RECEIPT), (_bundle, BUNDLE), (_card, BUNDLE)]
)


@from_the_hub
def test_the_hubs_key_counts_within_its_validity(opens: Opens, key: Ed25519PrivateKey) -> None:
    for at_s in (NOT_BEFORE_S, WITHIN_S, NOT_AFTER_S):
        assert opens(key, at_s)
    for at_s in (NOT_BEFORE_S - 1, NOT_AFTER_S + 1):
        with pytest.raises(UnknownKey):
            opens(key, at_s)


@from_the_hub
def test_a_key_of_another_purpose_does_not_count(opens: Opens, key: Ed25519PrivateKey) -> None:
    for other in {ROOT, BUNDLE, RECEIPT, PASS, DOOR} - {key}:
        with pytest.raises(UnknownKey):
            opens(other, WITHIN_S)


def test_a_door_speaks_for_itself_only() -> None:
    stranger = public(OTHER_DOOR)
    with pytest.raises(BadSignature):
        open_batch(sign_batch(BATCH, DOOR), stranger)
    with pytest.raises(BadSignature):
        open_run(sign_run(RUN, DOOR), stranger)
    with pytest.raises(Malformed, match="another"):
        open_batch(sign_batch(replace(BATCH, device=OTHER_DEVICE), DOOR), public(DOOR))
    with pytest.raises(Malformed, match="another"):
        open_run(sign_run(replace(RUN, device=OTHER_DEVICE), DOOR), public(DOOR))


def test_a_bundle_is_for_one_door_of_one_hub() -> None:
    with pytest.raises(Malformed, match="another"):
        _read(replace(GOOD_BUNDLE, device=OTHER_DEVICE))
    with pytest.raises(Malformed, match="another"):
        _read(replace(GOOD_BUNDLE, hub=HubId(bytes(8))))


def test_a_bundle_opens_with_its_doors_key_only() -> None:
    sealed = seal_bundle(GOOD_BUNDLE, BUNDLE, DOOR_SEALING.public_key())
    strangers = ((sealing_key("other"), DEVICE), (DOOR_SEALING, OTHER_DEVICE))
    for key, device in strangers:
        with pytest.raises(CannotOpen):
            unseal_bundle(sealed, key, device=device)
    for length in (0, 31, 32, 47, 48, len(sealed) - 1):
        with pytest.raises(CannotOpen):
            unseal_bundle(sealed[:length], DOOR_SEALING, device=DEVICE)
    for place in range(0, len(sealed), 7):
        flipped = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(CannotOpen):
            unseal_bundle(flipped, DOOR_SEALING, device=DEVICE)


def test_a_bundle_trusts_the_pinned_root_alone() -> None:
    other_root = signing_key("other root")
    own_list = sign_key_list(KEYS, other_root)
    for bundle in (
        replace(GOOD_BUNDLE, key_list=own_list),
        replace(GOOD_BUNDLE, key_list=own_list, hub=hub_id(public(other_root))),
    ):
        with pytest.raises(WireError):
            _read(bundle)


def test_what_is_in_a_bundle_has_its_form() -> None:
    place = GOOD_BUNDLE.place
    for bundle in (
        replace(GOOD_BUNDLE, revoked=bytes(9)),
        replace(GOOD_BUNDLE, rulebooks=(b"{}",) * 9),
        replace(GOOD_BUNDLE, issued_at_ms=2**42 + 1),
        replace(GOOD_BUNDLE, place=replace(place, direction="sideways")),
        replace(GOOD_BUNDLE, place=replace(place, door_bit=32)),
        replace(GOOD_BUNDLE, place=replace(place, unit=65_536)),
        replace(GOOD_BUNDLE, place=replace(place, door=bytes(7))),
    ):
        with pytest.raises(WireError):
            _read(bundle)


def test_a_card_of_another_hub_is_refused_once_a_root_is_pinned() -> None:
    text = sign_card(CARD, BUNDLE)
    assert open_card(text, pinned_root=None) == open_card(text, pinned_root=public(ROOT))
    with pytest.raises(Malformed):
        open_card(text, pinned_root=public(signing_key("other root")))


def test_a_card_cannot_name_a_root_and_bring_the_keys_of_another() -> None:
    with pytest.raises(UnknownKey):
        open_card(
            sign_card(replace(CARD, root_public=public(OTHER_DOOR)), BUNDLE), pinned_root=None
        )
    strangers = KeyList(1, (HubKey(Purpose.BUNDLE, public(DOOR), NOT_BEFORE_S, NOT_AFTER_S),))
    with pytest.raises(UnknownKey):
        open_card(
            sign_card(replace(CARD, key_list=sign_key_list(strangers, ROOT)), BUNDLE),
            pinned_root=None,
        )


def test_a_text_that_is_no_card_is_refused() -> None:
    text = sign_card(CARD, BUNDLE)
    for other in ("", "GPC1", "GPC1:", "GPC1:a", "GPC1:é", "GPC1:::::", "gpc1:" + text[5:],
                  "GPS1:" + text[5:], text[5:], " " + text, text + "!", text.lower()):  # fmt: skip
        with pytest.raises(Malformed):
            open_card(other, pinned_root=None)


def test_no_character_of_a_card_can_be_changed() -> None:
    text = sign_card(CARD, BUNDLE)
    for place in range(0, len(text), 3):
        other = "A" if text[place] != "A" else "B"
        with pytest.raises(WireError):
            open_card(text[:place] + other + text[place + 1 :], pinned_root=public(ROOT))


def test_a_card_of_another_kind_is_refused() -> None:
    payload = cbor.encode({1: 2, 2: CARD.door})
    kid = key_id(public(BUNDLE))
    message = cose.sign(payload, key=BUNDLE, kid=kid, aad=b"gapura/card/1")
    with pytest.raises(Malformed, match="kind"):
        open_card(as_text(message), pinned_root=None)


def test_an_enrolment_request_proves_the_key_that_it_names() -> None:
    for request in (
        replace(REQUEST, signing_public=public(OTHER_DOOR)),
        replace(REQUEST, signing_public=bytes(32)),
    ):
        with pytest.raises(BadSignature):
            open_request(seal_request(request, DOOR, hub_key(Purpose.SEALING)), SEALING)


def test_an_enrolment_request_opens_at_the_hub_only() -> None:
    sealed = seal_request(REQUEST, DOOR, hub_key(Purpose.SEALING))
    assert REQUEST.token not in sealed
    with pytest.raises(CannotOpen):
        open_request(sealed, sealing_key("other"))
    for length in (0, 32, 48, len(sealed) - 1):
        with pytest.raises(CannotOpen):
            open_request(sealed[:length], SEALING)


def test_a_run_key_opens_for_its_own_run_only() -> None:
    assert RUN.open_key(SEALING) == RUN.open_key(RECOVERY) == RUN_KEY
    for run in (
        replace(RUN, run_no=4),
        replace(RUN, epoch=bytes(16)),
        replace(RUN, device=OTHER_DEVICE),
        replace(RUN, sealed_keys=tuple((kid, key[:-1] + b"\0") for kid, key in RUN.sealed_keys)),
    ):
        with pytest.raises(CannotOpen):
            run.open_key(SEALING)
    with pytest.raises(CannotOpen):
        RUN.open_key(sealing_key("other"))


def test_no_message_is_larger_than_its_kind_may_be() -> None:
    with pytest.raises(Malformed, match="more than"):
        open_batch(bytes(MAX_BATCH_BYTES + 1), public(DOOR))
    with pytest.raises(Malformed, match="more than"):
        unseal_bundle(bytes(MAX_BUNDLE_BYTES + 1), DOOR_SEALING, device=DEVICE)
    with pytest.raises(Malformed, match="more bytes"):
        open_request(bytes(MAX_REQUEST_BYTES + 1), SEALING)
    with pytest.raises(Malformed, match="not a card"):
        open_card("GPC1:" + "0" * MAX_CHARACTERS, pinned_root=None)


def test_a_rightly_signed_batch_of_too_many_is_refused() -> None:
    entry, anchor = BATCH.entries[0], BATCH.anchors[0]
    at_most = replace(
        BATCH,
        entries=(entry,) * MAX_ENTRIES,
        anchors=(anchor,) * 64,
        runs=(b"",) * 500,
        health=(Reading("camera", State.OK),) * 64,
    )
    assert open_batch(sign_batch(at_most, DOOR), public(DOOR)) == at_most
    for batch in (
        replace(at_most, entries=(entry,) * (MAX_ENTRIES + 1)),
        replace(at_most, anchors=(anchor,) * 65),
        replace(at_most, runs=(b"",) * 501),
        replace(at_most, runs=(bytes(1025),)),
        replace(at_most, health=(Reading("camera", State.OK),) * 65),
        replace(at_most, runs=(bytes(1000),) * 260),
    ):
        with pytest.raises(Malformed):
            open_batch(sign_batch(batch, DOOR), public(DOOR))


def test_a_rightly_signed_receipt_out_of_bounds_is_refused() -> None:
    good = RECEIPT_OF_BATCH
    for receipt in (
        replace(good, rejected=good.rejected * 501),
        replace(good, missing=good.missing * 65),
        replace(good, pause_s=86_401),
        replace(good, hub_time_ms=2**42 + 1),
    ):
        with pytest.raises(Malformed):
            open_receipt(sign_receipt(receipt, RECEIPT), KEYS)


def test_a_run_is_sealed_to_a_few_keys_at_most() -> None:
    sealed = RUN.sealed_keys[0]
    with pytest.raises(Malformed):
        open_run(sign_run(replace(RUN, sealed_keys=(sealed,) * 5), DOOR), public(DOOR))


def test_sealing_binds_what_it_is_for() -> None:
    sealed = sealing.seal(b"content", SEALING.public_key(), info=b"one")
    assert sealing.unseal(sealed, SEALING, info=b"one") == b"content"
    assert len(sealed) == len(b"content") + sealing.OVERHEAD_BYTES
    with pytest.raises(CannotOpen):
        sealing.unseal(sealed, SEALING, info=b"other")
    low_order = bytes(32) + sealed[32:]
    with pytest.raises(CannotOpen):
        sealing.unseal(low_order, SEALING, info=b"one")


def test_a_device_is_named_after_its_key() -> None:
    assert isinstance(DEVICE, bytes)
    assert DeviceId(DEVICE) == REQUEST.device != OTHER_DEVICE
