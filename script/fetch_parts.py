"""Fetches the JavaScript that is not ours, each file from one pinned npm package with its hash.

`python script/fetch_parts.py` puts what the hub's pages load into `sync/hub/web/static/parts`, and
what only tests load into `.cache/parts`; git has neither. Quick where they are there already.
"""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_REGISTRY = "https://registry.npmjs.org"
_LARGEST_BYTES = 4 * 1024 * 1024
_DEADLINE_S = 120


@dataclass(frozen=True, slots=True)
class Part:
    """`sha512` is npm's `dist.integrity` (base64); `files` maps names in the package to ours."""

    package: str
    version: str
    sha512: str
    folder: Path
    files: dict[str, str]

    def is_there(self, root: Path) -> bool:
        stamp = root / self.folder / f"{self.package}.version"
        names = self.files.values()
        return (
            stamp.is_file()
            and stamp.read_text() == self._stamp
            and all((root / self.folder / name).is_file() for name in names)
        )

    def put(self, packed: bytes, root: Path) -> None:
        """Raises ValueError where it is not the package that was pinned."""
        if hashlib.sha512(packed).digest() != b64decode(self.sha512):
            raise ValueError(f"{self.package} {self.version}: not the bytes that were pinned")
        folder = root / self.folder
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
            for inside, name in self.files.items():
                found = archive.extractfile(f"package/{inside}")
                if found is None:
                    raise ValueError(f"{self.package} {self.version}: has no {inside}")
                (folder / name).write_bytes(found.read())
        (folder / f"{self.package}.version").write_text(self._stamp)

    @property
    def _stamp(self) -> str:
        return f"{self.version} {self.sha512}\n"


PARTS = (
    # Draws QR codes; MIT or Apache-2.0, the text comes with it.
    Part(
        package="qr",
        version="0.7.0",
        sha512="/VrrACmOAwZVipuRITwfEwOL5oAMEHH5PTmBWaGtlTom2Thxaa+rhmna4zU9PRN2uLw2wdccbkHOLGZb1Q9SdA==",
        folder=Path("sync/hub/web/static/parts"),
        files={"index.js": "qr.js", "LICENSE-MIT": "qr.LICENSE.txt"},
    ),
    # Finds what keeps people with disabilities out of a page; MPL-2.0, for tests only.
    Part(
        package="axe-core",
        version="4.14.1",
        sha512="FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        folder=Path(".cache/parts"),
        files={"axe.min.js": "axe.min.js", "LICENSE": "axe.LICENSE.txt"},
    ),
)


def fetch(part: Part) -> bytes:
    """Return the package as npm packed it: by npm where there is one, else from the registry."""
    npm = shutil.which("npm")
    if npm is None:
        url = f"{_REGISTRY}/{part.package}/-/{part.package}-{part.version}.tgz"
        with urllib.request.urlopen(url, timeout=_DEADLINE_S) as answer:
            content: bytes = answer.read(_LARGEST_BYTES)
            return content
    with tempfile.TemporaryDirectory() as folder:
        name = f"{part.package}@{part.version}"
        pack = [npm, "pack", "--silent", "--pack-destination", folder, name]
        subprocess.run(pack, check=True, capture_output=True, timeout=_DEADLINE_S)
        return next(Path(folder).glob("*.tgz")).read_bytes()


def main() -> int:
    for part in PARTS:
        if part.is_there(_ROOT):
            continue
        print(f"fetching {part.package} {part.version}", file=sys.stderr)
        try:
            part.put(fetch(part), _ROOT)
        except (OSError, subprocess.SubprocessError, ValueError) as fault:
            print(f"fetch_parts: {part.package}: {fault}", file=sys.stderr)
            return 1
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
