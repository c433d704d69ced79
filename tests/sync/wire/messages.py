"""One good message of every signed kind, and the means to make bad ones of it.

`SignedKind.open` takes the COSE message itself: where it travels sealed or as text, it is wrapped
first, so that tests can put any bytes under a right seal.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import base45
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.wire import cbor, cose, sealing
from sync.wire.batch import Anchor, AnchorSource, Batch, Reading, State, open_batch, sign_batch
from sync.wire.bundle import (
    Bundle,
    HealthSigner,
    Place,
    RosterTable,
    open_bundle,
    seal_bundle,
    unseal_bundle,
)
from sync.wire.card import PREFIX, Card, open_card, open_time_card, sign_card, sign_time_card
from sync.wire.enrolment import EnrolmentRequest, open_request, seal_request
from sync.wire.entry import Header, Kind, SealedEntry, WallClock
from sync.wire.keys import Purpose, hub_id, key_id, open_key_list
from sync.wire.receipt import Receipt, Rejection, open_receipt, sign_receipt
from sync.wire.run import Run, open_run, seal_run_key, sign_run
from tests.sync.wire.parties import (
    BUNDLE,
    DEVICE,
    DOOR,
    DOOR_SEALING,
    KEY_LIST,
    KEYS,
    RECEIPT,
    ROOT,
    SEALING,
    WITHIN_S,
    hub_key,
    public,
)

EPOCH = bytes(range(16))
BOOT_ID = bytes(range(16, 32))
RUN_KEY = bytes(range(32))

RUN = Run(
    device=DEVICE,
    epoch=EPOCH,
    run_no=3,
    boot_id=BOOT_ID,
    boot_ms=41_000,
    wall_ms=WITHIN_S * 1000,
    sealed_keys=seal_run_key(
        RUN_KEY,
        (hub_key(Purpose.SEALING), hub_key(Purpose.RECOVERY)),
        device=DEVICE,
        epoch=EPOCH,
        run_no=3,
    ),
)
BATCH = Batch(
    device=DEVICE,
    epoch=EPOCH,
    previous=bytes(32),
    runs=(b"a run",),
    anchors=(Anchor(BOOT_ID, 40_000, WITHIN_S * 1000, 25, AnchorSource.RECEIPT),),
    entries=(
        SealedEntry(
            Header(1, 3, 42_000, WITHIN_S * 1000, WallClock.SYNCHRONISED, Kind.VISIT, 1), b"sealed"
        ),
    ),
    health=(Reading("camera", State.OK), Reading("board_temperature_c", State.BAD, -71)),
    nonce=bytes(range(16)),
    boot_id=BOOT_ID,
    sent_boot_ms=50_000,
    sent_wall_ms=WITHIN_S * 1000,
    newest_seq=1,
    bundle_version=4,
    software="0.1.0",
)
RECEIPT_OF_BATCH = Receipt(
    device=DEVICE,
    epoch=EPOCH,
    acked_through=1,
    chain=bytes(32),
    rejected=((1, Rejection.NO_RUN),),
    missing=((2, 3),),
    nonce=BATCH.nonce,
    hub_time_ms=WITHIN_S * 1000,
    pause_s=30,
)
GOOD_BUNDLE = Bundle(
    hub=hub_id(public(ROOT)),
    device=DEVICE,
    version=4,
    issued_at_ms=WITHIN_S * 1000,
    key_list=KEY_LIST,
    rulebooks=(b"{}",),
    revoked=bytes(8) + b"\xff" * 8,
    place=Place(b"door-one", "Pintu utama", "entry", "balai-kota", "Asia/Jakarta", 12, 31),
    revoked_keys=bytes(8),
    signers=(HealthSigner(bytes(8), b"a key in DER", -1, WITHIN_S, 7),),
    roster=RosterTable(bytes(16), 16_384, (("digits", 18),), bytes(24)),
)
CARD = Card(
    door=b"door-one",
    door_label="Pintu utama",
    hub_url="https://gapura.example.go.id",
    root_public=public(ROOT),
    key_list=KEY_LIST,
    token=bytes(range(16)),
    issued_at_s=WITHIN_S,
    expires_s=WITHIN_S + 86_400,
    ca_pin=bytes(32),
)
REQUEST = EnrolmentRequest(
    token=CARD.token,
    door=CARD.door,
    signing_public=public(DOOR),
    sealing_public=public(DOOR_SEALING),
    hardware="pi4 10000000abcdef01",
)


@dataclass(frozen=True, slots=True)
class SignedKind:
    """`optional` are the places in the payload where nothing, or a negative number, is right."""

    name: str
    aad: bytes
    key: Ed25519PrivateKey
    message: bytes
    open: Callable[[bytes], object]
    optional: frozenset[tuple[int | str, ...]] = frozenset()

    @property
    def payload(self) -> bytes:
        return cose.parse_strictly(self.message).payload

    def resign(self, payload: bytes) -> bytes:
        """Return any payload under this kind's right key and associated data."""
        return cose.sign(payload, key=self.key, kid=key_id(public(self.key)), aad=self.aad)


