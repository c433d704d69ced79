"""Cuts the power at one file operation: it does not happen, and neither does any after it.

What was not synced may be lost then: content with its file's sync, names with their folder's.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_REMOVALS = frozenset({"os.remove", "os.rmdir", "shutil.rmtree"})
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# What door and courier write in the machine's memory.
_OTHERS = ("door.json", "sync.json")


class PowerCut(BaseException):
    """Nothing catches it."""


@dataclass(frozen=True, slots=True)
class _Name:
    """A name that was made or moved here; `before` is what a move has overwritten."""

    path: Path
    moved_from: Path | None = None
    before: bytes | None = None


class Cutter:
    """Counts what changes files below `root`; at the operation `at` the power goes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.at: int | None = None
        self.count = 0
        self._is_on = False
        self._unsynced: set[Path] = set()
        self._names: list[_Name] = []
        sys.addaudithook(self._hear)

    @contextmanager
    def power(self, at: int | None) -> Iterator[None]:
        self.at, self.count, self._is_on = at, 0, True
        self._unsynced, self._names = set(), []
        try:
            yield
        finally:
            self._is_on = False

    def fsync(self, descriptor: int) -> None:
        """Stands in for the system's."""
        self._step()
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.is_dir():
            self._names = [name for name in self._names if name.path.parent != path]
        else:
            self._unsynced.discard(path)

    def lose(self) -> None:
        """Undo all that no sync has covered."""
        for path in self._unsynced:
            if path.is_file() and not path.is_symlink():
                os.truncate(path, 0)
        for name in reversed(self._names):
            self._undo(name)

    def _undo(self, name: _Name) -> None:
        if not os.path.lexists(name.path):
            return
        if name.moved_from is not None:
            name.path.rename(name.moved_from)
            if name.before is not None:
                name.path.write_bytes(name.before)
        elif name.path.is_dir() and not name.path.is_symlink():
            shutil.rmtree(name.path)
        else:
            name.path.unlink()

    def _step(self) -> None:
        if not self._is_on:
            return
        if self.at is not None and self.count >= self.at:
            raise PowerCut
        self.count += 1

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        # A hook can never be taken away again.
        if not self._is_on:
            return
        paths = [Path(os.fspath(p)) for p in arguments if isinstance(p, (str, os.PathLike))]
        if event in _REMOVALS:
            self._step()
        elif event == "open" and self._opens_for_writing(arguments) and self._is_below(paths[0]):
            self._step()
            self._unsynced.add(paths[0])
            if not paths[0].exists():
                self._names.append(_Name(paths[0]))
        elif event in {"os.mkdir", "os.symlink", "os.link"} and self._is_below(paths[-1]):
            self._step()
            self._names.append(_Name(paths[-1]))
        elif event == "os.rename" and self._is_below(paths[1]):
            self._step()
            self._move(*paths)

    def _move(self, source: Path, target: Path) -> None:
        before = target.read_bytes() if target.is_file() and not target.is_symlink() else None
        self._names.append(_Name(target, source, before))
        moved = {path for path in self._unsynced if path.is_relative_to(source)}
        self._unsynced -= moved
        self._unsynced |= {target / path.relative_to(source) for path in moved}

    def _is_below(self, path: Path) -> bool:
        return path.is_relative_to(self._root) and path.name not in _OTHERS

    def _opens_for_writing(self, arguments: tuple[object, ...]) -> bool:
        _, mode, flags = arguments
        written = isinstance(mode, str) and bool(set(mode) & set("wax+"))
        return written or (isinstance(flags, int) and bool(flags & _WRITES))
