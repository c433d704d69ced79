"""A large fleet behind a line that spoils what it can; the same seed draws the same faults.

    python -m tests.sync.hub.faults.campaign [--kiosks N] [--entries N] [--seed N] [--batch N]

Ends with 0 where every entry is at the hub exactly once.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

# Sets Django up, on a database of its own.
from tests.sync.hub import conftest as hub_of_tests  # isort: skip

from django.db import connections
from django.test.utils import setup_databases, teardown_databases

from sync.hub.keyring import load_keyring
from tests.sync.faulty_proxy import FaultyProxy
from tests.sync.hub.faults.fleet import Fleet, serving_hub
from tests.sync.uplink.certificates import TestCa


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    keyring = load_keyring(hub_of_tests._HOME.keys)
    state = setup_databases(verbosity=0, interactive=False)
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, serving_hub() as hub_url:
        ca = TestCa(Path(folder) / "ca")
        with FaultyProxy(hub_url, arguments.seed, tls=ca.server()) as proxy:
            proxy.files["/v1/ca"] = ca.der
            fleet = Fleet(keyring, proxy.url, ca.pin, Path(folder), most=arguments.batch)
            fleet.add(arguments.kiosks, arguments.entries // arguments.kiosks)
            fleet.run(workers=arguments.workers, tries=10_000)
            proxy.become_honest()
            fleet.close()
            differences = fleet.differences()
    for fault, count in proxy.counts.most_common():
        sys.stdout.write(f"{count:8} {fault.value}\n")
    entries = sum(len(kiosk.door.door.journal) for kiosk in fleet.kiosks)
    errands = ", ".join(f"{count} {end}" for end, count in fleet.ends.most_common())
    sys.stdout.write(
        f"{entries} entries of {len(fleet.kiosks)} kiosks in {time.monotonic() - began_s:.0f} s; "
        f"errands: {errands}\n"
    )
    sys.stdout.writelines(f"differs: {difference}\n" for difference in differences)
    connections.close_all()
    teardown_databases(state, verbosity=0)
    return 1 if differences else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kiosks", type=int, default=50, metavar="N")
    parser.add_argument("--entries", type=int, default=100_000, metavar="N", help="of all together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=100, metavar="N", help="most entries of one")
    parser.add_argument("--workers", type=int, default=4, metavar="N")
    return parser


if __name__ == "__main__":
    sys.exit(main())
