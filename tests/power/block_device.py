"""A disk of ext4 whose every write is logged, by QEMU's storage daemon; needs root.

The daemon shows an image as a file, by FUSE; a loop device makes a disk of that file, and passes a
flush on as a sync of it. No virtual machine is needed.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.power.block_log import SECTOR_BYTES, count_entries

DAEMON = "qemu-storage-daemon"
_TOOLS = (DAEMON, "losetup", "mkfs.ext4", "e2fsck", "mount", "umount")
_IMAGE_BYTES = 64 * 2**20
_PATIENCE_S = 30


class DiskFault(Exception):
    """A tool refused: which one, and what it said."""


def missing() -> list[str]:
    """Return what this machine lacks for such a disk, in words."""
    lacks = [tool for tool in _TOOLS if shutil.which(tool) is None]
    lacks += [
        str(path) for path in (Path("/dev/fuse"), Path("/dev/loop-control")) if not path.exists()
    ]
    return lacks + ["root"] * (os.geteuid() != 0)


def make_image(image: Path) -> None:
    """Make an empty file system, all of it written now: the kernel has nothing to add later."""
    with image.open("wb") as made:
        made.truncate(_IMAGE_BYTES)
    lazy = "nodiscard,lazy_itable_init=0,lazy_journal_init=0"
    _run("mkfs.ext4", "-q", "-b", "4096", "-J", "size=4", "-E", lazy, str(image))
    with mounted(image, image.with_suffix(".made")) as place:
        (place / "lost+found").rmdir()


@contextmanager
def mounted(image: Path, place: Path) -> Iterator[Path]:
    """Mount an image, which plays the file system's own journal back, and unmount it again.

    Raises:
        DiskFault: it cannot be mounted.
    """
    place.mkdir(exist_ok=True)
    _run("mount", "-t", "ext4", "-o", "loop,noatime", str(image), str(place))
    try:
        yield place
    finally:
        _unmount(place)


def check(image: Path) -> None:
    """Look for damage that playing back the file system's journal left.

    Raises:
        DiskFault: there is any.
    """
    _run("e2fsck", "-f", "-n", str(image))


@dataclass(frozen=True, slots=True)
class LoggedMount:
    """A mounted disk, and the log of what it is given."""

    place: Path
    log: Path

    def entries(self) -> int:
        """Return how many entries the log had when the disk was last flushed."""
        with self.log.open("rb") as log:
            return count_entries(log.read(SECTOR_BYTES))


@contextmanager
def logged(image: Path, place: Path) -> Iterator[LoggedMount]:
    """Mount an image at `place`; its log lies beside it, and is whole when all has ended.

    Raises:
        DiskFault: the daemon, the loop device or the mount fails.
    """
    log, shown = image.with_suffix(".log"), image.with_suffix(".shown")
    log.write_bytes(b"")
    shown.write_bytes(b"")
    with ExitStack() as stack:
        daemon = subprocess.Popen(_daemon_words(image, log, shown))
        stack.callback(_end, daemon)
        _wait_until_shown(daemon, shown)
        device = _run("losetup", "--find", "--show", str(shown))
        stack.callback(_run, "losetup", "--detach", device)
        _run("mount", "-t", "ext4", "-o", "noatime", device, str(place))
        stack.callback(_unmount, place)
        yield LoggedMount(place, log)


def _daemon_words(image: Path, log: Path, shown: Path) -> list[str]:
    disk = (
        f"driver=blklogwrites,node-name=disk,log-sector-size={SECTOR_BYTES},"
        f"file.driver=file,file.filename={image},log.driver=file,log.filename={log}"
    )
    export = f"type=fuse,id=shown,node-name=disk,mountpoint={shown},writable=on"
    return [DAEMON, "--blockdev", disk, "--export", export]


def _wait_until_shown(daemon: subprocess.Popen[bytes], shown: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while shown.stat().st_size != _IMAGE_BYTES:
        if daemon.poll() is not None or time.monotonic() > deadline:
            raise DiskFault(f"{DAEMON} does not show the image")
        time.sleep(0.02)


def _unmount(place: Path) -> None:
    """A process that was killed may keep the mount busy for a moment longer."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            _run("umount", str(place))
        except DiskFault:
            if time.monotonic() > deadline:
                _run("umount", "--lazy", str(place))
                raise
            time.sleep(0.1)
        else:
            return


def _end(daemon: subprocess.Popen[bytes]) -> None:
    daemon.terminate()
    try:
        daemon.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()


def _run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DiskFault(f"{words[0]}: {(done.stdout + done.stderr).strip()}")
    return done.stdout.strip()
