"""The door's own keys, in a file that only the door can read."""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.errors import JournalFault
from kiosk.journal.whole_file import write_whole
from sync.wire.keys import DeviceId, device_id

_BYTES = 32


@dataclass(frozen=True, slots=True)
class DoorKeys:
    """`signing` signs what goes up; what comes down is sealed to `sealing`."""

    signing: Ed25519PrivateKey
    sealing: X25519PrivateKey

    @property
    def signing_public(self) -> bytes:
        return self.signing.public_key().public_bytes_raw()

    @property
    def sealing_public(self) -> bytes:
        return self.sealing.public_key().public_bytes_raw()

    @property
    def device(self) -> DeviceId:
        return device_id(self.signing_public)


def make_keys() -> DoorKeys:
    return DoorKeys(Ed25519PrivateKey.generate(), X25519PrivateKey.generate())


def load_keys(path: Path) -> DoorKeys | None:
    """Return the keys, or None where none have been made.

    Raises:
        JournalFault: the file is there but cannot be used.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(path) from error
    if len(content) != 2 * _BYTES:
        raise _unusable(path)
    return DoorKeys(
        Ed25519PrivateKey.from_private_bytes(content[:_BYTES]),
        X25519PrivateKey.from_private_bytes(content[_BYTES:]),
    )


def store_keys(path: Path, keys: DoorKeys) -> None:
    """Write the file so that a power cut leaves the old one or the new one, whole.

    Raises:
        JournalFault: the card does not take it; the old file, if any, is still there.
    """
    try:
        write_whole(path, keys.signing.private_bytes_raw() + keys.sealing.private_bytes_raw())
    except OSError as error:
        raise JournalFault(
            f"the door's key file {path.name} cannot be written: {error.strerror}",
            hint="see whether the card is full or failing (`gapura-kiosk check`)",
        ) from error


def _unusable(path: Path) -> JournalFault:
    return JournalFault(
        f"the door's key file {path.name} cannot be used",
        hint="move it aside, start again and enrol the kiosk with a new card; "
        "visits that were not sent need the old file",
    )
