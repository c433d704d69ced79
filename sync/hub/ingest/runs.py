"""The runs of an epoch: kept as signed, and opened when there are entries to be read."""

from collections.abc import Sequence

from sync.hub.ingest.links import Link
from sync.hub.ingest.models import Epoch, Run
from sync.hub.ingest.opening import Opener, SignedRun, known_run
from sync.hub.keyring import Keyring


class RunBook:
    """The runs that a batch brings or names: those that are stored already, and the others."""

    def __init__(self, epoch: Epoch, brought: dict[int, SignedRun], links: Sequence[Link]) -> None:
        self._epoch = epoch
        self._brought = brought
        wanted = {link.entry.header.run_no for link in links} | set(brought)
        stored = Run.objects.filter(epoch=epoch, run_no__in=wanted).values_list("run_no", "message")
        self._stored = dict(stored) if wanted else {}

    def fits(self) -> bool:
        """Say whether no run is known as another one already.

        Two cards that are copies of each other give one number to two runs.
        """
        return all(
            self._stored.get(number, signed.message) == signed.message
            for number, signed in self._brought.items()
        )

    def keep(self) -> set[int]:
        """Store the runs that are new, and return their numbers."""
        added = sorted(set(self._brought) - set(self._stored))
        Run.objects.bulk_create(
            Run(
                epoch=self._epoch,
                run_no=number,
                boot_id=self._brought[number].run.boot_id,
                boot_ms=self._brought[number].run.boot_ms,
                wall_ms=self._brought[number].run.wall_ms,
                message=self._brought[number].message,
            )
            for number in added
        )
        return set(added)

    def opener(self, keyring: Keyring) -> Opener:
        """Open with the batch's runs, and with those that came in earlier batches."""
        door_public = self._epoch.device.signing_public
        earlier = {
            number: SignedRun(known_run(message, door_public), message)
            for number, message in self._stored.items()
        }
        return Opener(earlier | self._brought, self._epoch.epoch, keyring.sealing)
