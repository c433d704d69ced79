"""An update's list is believed for its signature alone, and names nothing outside its folder."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sync.wire import cose
from sync.wire.errors import BadSignature, Malformed, UnknownKey, WireError
from sync.wire.keys import key_id
from sync.wire.update import (
    MAGIC,
    MAX_BYTES,
    MAX_HEAD_BYTES,
    MAX_TREE_BYTES,
    PART_BYTES,
    PREFIX_BYTES,
    File,
    Offer,
    Update,
    glance,
    head_length,
    open_update,
    rank_of,
    read_offer,
    sign_update,
    version_of,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = KEY.public_key().public_bytes_raw()
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\1")
DIGEST = bytes(32)
UPDATE = Update(
    version="1.2.3",
    follows="1.0.0",
    python="3.13",
    machine="aarch64",
    libraries=DIGEST,
    packed_bytes=1000,
    files=(File("bin/gapura-kiosk", 10, DIGEST), File("lib/a/b (dev).txt", 0, DIGEST)),
)


def _signed(update: Update, key: Ed25519PrivateKey = KEY) -> bytes:
    head = sign_update(update, key)
    assert head_length(head[:PREFIX_BYTES]) == len(head) - PREFIX_BYTES
    return head[PREFIX_BYTES:]


def _with(*paths: str) -> Update:
    return replace(UPDATE, files=tuple(File(path, 1, DIGEST) for path in paths))


def test_what_was_signed_is_read() -> None:
    assert open_update(_signed(UPDATE), [OTHER.public_key().public_bytes_raw(), PUBLIC]) == UPDATE
    assert glance(_signed(UPDATE, OTHER)) == UPDATE


def test_no_other_key_counts() -> None:
    with pytest.raises(UnknownKey):
        open_update(_signed(UPDATE, OTHER), [PUBLIC])
    with pytest.raises(UnknownKey):
        open_update(_signed(UPDATE), [])


def test_a_key_counts_for_updates_alone() -> None:
    """What it signed for another purpose is none."""
    payload = cose.parse(_signed(UPDATE)).payload
    for aad in (b"", b"gapura/bundle/1", b"gapura/keys/1"):
        message = cose.sign(payload, key=KEY, kid=key_id(PUBLIC), aad=aad)
        with pytest.raises(BadSignature):
            open_update(message, [PUBLIC])


@given(place=st.integers(0, len(_signed(UPDATE)) - 1), bit=st.integers(0, 7))
def test_no_bit_can_be_changed(place: int, bit: int) -> None:
    changed = bytearray(_signed(UPDATE))
    changed[place] ^= 1 << bit
    with pytest.raises(WireError):
        open_update(bytes(changed), [PUBLIC])


@given(data=st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    for read in (glance, lambda found: open_update(found, [PUBLIC]), head_length):
        with pytest.raises(WireError):
            read(data)


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "/etc/passwd", "..", "../x", "lib", "lib/", "lib//x", "lib/./x", "lib/../../x",
        "bin/python", "release.cbor", "compiled.json", "home/x", "lib/a\\b", "lib/a\nb", "lib/a\0b",
        "lib/__pycache__/x.pyc", "pyvenv.cfg/x", "lib/" + "a" * 300,
    ],
)  # fmt: skip
def test_nothing_lies_outside_its_folder(path: str) -> None:
    with pytest.raises(Malformed):
        glance(_signed(_with(path)))


@pytest.mark.parametrize(
    "paths", [("lib/a", "lib/a"), ("lib/b", "lib/a"), ("lib/a", "lib/a/b"), ("lib/a", "lib/a/b/c")]
)
def test_files_are_apart_and_in_order(paths: tuple[str, ...]) -> None:
    with pytest.raises(Malformed):
        glance(_signed(_with(*paths)))


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1.2"}, {"version": "1.2.3.4"}, {"version": "01.2.3"}, {"version": "1.2.1000"},
        {"version": "1.2.3-rc1"}, {"version": "٠.١.٢"}, {"follows": ""}, {"python": "2.7"},
        {"machine": "../x"}, {"libraries": b"short"}, {"packed_bytes": MAX_BYTES},
        {"files": (File("lib/a", MAX_TREE_BYTES, DIGEST), File("lib/b", 1, DIGEST))},
        {"files": (File("lib/a", 1, b"short"),)},
    ],
)  # fmt: skip
def test_every_field_has_its_bounds(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        glance(_signed(replace(UPDATE, **change)))


def test_a_list_has_an_end() -> None:
    longest = MAGIC + MAX_HEAD_BYTES.to_bytes(4)
    assert head_length(longest) == MAX_HEAD_BYTES
    with pytest.raises(Malformed):
        head_length(MAGIC + (MAX_HEAD_BYTES + 1).to_bytes(4))


@pytest.mark.parametrize(
    ("less", "more"), [("0.1.0", "0.1.1"), ("0.9.0", "0.10.0"), ("0.999.999", "1.0.0")]
)
def test_versions_are_compared_as_numbers(less: str, more: str) -> None:
    assert rank_of(less) < rank_of(more)
    assert (version_of(rank_of(less)), version_of(rank_of(more))) == (less, more)


def test_an_offer_is_read_as_it_was_written() -> None:
    offer = Offer("0.2.0", PART_BYTES + 1, DIGEST, "a_-:b.c")
    assert read_offer(offer.to_header()) == offer
    assert offer.parts == 2


@pytest.mark.parametrize(
    "header",
    [
        "", "0.2.0", f"0.2.0 0 {'0' * 64} t", f"0.2.0 {MAX_BYTES + 1} {'0' * 64} t",
        f"0.2 1 {'0' * 64} t", f"0.2.0 1 {'0' * 63} t", f"0.2.0 1 {'0' * 64} a/b",
        f"0.2.0 1 {'0' * 64} ..%2f", f"0.2.0 1 {'0' * 64} t\n", f"0.2.0 ٣ {'0' * 64} t",
    ],
)  # fmt: skip
def test_what_is_no_offer_is_none(header: str) -> None:
    with pytest.raises(Malformed):
        read_offer(header)
