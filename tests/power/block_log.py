"""What a disk was given, block by block: the log of QEMU's blklogwrites, and what a cut leaves.

The format is that of dm-log-writes (Linux, Documentation/admin-guide/device-mapper/log-writes.rst):
a sector that says how many entries there are, then of each entry a sector and its data.
"""

import random
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntFlag

from tests.power.disk import How, chosen

SECTOR_BYTES = 512
# What a card writes as one at least, and a block of the file system.
PIECE_BYTES = 4096
MAGIC = 0x6A736677736872
VERSION = 1
# Magic, version, number of entries, bytes in a sector.
SUPER = struct.Struct("<QQQI")
# First sector, number of sectors, flags, bytes of a mark.
ENTRY = struct.Struct("<QQQQ")


class Flag(IntFlag):
    NONE = 0
    FLUSH = 1
    FUA = 2
    DISCARD = 4
    MARK = 8


class LogFault(Exception):
    """The log is not one, or is shorter than it says."""


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes for the disk, from `offset` on. A flush has none."""

    offset: int
    data: bytes
    flags: Flag = Flag.NONE


def count_entries(head: bytes) -> int:
    """Return how many entries there were at the last flush, by the log's first sector.

    Raises:
        LogFault: it is not that of a log, or of one with other sectors than 512 bytes.
    """
    if len(head) < SUPER.size:
        raise LogFault("the log has no begin")
    magic, version, count, sector_bytes = SUPER.unpack_from(head)
    if (magic, version, sector_bytes) != (MAGIC, VERSION, SECTOR_BYTES):
        raise LogFault(f"not a log: {magic:#x}, version {version}, sectors of {sector_bytes}")
    return int(count)


def read_log(log: bytes) -> list[Write]:
    """Return all that the log had at its last flush, in the order in which the disk got it.

    What was discarded reads as zeros: QEMU makes a hole of it, and Linux counts on that.

    Raises:
        LogFault: it is damaged, or has marks, which nobody sets here.
    """
    writes = []
    position = SECTOR_BYTES
    for _ in range(count_entries(log)):
        if len(log) < position + SECTOR_BYTES:
            raise LogFault("the log ends before its last entry")
        sector, sectors, bits, marked = ENTRY.unpack_from(log, position)
        position += SECTOR_BYTES
        flags, size = Flag(bits), sectors * SECTOR_BYTES
        if marked or Flag.MARK in flags or bits > sum(Flag):
            raise LogFault(f"an entry has the flags {bits:#x} and a mark of {marked} bytes")
        data = bytes(size)
        if Flag.DISCARD not in flags:
            data = log[position : position + size]
            position += size
        if len(data) < size:
            raise LogFault("the log ends within its last entry")
        writes.append(Write(sector * SECTOR_BYTES, data, flags))
    return writes


@dataclass(frozen=True, slots=True)
class Cut:
    """A disk whose power was cut when it had got so many entries: of those the first `durable`,
    and then `loose` ones, in this order, are on it.
    """

    entries: int
    how: How
    durable: int
    loose: tuple[Write, ...]


class LoggedDisk:
    def __init__(self, writes: Sequence[Write]) -> None:
        self.writes = writes

    def durable(self, entries: int) -> int:
        """Return how many of the first entries the last flush among them covers, and it itself."""
        flushes = (n for n in range(entries, 0, -1) if Flag.FLUSH in self.writes[n - 1].flags)
        return next(flushes, 0)

    def cut(self, entries: int, how: How, chance: random.Random) -> Cut:
        """Cut the power behind so many entries; of what no flush covers any part may be there."""
        durable = self.durable(entries)
        tail = self.writes[durable:entries]
        pending = [n for n, write in enumerate(tail) if write.data and Flag.FUA not in write.flags]
        kept = chosen(pending, how, chance)
        loose: list[Write] = []
        for number, write in enumerate(tail):
            if number in kept or Flag.FUA in write.flags:
                loose.append(write)
            elif how is How.TORN and chance.random() < 0.7:
                loose += (piece for piece in _pieces(write) if chance.random() < 0.5)
        return Cut(entries, how, durable, tuple(loose))


def _pieces(write: Write) -> Iterator[Write]:
    for start in range(0, len(write.data), PIECE_BYTES):
        yield Write(write.offset + start, write.data[start : start + PIECE_BYTES], write.flags)


class CutStream:
    """Gives each cut once: first where a light was lit, with nothing that is loose; then any."""

    _PATIENCE = 2_000

    def __init__(self, disk: LoggedDisk, lit_at: Sequence[int], seed: int) -> None:
        self._disk = disk
        self._chance = random.Random(seed)
        self._first = sorted(set(lit_at))
        self._seen: set[tuple[int, tuple[Write, ...]]] = set()

    def draw(self) -> Cut | None:
        """Return a cut that was not drawn before; None where hardly any is left."""
        for _ in range(self._PATIENCE):
            cut = self._disk.cut(*self._next(), self._chance)
            if (cut.durable, cut.loose) not in self._seen:
                self._seen.add((cut.durable, cut.loose))
                return cut
        return None

    def _next(self) -> tuple[int, How]:
        if self._first:
            return self._first.pop(0), How.NONE
        return self._chance.randint(0, len(self._disk.writes)), self._chance.choice(list(How))
