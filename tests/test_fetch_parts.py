"""JavaScript that is not ours comes as it was pinned, or not at all."""

import hashlib
import io
import runpy
import tarfile
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

_SCRIPT = Path(__file__).parents[1] / "script" / "fetch_parts.py"


def packed(**files: bytes) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"package/{name}.js")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return written.getvalue()


def a_part(package: bytes, version: str = "1.0.0") -> Any:
    made = runpy.run_path(str(_SCRIPT))["Part"]
    pinned = b64encode(hashlib.sha512(package).digest()).decode()
    return made("part", version, pinned, Path("parts"), {"index.js": "part.js"})


def test_a_part_is_put_in_its_place(tmp_path: Path) -> None:
    """Only the files that were asked for; nothing is fetched again until another is pinned."""
    package = packed(index=b"export {}", other=b"never")
    part = a_part(package)
    assert not part.is_there(tmp_path)
    part.put(package, tmp_path)
    assert part.is_there(tmp_path)
    names = {path.name for path in (tmp_path / "parts").iterdir()}
    assert names == {"part.js", "part.version"}
    assert (tmp_path / "parts" / "part.js").read_bytes() == b"export {}"
    assert not a_part(package, "1.0.1").is_there(tmp_path)
    (tmp_path / "parts" / "part.js").unlink()
    assert not part.is_there(tmp_path)


def test_other_bytes_are_refused(tmp_path: Path) -> None:
    part = a_part(packed(index=b"export {}"))
    with pytest.raises(ValueError, match="not the bytes that were pinned"):
        part.put(packed(index=b"export { evil }"), tmp_path)
    assert not list(tmp_path.iterdir())
