"""The log of a disk is read as QEMU writes it, and a cut leaves what the flushes in it cover."""

import random
from collections.abc import Sequence

import pytest

from tests.power.block_log import (
    ENTRY,
    MAGIC,
    SECTOR_BYTES,
    SUPER,
    Cut,
    CutStream,
    Flag,
    LogFault,
    LoggedDisk,
    Write,
    count_entries,
    read_log,
)
from tests.power.disk import How

FLUSH = Write(0, b"", Flag.FLUSH)


def sectors(fill: str, count: int = 1) -> bytes:
    return fill.encode() * SECTOR_BYTES * count


def padded(head: bytes) -> bytes:
    return head.ljust(SECTOR_BYTES, b"\0")


def log_of(writes: Sequence[Write], *, count: int | None = None) -> bytes:
    log = padded(SUPER.pack(MAGIC, 1, len(writes) if count is None else count, SECTOR_BYTES))
    for write in writes:
        size = len(write.data) // SECTOR_BYTES
        log += padded(ENTRY.pack(write.offset // SECTOR_BYTES, size, write.flags, 0))
        log += b"" if Flag.DISCARD in write.flags else write.data
    return log


def cut(writes: Sequence[Write], entries: int, how: How, seed: int = 1) -> Cut:
    return LoggedDisk(writes).cut(entries, how, random.Random(seed))


def test_what_the_disk_was_given_is_read_in_its_order() -> None:
    writes = [
        Write(SECTOR_BYTES * 9, sectors("a", 3)),
        FLUSH,
        Write(0, sectors("b"), Flag.FUA),
        Write(SECTOR_BYTES, sectors("\0", 2), Flag.DISCARD),
        Write(SECTOR_BYTES * 2, sectors("c")),
    ]
    assert read_log(log_of(writes)) == writes


def test_what_came_after_the_last_flush_of_the_log_is_not_read() -> None:
    writes = [Write(0, sectors("a")), FLUSH, Write(0, sectors("b"))]
    log = log_of(writes, count=2)
    assert count_entries(log[:SECTOR_BYTES]) == 2
    assert read_log(log) == writes[:2]


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (b"", "no begin"),
        (padded(SUPER.pack(MAGIC + 1, 1, 0, SECTOR_BYTES)), "not a log"),
        (padded(SUPER.pack(MAGIC, 2, 0, SECTOR_BYTES)), "version 2"),
        (padded(SUPER.pack(MAGIC, 1, 0, 4096)), "sectors of 4096"),
        (log_of([FLUSH], count=2), "before its last entry"),
        (log_of([Write(0, sectors("a"))])[:-1], "within its last entry"),
        (log_of([Write(0, b"", Flag.MARK)]), "a mark of 0 bytes"),
        (log_of([FLUSH])[:SECTOR_BYTES] + padded(ENTRY.pack(0, 0, 0, 7)), "a mark of 7 bytes"),
        (log_of([FLUSH])[:SECTOR_BYTES] + padded(ENTRY.pack(0, 0, 16, 0)), "flags 0x10"),
    ],
)
def test_a_log_that_is_damaged_is_refused(log: bytes, words: str) -> None:
    with pytest.raises(LogFault, match=words):
        read_log(log)


def test_a_flush_covers_all_before_it_and_nothing_behind() -> None:
    writes = [Write(0, sectors("a")), FLUSH, Write(0, sectors("b")), Write(0, sectors("c")), FLUSH]
    assert [LoggedDisk(writes).durable(entries) for entries in range(6)] == [0, 0, 2, 2, 2, 5]
    assert cut(writes, 4, How.NONE).loose == ()
    assert cut(writes, 4, How.ALL).loose == tuple(writes[2:4])
    assert cut(writes, 3, How.ALL).loose == (writes[2],)
    assert {cut(writes, 4, How.ONE_LOST, seed).loose for seed in range(20)} == {
        (writes[2],),
        (writes[3],),
    }


def test_a_write_that_forces_itself_through_is_there_without_a_flush() -> None:
    forced = Write(0, sectors("a"), Flag.FUA)
    writes = [forced, Write(0, sectors("b"))]
    assert cut(writes, 2, How.NONE).loose == (forced,)
    assert {cut(writes, 2, How.ONE_LOST, seed).loose for seed in range(20)} == {(forced,)}


def test_a_long_write_is_torn_between_blocks_of_the_file_system() -> None:
    long = Write(8192, sectors("a", 8) + sectors("b", 8) + sectors("c", 2))
    pieces = {piece for seed in range(200) for piece in cut([long], 1, How.TORN, seed).loose}
    assert pieces - {long} == {
        Write(8192, sectors("a", 8)),
        Write(12288, sectors("b", 8)),
        Write(16384, sectors("c", 2)),
    }


def test_each_cut_comes_once_and_where_a_light_was_lit_first() -> None:
    writes = [Write(0, sectors("a")), FLUSH, Write(0, sectors("b")), FLUSH]
    stream = CutStream(LoggedDisk(writes), [4, 3, 4], seed=3)
    drawn = []
    while (one := stream.draw()) is not None:
        drawn.append((one.durable, one.loose))
    assert drawn[:2] == [(2, ()), (4, ())]
    expected = {(0, ()), (0, (writes[0],)), (2, ()), (2, (writes[2],)), (4, ())}
    assert set(drawn) == expected
    assert len(drawn) == len(expected)