def as_text(message: bytes) -> str:
    encoded: bytes = base45.b45encode(message)
    return PREFIX + encoded.decode()


def from_text(text: str) -> bytes:
    message: bytes = base45.b45decode(text.removeprefix(PREFIX))
    return message


def _open_bundle(signed: bytes) -> object:
    return open_bundle(signed, device=DEVICE, root_public=public(ROOT))


def _open_sealed_request(signed: bytes) -> object:
    sealed = sealing.seal(signed, SEALING.public_key(), info=b"gapura/enrol/1")
    return open_request(sealed, SEALING)


KINDS = (
    SignedKind(
        "key list", b"gapura/keys/1", ROOT, KEY_LIST, lambda m: open_key_list(m, public(ROOT))
    ),
    SignedKind(
        "run", b"gapura/run/1", DOOR, sign_run(RUN, DOOR), lambda m: open_run(m, public(DOOR))
    ),
    SignedKind(
        "batch",
        b"gapura/batch/1",
        DOOR,
        sign_batch(BATCH, DOOR),
        lambda m: open_batch(m, public(DOOR)),
        optional=frozenset({(7, 0, 2), (7, 1, 2)}),
    ),
    SignedKind(
        "receipt",
        b"gapura/receipt/1",
        RECEIPT,
        sign_receipt(RECEIPT_OF_BATCH, RECEIPT),
        lambda m: open_receipt(m, KEYS),
    ),
    SignedKind(
        "bundle",
        b"gapura/bundle/1",
        BUNDLE,
        unseal_bundle(
            seal_bundle(GOOD_BUNDLE, BUNDLE, DOOR_SEALING.public_key()), DOOR_SEALING, device=DEVICE
        ),
        _open_bundle,
        optional=frozenset({(10, 0, 2), (10, 0, 3), (11,)}),
    ),
    SignedKind(
        "card",
        b"gapura/card/1",
        BUNDLE,
        from_text(sign_card(CARD, BUNDLE)),
        lambda m: open_card(as_text(m), pinned_root=public(ROOT)),
        optional=frozenset({(10,)}),
    ),
    SignedKind(
        "time card",
        b"gapura/card/1",
        BUNDLE,
        from_text(sign_time_card(WITHIN_S, BUNDLE)),
        lambda m: open_time_card(as_text(m), KEYS),
    ),
    SignedKind(
        "enrolment request",
        b"gapura/enrol/1",
        DOOR,
        sealing.unseal(
            seal_request(REQUEST, DOOR, hub_key(Purpose.SEALING)), SEALING, info=b"gapura/enrol/1"
        ),
        _open_sealed_request,
    ),
)

Path = tuple[int | str, ...]


def leaves(value: cbor.Value, at: Path = ()) -> Iterator[tuple[Path, cbor.Value]]:
    """Yield every place in a decoded message, the containers too, with what stands there."""
    if at:
        yield at, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*at, key))
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from leaves(item, (*at, place))


def replaced(value: cbor.Value, at: Path, by: cbor.Value) -> cbor.Value:
    """Return the message with another value in one place."""
    if not at:
        return by
    if isinstance(value, dict):
        return {**value, at[0]: replaced(value[at[0]], at[1:], by)}
    assert isinstance(value, list)
    return [
        replaced(item, at[1:], by) if place == at[0] else item for place, item in enumerate(value)
    ]


def without(value: cbor.Value, key: int | str) -> cbor.Value:
    """Return a map without one field, or an array without its last."""
    if isinstance(value, dict):
        return {name: item for name, item in value.items() if name != key}
    assert isinstance(value, list)
    return value[:-1]
