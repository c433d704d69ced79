"""A sealed entry tells its time and nothing else, and opens in its own place only."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st

from sync.wire import cbor
from sync.wire.entry import (
    MAX_BODY_BYTES,
    Header,
    Kind,
    SealedEntry,
    WallClock,
    first_chain,
    seal,
    unseal,
)
from sync.wire.errors import CannotOpen, Malformed, WireError
from sync.wire.visit import Direction, Visit
from tests.sync.wire.messages import EPOCH, RUN_KEY
from tests.sync.wire.parties import DEVICE, OTHER_DEVICE
from tests.sync.wire.values import plain_values

HEADER = Header(5, 2, 1000, 1_780_000_000_000, WallClock.UNSET, Kind.VISIT, 9)
PREVIOUS = first_chain(DEVICE, EPOCH)
BODY = Visit(1, 1, 0, Direction.IN, 1, 3, 1_780_000_000).to_bytes()

counters = st.integers(0, 2**63 - 1)
headers = st.builds(
    Header,
    seq=counters,
    run_no=counters,
    boot_ms=counters,
    wall_ms=counters,
    clock=st.sampled_from(WallClock),
    kind=st.sampled_from(Kind),
    nonce=counters,
)


def _sealed(header: Header = HEADER, body: bytes = BODY) -> SealedEntry:
    sealed = seal(header, body, run_key=RUN_KEY, previous=PREVIOUS, epoch=EPOCH)
    return SealedEntry(header, sealed)


def _open(
    entry: SealedEntry, run_key: bytes = RUN_KEY, previous: bytes = PREVIOUS, epoch: bytes = EPOCH
) -> bytes:
    return unseal(entry, run_key=run_key, previous=previous, epoch=epoch)


@given(headers, st.binary(max_size=300))
def test_a_body_comes_back_whole(header: Header, body: bytes) -> None:
    entry = _sealed(header, body)
    carried = SealedEntry.from_value(cbor.decode(cbor.encode(entry.to_value())))
    assert carried == entry
    assert _open(carried) == body


@pytest.mark.parametrize("body", [b"", b"\x80", b"\x80\0\0", b"\0" * 64, b"\x80" * 64, b"a" * 63])
def test_bodies_that_look_like_padding_come_back_whole(body: bytes) -> None:
    assert _open(_sealed(body=body)) == body


def test_the_length_does_not_tell_a_valid_pass_from_a_refusal() -> None:
    refusal = Visit(2, 2, 1, Direction.IN, 0, 0, 1_780_000_000)
    valid = Visit(
        *(1, 1, 0, Direction.IN, 1, 2**20, 1_780_000_000),
        latest_s=1_780_000_900,
        rule=3,
        pass_type=1,
        sub=bytes(8),
        cti=bytes(8),
    )
    lengths = {len(_sealed(body=visit.to_bytes()).sealed) for visit in (refusal, valid)}
    assert lengths == {64 + 16}


@given(st.integers(0, 2000))
def test_padding_goes_by_steps(length: int) -> None:
    sealed = _sealed(body=bytes(length)).sealed
    assert len(sealed) >= 64 + 16
    assert len(sealed) % 32 == 16
    assert len(sealed) - length - 16 <= max(64, 32)


def test_it_opens_in_its_own_place_only() -> None:
    entry = _sealed()
    strangers: tuple[dict[str, bytes], ...] = (
        {"run_key": bytes(32)},
        {"previous": bytes(32)},
        {"previous": entry.chain(PREVIOUS, EPOCH)},
        {"epoch": bytes(16)},
    )
    for stranger in strangers:
        with pytest.raises(CannotOpen):
            _open(entry, **stranger)


def test_no_field_of_the_header_can_be_changed() -> None:
    entry = _sealed()
    changes = (
        HEADER._replace(seq=6),
        HEADER._replace(run_no=3),
        HEADER._replace(boot_ms=1001),
        HEADER._replace(wall_ms=1),
        HEADER._replace(clock=WallClock.SYNCHRONISED),
        HEADER._replace(kind=Kind.ASSISTED),
        HEADER._replace(nonce=10),
    )
    for header in changes:
        with pytest.raises(CannotOpen):
            _open(SealedEntry(header, entry.sealed))


def test_a_flipped_bit_is_noticed() -> None:
    entry = _sealed()
    for place in range(len(entry.sealed)):
        flipped = bytearray(entry.sealed)
        flipped[place] ^= 1 << place % 8
        with pytest.raises(CannotOpen):
            _open(SealedEntry(HEADER, bytes(flipped)))


@given(st.binary(max_size=MAX_BODY_BYTES))
def test_no_bytes_in_its_place_open(sealed: bytes) -> None:
    with pytest.raises(CannotOpen):
        _open(SealedEntry(HEADER, sealed))


@pytest.mark.parametrize("plain", [b"", bytes(64), b"body", b"body\x80\0\1"])
def test_a_body_without_its_padding_does_not_open(plain: bytes) -> None:
    sealed = ChaCha20Poly1305(RUN_KEY).encrypt(
        HEADER.nonce.to_bytes(12), plain, HEADER.bind(EPOCH) + PREVIOUS
    )
    with pytest.raises(CannotOpen):
        _open(SealedEntry(HEADER, sealed))


def test_the_nonce_is_the_headers() -> None:
    """The same body twice, under two counters, looks like two bodies."""
    first, second = _sealed(), _sealed(HEADER._replace(nonce=HEADER.nonce + 1))
    assert first.sealed != second.sealed
    padded = (BODY + b"\x80").ljust(64, b"\0")
    plain = ChaCha20Poly1305(RUN_KEY).decrypt(
        (9).to_bytes(12), first.sealed, HEADER.bind(EPOCH) + PREVIOUS
    )
    assert plain == padded


def test_the_chain_holds_order_epoch_and_content() -> None:
    entry = _sealed()
    chain = entry.chain(PREVIOUS, EPOCH)
    assert chain == _sealed().chain(PREVIOUS, EPOCH)
    others = {
        entry.chain(bytes(32), EPOCH),
        entry.chain(PREVIOUS, bytes(16)),
        SealedEntry(HEADER._replace(seq=6), entry.sealed).chain(PREVIOUS, EPOCH),
        SealedEntry(HEADER, entry.sealed[:-1] + b"\0").chain(PREVIOUS, EPOCH),
        first_chain(DEVICE, EPOCH),
        first_chain(OTHER_DEVICE, EPOCH),
        first_chain(DEVICE, bytes(16)),
    }
    assert len(others) == 7
    assert chain not in others


@given(plain_values())
def test_any_value_in_an_entrys_place_is_malformed(value: cbor.Value) -> None:
    with pytest.raises(WireError):
        SealedEntry.from_value(value)


def test_a_larger_body_than_any_is_refused() -> None:
    with pytest.raises(Malformed):
        SealedEntry.from_value([*HEADER.to_value(), bytes(MAX_BODY_BYTES + 65)])
