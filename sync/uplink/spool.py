"""What the courier holds between two stops: sealed bytes in files, written whole or not at all."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from sync.uplink.errors import UplinkError

_NAME = re.compile(r"[0-9]{10}-[0-9a-f]{16}")


class Spool:
    """Things that came down and that the door has not taken yet, oldest first.

    Every method but the first raises UplinkError where the folder cannot be used.
    """

    def __init__(self, directory: Path, *, most: int = 32) -> None:
        self._directory = directory
        self._most = most
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, data: bytes) -> None:
        """Keep bytes until `drop`; the oldest give way where there are too many."""
        with _trouble():
            waiting = self._files()
            for file in waiting[: max(0, len(waiting) + 1 - self._most)]:
                file.unlink(missing_ok=True)
            number = int(waiting[-1].name[:10]) + 1 if waiting else 1
            self._write(f"{number:010d}-{sha256(data).hexdigest()[:16]}", data)

    def waiting(self) -> Iterator[tuple[Path, bytes]]:
        with _trouble():
            files = self._files()
        for file in files:
            with _trouble(), suppress(FileNotFoundError):
                yield file, file.read_bytes()

    def drop(self, file: Path) -> None:
        with _trouble():
            file.unlink(missing_ok=True)

    def _write(self, name: str, data: bytes) -> None:
        for half in self._directory.glob(".[0-9]*"):
            half.unlink(missing_ok=True)
        beside = self._directory / f".{name}"
        with beside.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.rename(self._directory / name)

    def _files(self) -> list[Path]:
        return sorted(file for file in self._directory.iterdir() if _NAME.fullmatch(file.name))


@contextmanager
def _trouble() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UplinkError(f"the courier's own folder cannot be used: {error.strerror}") from error
