"""The programs that build an image, and how they are called."""

import logging
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from provisioning.errors import CannotBuild

logger = logging.getLogger(__name__)

# The program, and the Debian package that has it.
NEEDED = {
    "mmdebstrap": "mmdebstrap",
    "mksquashfs": "squashfs-tools",
    "mkfs.vfat": "dosfstools",
    "mcopy": "mtools",
    "mke2fs": "e2fsprogs",
    "sfdisk": "fdisk",
    "unshare": "util-linux",
    "xz": "xz-utils",
}
_SBIN = ("/usr/sbin", "/sbin")


def require(programs: Sequence[str]) -> None:
    """Raises CannotBuild, naming every program that is missing."""
    missing = [NEEDED[name] for name in programs if _find(name) is None]
    if missing:
        raise CannotBuild(
            f"programs are missing: {', '.join(missing)}",
            hint=f"sudo apt install {' '.join(missing)}",
        )


def run(
    words: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    given: str | None = None,
) -> None:
    """Run a program; what it says goes to the log.

    Raises:
        CannotBuild: it failed, or is not there.
    """
    program = _find(str(words[0])) or str(words[0])
    logger.debug("%s", " ".join(str(word) for word in words))
    variables = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", **(environment or {})}
    try:
        with log.open("ab") as output:
            done = subprocess.run(  # noqa: S603 (words of our own, no shell)
                [program, *map(str, words[1:])],
                stdin=None if given is not None else subprocess.DEVNULL,
                input=None if given is None else given.encode(),
                stdout=output,
                stderr=subprocess.STDOUT,
                env=variables,
                check=False,
            )
    except OSError as error:
        raise CannotBuild(f"{program}: {error.strerror}", hint="install it") from error
    if done.returncode:
        raise CannotBuild(
            f"{Path(program).name} failed ({done.returncode})", hint=f"its last words: tail {log}"
        )


def _find(program: str) -> str | None:
    places = os.pathsep.join((os.environ.get("PATH", ""), *_SBIN))
    return shutil.which(program, path=places)
