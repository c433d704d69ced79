"""What strace saw of a process: every change to the files of one directory, in its order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

# Whatever changes a file or makes it last. One that the model does not know is refused below.
CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,"
    "fdatasync,fsync,sync_file_range,msync,rename,renameat,renameat2,unlink,unlinkat,link,linkat,"
    "symlink,symlinkat,mkdir,mkdirat,rmdir,copy_file_range,sendfile"
)
_LINE = re.compile(r"^(\d+) +(.*)$")
_BEGUN = re.compile(r"^(\w+)\((.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$")
_WHOLE = re.compile(r"^(\w+)\((.*)\) += (-?\d+)")
_NAME = re.compile(
    r'(?:(?:\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})*)>(?:\(deleted\))?, )?"((?:\\x[0-9a-f]{2})*)"'
)
_SOURCE = re.compile(r"^[^,]*, \d+<((?:\\x[0-9a-f]{2})*)>, \[(\d+)\]")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_FILE = re.compile(r"^(?:\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})*)>(\(deleted\))?")


class Act(Enum):
    """`OPEN` makes the file where there is none; `SYNC` is of a file or of a directory, "." being
    the one that is watched; `FAILED` is a SYNC that the system refused.
    """

    OPEN = "open"
    WRITE = "write"
    TRUNCATE = "truncate"
    COPY = "copy"
    RENAME = "rename"
    LINK = "link"
    UNLINK = "unlink"
    MKDIR = "mkdir"
    RMDIR = "rmdir"
    SYNC = "sync"
    FAILED = "failed"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class Event:
    """One call: it may have taken effect from the line `begun` on, and has with `ended`.

    `name` is relative to the directory. `offset` is None where a write goes on behind the last;
    of TRUNCATE `size` is the length left; of RENAME and LINK `to` is the new name, of COPY the
    file that `size` bytes were taken from at `offset`; of LIGHT `data` is the text.
    """

    begun: int
    ended: int
    act: Act
    name: str
    data: bytes = b""
    offset: int | None = None
    size: int = 0
    to: str = ""


class TraceFault(Exception):
    """The trace holds what the model of a disk does not."""


@dataclass(frozen=True, slots=True)
class _Call:
    begun: int
    ended: int
    name: str
    words: str
    result: int


def read_trace(lines: list[str], directory: Path, lamp: Path) -> list[Event]:
    """Return what was done inside `directory` and said in `lamp`, in the order in which it began.

    Raises:
        TraceFault: a file there was changed in a way that is not known here.
    """
    watched = _Watched(directory, lamp)
    events = [event for call in _calls(lines) if (event := watched.event(call)) is not None]
    return sorted(events, key=lambda event: event.begun)


def _calls(lines: list[str]) -> Iterator[_Call]:
    """Join what other threads cut in two. A call that never returned may have taken effect."""
    open_calls: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines):
        found = _LINE.match(line)
        if found is None:
            continue
        thread, said = found.groups()
        if begun := _BEGUN.match(said):
            open_calls[thread] = (number, f"{begun[1]}({begun[2]}")
            continue
        start = number
        if resumed := _RESUMED.match(said):
            start, first = open_calls.pop(thread)
            said = first + resumed[2]
        if whole := _WHOLE.match(said):
            yield _Call(start, number, whole[1], whole[2], int(whole[3]))
    for start, first in open_calls.values():
        name, _, words = first.partition("(")
        if name in {"write", "pwrite64"}:
            yield _Call(start, len(lines), name, words, len(_texts(words)[0]))


_OPENS = {"openat", "open", "creat"}
_SYNCS = {"fdatasync", "fsync"}
_NAMING = {
    **dict.fromkeys(("rename", "renameat", "renameat2"), Act.RENAME),
    **dict.fromkeys(("link", "linkat"), Act.LINK),
    **dict.fromkeys(("unlink", "unlinkat"), Act.UNLINK),
    **dict.fromkeys(("mkdir", "mkdirat"), Act.MKDIR),
    "rmdir": Act.RMDIR,
}
_UNKNOWN_NAMING = {"truncate", "symlink", "symlinkat"}


class _Watched:
    """The directory, below which names are told from others, and the lamp beside it."""

    def __init__(self, directory: Path, lamp: Path) -> None:
        self._directory = directory
        self._lamp = str(lamp)

    def event(self, call: _Call) -> Event | None:
        if call.result < 0 and call.name not in _SYNCS:
            return None
        if call.name in _OPENS:
            return self._open(call)
        if call.name in _NAMING or call.name in _UNKNOWN_NAMING:
            return self._naming(call)
        found = _FILE.match(call.words)
        path = "" if found is None or found[2] else _bytes(found[1]).decode()
        if path == self._lamp and call.name == "write":
            return Event(call.begun, call.ended, Act.LIGHT, "", _texts(call.words)[0])
        name = self._inside(path)
        return None if name is None else self._on_file(call, name)

    def _open(self, call: _Call) -> Event | None:
        (name,) = self._names(call)
        truncates = "O_TRUNC" in call.words
        if name in {None, "."} or not (truncates or "O_CREAT" in call.words):
            return None
        return Event(call.begun, call.ended, Act.OPEN, name or "", size=0 if truncates else -1)

    def _naming(self, call: _Call) -> Event | None:
        names = self._names(call)
        if not any(names):
            return None
        act = _NAMING.get(call.name)
        if act is None or None in names:
            raise TraceFault(f"{call.name} of {names}")
        if "AT_REMOVEDIR" in call.words:
            act = Act.RMDIR
        return Event(call.begun, call.ended, act, names[0] or "", to=names[-1] or "")

    def _on_file(self, call: _Call, name: str) -> Event:
        begun, ended = call.begun, call.ended
        tail = call.words.rpartition(",")[2].strip()
        match call.name:
            case "fdatasync" | "fsync":
                return Event(begun, ended, Act.SYNC if call.result == 0 else Act.FAILED, name)
            case "ftruncate":
                return Event(begun, ended, Act.TRUNCATE, name, size=int(tail))
            case "pwrite64":
                data = _texts(call.words)[0][: call.result]
                return Event(begun, ended, Act.WRITE, name, data, offset=int(tail))
            case "write":
                return Event(begun, ended, Act.WRITE, name, _texts(call.words)[0][: call.result])
            case "sendfile" if found := _SOURCE.match(call.words):
                source, offset = self._inside(_bytes(found[1]).decode()), int(found[2])
                if source is not None:
                    size = call.result
                    return Event(begun, ended, Act.COPY, name, offset=offset, size=size, to=source)
        raise TraceFault(f"{call.name} of {name}")

    def _names(self, call: _Call) -> list[str | None]:
        # The door runs beside its directory, and is given paths relative to that place.
        place = self._directory.parent
        return [
            self._inside(str(place / _bytes(folder or "").decode() / _bytes(name).decode()))
            for folder, name in _NAME.findall(call.words)
        ]

    def _inside(self, path: str) -> str | None:
        """Return a path as a name within the directory, None where it is not."""
        inside = Path(path).is_relative_to(self._directory)
        return str(Path(path).relative_to(self._directory)) if inside else None


def _texts(words: str) -> list[bytes]:
    found = list(_TEXT.finditer(words))
    if any(match[2] for match in found):
        raise TraceFault("strace cut a text short")
    return [_bytes(match[1]) for match in found]


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))
