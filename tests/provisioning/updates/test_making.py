"""From a wheel to a release that a kiosk installs, to the byte the same each time."""

import base64
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from provisioning.errors import CannotBuild
from provisioning.updates.laying_out import lay_out
from provisioning.updates.packing import pack
from provisioning.updates.unpacking import install
from tests.provisioning.updates.updates import BUILT_IN, KEY, LIBRARIES, Machine

_INFO = "gapura-0.2.0.dist-info"


def _wheel(folder: Path) -> Path:
    files = {
        "kiosk/__init__.py": "",
        "kiosk/__main__.py": "def main():\n    print('the new door')\n",
        f"{_INFO}/METADATA": "Metadata-Version: 2.1\nName: gapura\nVersion: 0.2.0\n",
        f"{_INFO}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{_INFO}/entry_points.txt": "[console_scripts]\ngapura-kiosk = kiosk.__main__:main\n",
        f"{_INFO}/direct_url.json": "{}",
    }
    rows = [f"{name},{_record(text)},{len(text)}" for name, text in files.items()]
    path = folder / "gapura-0.2.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
        wheel.writestr(f"{_INFO}/RECORD", "\n".join([*rows, f"{_INFO}/RECORD,,", ""]))
    return path


def _record(text: str) -> str:
    digest = base64.urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=")
    return f"sha256={digest.decode()}"


def _made(root: Path, *, uses_image: bool = True) -> Path:
    root.mkdir()
    lay_out(
        [_wheel(root)], root / "tree", version="0.2.0", python="3.13", uses_image=uses_image
    )  # fmt: skip
    return pack(
        root / "tree", root, KEY, version="0.2.0", follows=BUILT_IN, python="3.13",
        machine="aarch64", libraries=LIBRARIES if uses_image else b"",
    )  # fmt: skip


def test_a_kiosk_installs_what_was_made_of_a_wheel(tmp_path: Path) -> None:
    file = _made(tmp_path / "made")
    assert file.name == "gapura-0.2.0-aarch64.update"
    machine = Machine(tmp_path / "machine")
    install(file, machine.shelf, machine.image, BUILT_IN)
    folder = machine.shelf.folder("0.2.0")
    program = (folder / "bin/gapura-kiosk").read_text()
    assert program.startswith("#!/var/lib/gapura-releases/0.2.0/bin/python\n")
    site = folder / "lib/python3.13/site-packages"
    assert (site / "gapura-image.pth").read_text() == "/opt/gapura/lib/python3.13/site-packages\n"
    assert not list(folder.rglob("direct_url.json"))
    # A kiosk has the interpreter of the program's first line; here is another one.
    done = subprocess.run(
        [sys.executable, "-S", folder / "bin/gapura-kiosk"],
        env={"PYTHONPATH": str(site)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "the new door\n"


def test_with_its_own_libraries_it_looks_for_no_others(tmp_path: Path) -> None:
    file = _made(tmp_path / "made", uses_image=False)
    assert file.name == "gapura-0.2.0-aarch64-whole.update"
    assert not list((tmp_path / "made/tree").rglob("*.pth"))


def test_the_same_is_made_again(tmp_path: Path) -> None:
    assert _made(tmp_path / "one").read_bytes() == _made(tmp_path / "other").read_bytes()


def test_what_no_kiosk_would_take_is_not_made(tmp_path: Path) -> None:
    (tmp_path / "tree" / "home").mkdir(parents=True)
    (tmp_path / "tree" / "home" / "x").touch()
    with pytest.raises(CannotBuild, match="no kiosk would take this"):
        pack(
            tmp_path / "tree", tmp_path, KEY, version="0.2.0", follows=BUILT_IN, python="3.13",
            machine="aarch64", libraries=b"",
        )  # fmt: skip
