"""What a commit to the journal costs, beside a bare insert by the same library.

    python -m benchmarks.journal [--commits N] [--flush-ms MS] [--jsonl]

Both write to a database with the same pragmas on the same disk, in turn, and every flush of either
is made to take MS milliseconds, as it does on a good SD card. The journal seals, chains, notes
presence, and hands each call to its own thread; the bare insert writes a row of the same size.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import apsw

from kiosk.journal.database import open_database
from kiosk.journal.sightings import Sighting
from sync.wire.visit import Direction, Visit
from tests.kiosk.enrolled import Enrolled

GOAL = 0.8
"""Commits a second, of those of the bare insert."""
_ROW_BYTES = 172


@dataclass(frozen=True, slots=True)
class Row:
    """Milliseconds of wall time a commit; `ratio` is that of the rates, over pairs of commits."""

    what: str
    own_ms: float
    bare_ms: float
    ratio: float
    goal: float
    met: bool


class SlowDisk(apsw.VFS):
    """The file system below, with a flush that takes a fixed time."""

    def __init__(self, flush_s: float) -> None:
        self.flush_s = flush_s
        super().__init__("slow-disk", "unix", makedefault=True)

    def xOpen(  # noqa: N802 (SQLite's name)
        self, name: apsw.URIFilename | str | None, flags: list[int]
    ) -> "_SlowFile":
        return _SlowFile(self.flush_s, name, flags)


class _SlowFile(apsw.VFSFile):
    def __init__(
        self, flush_s: float, name: apsw.URIFilename | str | None, flags: list[int]
    ) -> None:
        self._flush_s = flush_s
        super().__init__("unix", name, flags)

    def xSync(self, flags: int) -> None:  # noqa: N802 (SQLite's names)
        # In the place of the disk's own flush, whose time would be the noise of this machine.
        time.sleep(self._flush_s)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--commits", type=int, default=400, metavar="N")
    parser.add_argument("--flush-ms", type=float, default=5.0, metavar="MS")
    parser.add_argument("--jsonl", action="store_true")
    arguments = parser.parse_args(argv)
    row = measure(arguments.commits, arguments.flush_ms / 1000)
    print(json.dumps(asdict(row)) if arguments.jsonl else _text(row))
    return 0


def measure(commits: int, flush_s: float) -> Row:
    disk = SlowDisk(flush_s)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _compare(Path(folder), commits)
    finally:
        disk.unregister()


def _compare(folder: Path, commits: int) -> Row:
    kiosk = Enrolled(folder)
    bare = open_database(folder / "bare.db")
    bare.execute("CREATE TABLE visit(number INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT")
    try:
        pairs = [
            (_ms(lambda: _record(kiosk, number)), _ms(lambda: _insert(bare)))  # noqa: B023
            for number in range(commits)
        ]
    finally:
        bare.close()
        kiosk.journal.close()
    own_ms, bare_ms = median(own for own, _ in pairs), median(one for _, one in pairs)
    ratio = median(one / own for own, one in pairs)
    return Row("commits a second", own_ms, bare_ms, ratio, GOAL, ratio >= GOAL)


def _record(kiosk: Enrolled, number: int) -> None:
    known_by = number.to_bytes(8)
    now_s = kiosk.clock.wall_ms // 1000
    visit = Visit(0, 0, 0, Direction.IN, 1, 12, now_s, now_s + 1, 2, 0, known_by, known_by)
    kiosk.record(visit.to_bytes(), cti=known_by, sighting=Sighting(Direction.IN))


def _insert(connection: apsw.Connection) -> None:
    with connection:
        connection.execute("INSERT INTO visit(content) VALUES(zeroblob(?))", (_ROW_BYTES,))


def _ms(work: Callable[[], None]) -> float:
    started_ns = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - started_ns) / 1e6


def _text(row: Row) -> str:
    return (
        f"{row.what}: {row.own_ms:.2f} ms a commit, bare {row.bare_ms:.2f} ms, ratio"
        f" {row.ratio:.3f}, goal {row.goal:.2f}: {'met' if row.met else 'MISSED'}"
    )


if __name__ == "__main__":
    sys.exit(main())
