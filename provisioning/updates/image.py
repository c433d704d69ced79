"""What the image brings: the release that is built in, and by which keys it knows later ones.

All of it lies in the root, which is never written: no update changes what judges the next.
"""

import platform
import re
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from sync.wire.update import DIGEST_BYTES

PLACE = Path("/opt/gapura")
LIBRARIES_FILE, KEYS_FILE = "libraries", "release-keys"
_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Image:
    """`libraries` is the digest of those that are built in, empty where nobody wrote it down;
    `interpreter` what every release is run by.
    """

    place: Path
    version: str
    python: str
    machine: str
    libraries: bytes
    release_keys: tuple[bytes, ...]
    interpreter: Path


def own_image(place: Path = PLACE) -> Image:
    return Image(
        place=place,
        version=version("gapura"),
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        machine=platform.machine(),
        libraries=_libraries(place / LIBRARIES_FILE),
        release_keys=_keys(place / KEYS_FILE),
        # Of a virtual environment it is what made it.
        interpreter=Path(sys.base_prefix) / "bin" / "python3",
    )


def _libraries(path: Path) -> bytes:
    try:
        digest = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError):
        return b""
    return digest if len(digest) == DIGEST_BYTES else b""


def _keys(path: Path) -> tuple[bytes, ...]:
    try:
        lines = path.read_text("ascii").split()
    except (OSError, ValueError):
        return ()
    return tuple(bytes.fromhex(line) for line in lines if _KEY.fullmatch(line))
