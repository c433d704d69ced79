"""A run in being: its key, held in memory alone, and the nonces that it has given out."""

import secrets
from dataclasses import dataclass

from kiosk.instants import Moment
from kiosk.journal.door_keys import DoorKeys
from sync.wire import entry, run
from sync.wire.keys import KeyList, Purpose


@dataclass(slots=True)
class OpenRun:
    """The run that this process writes. `nonce` only ever grows, also when a commit fails."""

    epoch_no: int
    epoch: bytes
    run_no: int
    boot_id: bytes
    key: bytes
    nonce: int = 0

    def next_nonce(self) -> int:
        self.nonce += 1
        return self.nonce


def begin(
    *, epoch_no: int, epoch: bytes, run_no: int, moment: Moment, keys: DoorKeys, hub_keys: KeyList
) -> tuple[OpenRun, bytes]:
    """Return a run with a fresh key, and its signed record for the hub.

    The key is sealed to the hub's current sealing key and to the recovery key.

    Raises:
        UnknownKey: the hub's list lacks one of the two.
    """
    run_key = secrets.token_bytes(entry.RUN_KEY_BYTES)
    sealed_to = (hub_keys.newest(Purpose.SEALING), hub_keys.newest(Purpose.RECOVERY))
    device = keys.device
    record = run.Run(
        device=device,
        epoch=epoch,
        run_no=run_no,
        boot_id=moment.boot_id,
        boot_ms=moment.boot_ms,
        wall_ms=moment.wall_ms,
        sealed_keys=run.seal_run_key(run_key, sealed_to, device=device, epoch=epoch, run_no=run_no),
    )
    opened = OpenRun(epoch_no, epoch, run_no, moment.boot_id, run_key)
    return opened, run.sign_run(record, keys.signing)
