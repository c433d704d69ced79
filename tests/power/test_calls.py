"""What strace saw is read without a gap: what the model of a disk does not know is refused."""

from pathlib import Path

import pytest

from tests.power.calls import Act, TraceFault, read_trace

STATE = Path("/home/door/state")
LAMP = Path("/home/door/lamp")


def hexed(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def quoted(text: str) -> str:
    return f'"{hexed(text)}"'


def test_calls_become_events_with_the_lines_of_their_begin_and_end() -> None:
    wal, lamp = hexed(f"{STATE}/journal.db-wal"), hexed(str(LAMP))
    lines = [
        f"10  openat(AT_FDCWD</home>, {quoted('state/journal.db-wal')}, O_RDWR|O_CREAT) = 5<{wal}>",
        f"10  pwrite64(5<{wal}>, {quoted('abc')}, 3, 32) = 3",
        f"10  fdatasync(5<{wal}> <unfinished ...>",
        f"11  write(1<{lamp}>, {quoted('green')}, 5) = 5",
        "10  <... fdatasync resumed>)             = 0",
        f"10  ftruncate(5<{wal}>, 0)     = 0",
        f"10  rename({quoted('state/a.new')}, {quoted('state/a')}) = 0",
        f"10  unlink({quoted('state/gone')}) = -1 ENOENT (No such file or directory)",
        f"10  write(2<{hexed('/home/door/door.log')}>, {quoted('not ours')}, 8) = 8",
    ]
    events = read_trace(lines, STATE, LAMP)
    assert [(event.act, event.name, event.begun, event.ended) for event in events] == [
        (Act.OPEN, "journal.db-wal", 0, 0),
        (Act.WRITE, "journal.db-wal", 1, 1),
        (Act.SYNC, "journal.db-wal", 2, 4),
        (Act.LIGHT, "", 3, 3),
        (Act.TRUNCATE, "journal.db-wal", 5, 5),
        (Act.RENAME, "a.new", 6, 6),
    ]
    assert (events[1].data, events[1].offset) == (b"abc", 32)
    assert events[3].data == b"green"
    assert events[5].to == "a"


def test_directories_are_followed_through_their_descriptors() -> None:
    aside, source = hexed(f"{STATE}/aside"), hexed(f"{STATE}/journal.db")
    copy = hexed(f"{STATE}/aside/copy")
    lines = [
        f"10  mkdir({quoted('state/aside')}, 0700) = 0",
        f"10  link({quoted('state/journal.db-wal')}, {quoted('state/aside/wal')}) = 0",
        f"10  sendfile(7<{copy}>, 5<{source}>, [4096], 8192) = 100",
        f"10  unlinkat(4<{aside}>, {quoted('copy')}, 0) = 0",
        f"10  unlinkat(4<{hexed(str(STATE))}>, {quoted('aside')}, AT_REMOVEDIR) = 0",
        f"10  fsync(4<{aside}>) = -1 EIO (Input/output error) (INJECTED)",
    ]
    events = read_trace(lines, STATE, LAMP)
    assert [(event.act, event.name, event.to) for event in events] == [
        (Act.MKDIR, "aside", "aside"),
        (Act.LINK, "journal.db-wal", "aside/wal"),
        (Act.COPY, "aside/copy", "journal.db"),
        (Act.UNLINK, "aside/copy", "aside/copy"),
        (Act.RMDIR, "aside", "aside"),
        (Act.FAILED, "aside", ""),
    ]
    assert (events[2].offset, events[2].size) == (4096, 100)


def test_a_write_that_a_kill_cut_short_may_have_taken_effect() -> None:
    wal = hexed(f"{STATE}/journal.db-wal")
    lines = [f"10  pwrite64(5<{wal}>, {quoted('abc')}, 3, 0 <unfinished ...>"]
    (event,) = read_trace(lines, STATE, LAMP)
    assert (event.begun, event.ended, event.data, event.offset) == (0, 1, b"abc", 0)


@pytest.mark.parametrize("call", ["fallocate", "pwritev", "msync"])
def test_a_change_that_the_model_does_not_know_is_refused(call: str) -> None:
    with pytest.raises(TraceFault, match=call):
        read_trace([f"10  {call}(5<{hexed(f'{STATE}/a')}>, 0, 9) = 0"], STATE, LAMP)


def test_a_text_that_strace_cut_short_is_refused() -> None:
    line = f"10  pwrite64(5<{hexed(f'{STATE}/a')}>, {quoted('abc')}..., 9, 0) = 9"
    with pytest.raises(TraceFault, match="short"):
        read_trace([line], STATE, LAMP)
