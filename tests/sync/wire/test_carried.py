"""An entry that is carried into a new epoch opens as it was, and as nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.wire import cbor
from sync.wire.carried import Carried, carry, read_carried
from sync.wire.entry import MAX_BODY_BYTES, Header, Kind, RunCipher, SealedEntry, WallClock, seal
from sync.wire.errors import CannotOpen, Malformed, WireError
from tests.sync.wire.messages import RUN, RUN_KEY
from tests.sync.wire.values import plain_values

PREVIOUS = bytes(range(100, 132))
CIPHER = RunCipher(RUN_KEY)
HEADER = Header(5, RUN.run_no, 42_000, 1_700_000_000_000, WallClock.UNSET, Kind.VISIT, 9)
ENTRY = SealedEntry(
    HEADER, seal(HEADER, b"body", run_key=RUN_KEY, previous=PREVIOUS, epoch=RUN.epoch)
)
OUTER = HEADER._replace(seq=1, run_no=1, kind=Kind.CARRIED)
LARGEST = HEADER._replace(
    seq=2**63 - 1, boot_ms=2**63 - 1, wall_ms=2**63 - 1, nonce=2**63 - 1, kind=255
)


def test_it_opens_as_it_was_and_is_known_by_the_same_chain_value() -> None:
    carried = read_carried(carry(ENTRY, PREVIOUS).to_bytes())
    assert carried.unseal(OUTER, RUN, CIPHER) == b"body"
    assert carried.chain(OUTER, RUN) == ENTRY.chain(PREVIOUS, RUN.epoch)


def test_carried_twice_it_is_still_one_level_deep() -> None:
    once = carry(ENTRY, PREVIOUS)
    again = carry(SealedEntry(OUTER, once.to_bytes()), bytes(32))
    assert again == once


@pytest.mark.parametrize(
    "changed",
    [
        {"seq": 6},
        {"kind": Kind.EVENT},
        {"previous": bytes(32)},
        {"sealed": ENTRY.sealed[:-1] + b"\0"},
    ],
)
def test_what_was_altered_on_the_way_does_not_open(changed: dict[str, object]) -> None:
    carried = replace(carry(ENTRY, PREVIOUS), **changed)  # type: ignore[arg-type]
    with pytest.raises(CannotOpen):
        carried.unseal(OUTER, RUN, CIPHER)


@pytest.mark.parametrize("field", ["boot_ms", "wall_ms", "clock", "nonce"])
def test_the_outer_header_cannot_say_another_time(field: str) -> None:
    outer = OUTER._replace(**{field: getattr(OUTER, field) + 1})
    with pytest.raises(CannotOpen):
        carry(ENTRY, PREVIOUS).unseal(outer, RUN, CIPHER)


def test_under_another_run_it_does_not_open() -> None:
    for run in (replace(RUN, run_no=4), replace(RUN, epoch=bytes(16))):
        with pytest.raises(CannotOpen):
            carry(ENTRY, PREVIOUS).unseal(OUTER, run, CIPHER)


def test_the_largest_entry_can_be_carried() -> None:
    body = carry(SealedEntry(LARGEST, bytes(MAX_BODY_BYTES)), PREVIOUS).to_bytes()
    outer = SealedEntry(LARGEST._replace(kind=Kind.CARRIED), body)
    assert SealedEntry.from_value(outer.to_value()) == outer


def test_one_within_another_is_refused() -> None:
    body = Carried(1, Kind.CARRIED, PREVIOUS, b"sealed").to_bytes()
    with pytest.raises(Malformed, match="one within another"):
        read_carried(body)
    with pytest.raises(Malformed):
        carry(SealedEntry(OUTER, b"no carried entry"), PREVIOUS)


@given(plain_values() | st.lists(plain_values(), min_size=4, max_size=4))
def test_any_other_value_is_malformed(value: cbor.Value) -> None:
    with pytest.raises(WireError):
        read_carried(cbor.encode(value))
