"""Files as a disk holds them, and the changes that are made to them."""

import random
import sys
from dataclasses import dataclass, field
from pathlib import Path

# A card writes so much at once or not at all (SQLite assumes the same).
SECTOR_BYTES = 512
NEVER = sys.maxsize
DIRECTORY = 0


@dataclass(slots=True)
class Change:
    """`binds` are names and the file that each leads to from now on, None for no file.

    `directories` are those whose barrier is still to come; a rename between two waits for both.
    """

    begun: int
    ended: int
    file: int = 0
    offset: int = 0
    data: bytes = b""
    cut_to: int | None = None
    binds: tuple[tuple[str, int | None], ...] = ()
    directories: set[str] = field(default_factory=set)
    is_doomed: bool = False
    durable_from: int = NEVER

    def __post_init__(self) -> None:
        self.directories = {directory_of(name) for name, _ in self.binds}


@dataclass(slots=True)
class Image:
    """A file may be reached by no name any more, or not yet."""

    names: dict[str, int] = field(default_factory=dict)
    contents: dict[int, bytearray] = field(default_factory=dict)

    def copy(self) -> "Image":
        contents = {number: bytearray(content) for number, content in self.contents.items()}
        return Image(dict(self.names), contents)

    def apply(self, change: Change) -> None:
        for name, file in change.binds:
            self._bind(name, file)
        content = self.contents.setdefault(change.file, bytearray())
        if change.cut_to is not None:
            del content[change.cut_to :]
            content.extend(bytes(change.cut_to - len(content)))
        if change.data:
            content.extend(bytes(max(0, change.offset - len(content))))
            content[change.offset : change.offset + len(change.data)] = change.data

    def _bind(self, name: str, file: int | None) -> None:
        if file is None:
            is_empty = not any(other.startswith(name) for other in self.names if other != name)
            if is_empty or not name.endswith("/"):
                self.names.pop(name, None)
            return
        self.names[name] = file
        while (name := directory_of(name)) != ".":
            self.names[f"{name}/"] = DIRECTORY

    def apply_in_part(self, change: Change, chance: random.Random) -> None:
        """Write some sectors; where the file grows, what is missing is zeros or rubbish."""
        content = self.contents.setdefault(change.file, bytearray())
        end = change.offset + len(change.data)
        grown = max(0, end - len(content))
        if grown and chance.random() < 0.7:
            content.extend(chance.randbytes(grown) if chance.random() < 0.5 else bytes(grown))
        start = change.offset
        while start < end:
            stop = min(end, start - start % SECTOR_BYTES + SECTOR_BYTES)
            if chance.random() < 0.5:
                content.extend(bytes(max(0, start - len(content))))
                content[start:stop] = change.data[start - change.offset : stop - change.offset]
            start = stop

    def files(self) -> dict[str, bytes]:
        return {name: bytes(self.contents.get(file, b"")) for name, file in self.names.items()}


def directory_of(name: str) -> str:
    return str(Path(name).parent)
