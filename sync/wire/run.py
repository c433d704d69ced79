"""A run: one start of the door's process, whose entries share a key that only the hub can open."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.wire import cbor, cose, sealing
from sync.wire.entry import BOOT_ID_BYTES, EPOCH_BYTES, RUN_KEY_BYTES
from sync.wire.errors import CannotOpen, Malformed
from sync.wire.fields import Fields
from sync.wire.keys import DEVICE_BYTES, KID_BYTES, HubKey, device_id, key_id

_AAD = b"gapura/run/1"
_SEALED_BYTES = RUN_KEY_BYTES + sealing.OVERHEAD_BYTES


@dataclass(frozen=True, slots=True)
class Run:
    """What the door says of a run. `sealed_keys` maps a hub key's kid to the run key for it."""

    device: bytes
    epoch: bytes
    run_no: int
    boot_id: bytes
    boot_ms: int
    wall_ms: int
    sealed_keys: tuple[tuple[bytes, bytes], ...]

    def open_key(self, key: X25519PrivateKey) -> bytes:
        """Return the run key (32 bytes).

        Raises:
            CannotOpen: the run is not sealed to this key.
        """
        kid = key_id(key.public_key().public_bytes_raw())
        for sealed_to, sealed in self.sealed_keys:
            if sealed_to == kid:
                return sealing.unseal(sealed, key, info=_info(self.device, self.epoch, self.run_no))
        raise CannotOpen("the run is sealed to other keys")


def seal_run_key(
    run_key: bytes, to: tuple[HubKey, ...], *, device: bytes, epoch: bytes, run_no: int
) -> tuple[tuple[bytes, bytes], ...]:
    info = _info(device, epoch, run_no)
    return tuple((key.kid, sealing.seal(run_key, key.sealing(), info=info)) for key in to)


def sign_run(run: Run, key: Ed25519PrivateKey) -> bytes:
    payload = cbor.encode(
        [
            *(run.device, run.epoch, run.run_no, run.boot_id, run.boot_ms, run.wall_ms),
            [[kid, sealed] for kid, sealed in run.sealed_keys],
        ]
    )
    kid = key_id(key.public_key().public_bytes_raw())
    return cose.sign(payload, key=key, kid=kid, aad=_AAD)


def open_run(message: bytes, door_public: bytes) -> Run:
    """Check a run against the door's public key (32 bytes, Ed25519).

    Raises:
        WireError: it is not this door's, or malformed.
    """
    sign1 = cose.parse_strictly(message)
    cose.verify(sign1, Ed25519PublicKey.from_public_bytes(door_public), aad=_AAD)
    run = _read(sign1.payload)
    if run.device != device_id(door_public):
        raise Malformed("run: signed by a door for another one")
    return run


def read_run(message: bytes) -> Run:
    """Read a run whose signature is of no interest here: the door's own, from its own card.

    Raises:
        WireError: it is malformed.
    """
    return _read(cose.parse_strictly(message).payload)


def _read(payload: bytes) -> Run:
    fields = Fields.parse(payload, of="run").only(range(7))
    return Run(
        device=fields.octets(0, DEVICE_BYTES),
        epoch=fields.octets(1, EPOCH_BYTES),
        run_no=fields.uint(2),
        boot_id=fields.octets(3, BOOT_ID_BYTES),
        boot_ms=fields.uint(4),
        wall_ms=fields.uint(5),
        sealed_keys=tuple(_sealed_key(item) for item in fields.items(6, 4)),
    )


def _sealed_key(item: cbor.Value) -> tuple[bytes, bytes]:
    fields = Fields(item, of="sealed run key").only((0, 1))
    return fields.octets(0, KID_BYTES), fields.octets(1, _SEALED_BYTES)


def _info(device: bytes, epoch: bytes, run_no: int) -> bytes:
    return cbor.encode(["gapura/run-key/1", device, epoch, run_no])
