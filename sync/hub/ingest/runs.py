"""The runs of an epoch: kept as signed, and opened when there are entries to be read."""

from collections.abc import Sequence

from sync.hub.ingest.links import Link
from sync.hub.ingest.models import Epoch, Run
from sync.hub.ingest.opening import Opener, SignedRun
from sync.hub.keyring import Keyring
from sync.wire.run import open_run


def fit(epoch: Epoch, runs: dict[int, SignedRun]) -> bool:
    """Say whether no run is known as another one already.

    Two cards that are copies of each other give one number to two runs.
    """
    known = Run.objects.filter(epoch=epoch, run_no__in=runs)
    return all(runs[row.run_no].message == row.message for row in known)


def keep_runs(epoch: Epoch, runs: dict[int, SignedRun]) -> set[int]:
    """Store the runs that are new, and return their numbers."""
    known = Run.objects.filter(epoch=epoch, run_no__in=runs).values_list("run_no", flat=True)
    added = set(runs) - set(known)
    Run.objects.bulk_create(
        Run(
            epoch=epoch,
            run_no=number,
            boot_id=runs[number].run.boot_id,
            boot_ms=runs[number].run.boot_ms,
            wall_ms=runs[number].run.wall_ms,
            message=runs[number].message,
        )
        for number in sorted(added)
    )
    return added


def opener_for(
    epoch: Epoch, links: Sequence[Link], runs: dict[int, SignedRun], keyring: Keyring
) -> Opener:
    """Open with the batch's runs, and with those that came in earlier batches."""
    wanted = {link.entry.header.run_no for link in links}
    earlier = Run.objects.filter(epoch=epoch, run_no__in=wanted - set(runs))
    known = {
        row.run_no: SignedRun(open_run(row.message, epoch.device.signing_public), row.message)
        for row in earlier
    }
    return Opener(known | runs, epoch.epoch, keyring.sealing)
