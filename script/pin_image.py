"""Chooses the image's Python libraries anew and writes provisioning/image/steps/requirements.txt.

python script/pin_image.py

Asks the package index, for 64-bit Arm and the Python of the image, for what pyproject.toml wants
of a kiosk, and writes every version with the hash of its one file. Debian brings the rest.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "provisioning" / "image" / "steps" / "requirements.txt"
PYTHON = "3.13"
EXTRAS = ("kiosk", "uplink", "provisioning")
# picamera2 is built against the system's NumPy; python3-systemd and python3-lgpio save a compiler.
FROM_DEBIAN = {"numpy", "systemd-python", "lgpio"}
# Without windows: the kiosk has no screen, and Debian's OpenCV brings 350 packages with it.
BESIDE = ("opencv-python-headless>=4.6,<5",)
# It is published as source alone, and is pure Python.
AS_SOURCE = {"sqlitedict"}
_PLATFORMS = ("manylinux_2_34", "manylinux_2_28", "manylinux_2_26", "manylinux_2_17")
_HEADING = """\
# The image's Python libraries for 64-bit Arm, Python {python}: written by script/pin_image.py.
# Debian brings {debian}.
"""


def main() -> int:
    wanted = list(_wanted())
    wheels = [text for text in wanted if Requirement(text).name not in AS_SOURCE]
    pinned = _resolve(wheels, _as_wheels())
    for text in wanted:
        if Requirement(text).name in AS_SOURCE:
            pinned |= _resolve([text], ["--no-deps", "--no-binary=:all:"])
    heading = _HEADING.format(python=PYTHON, debian=", ".join(sorted(FROM_DEBIAN)))
    TARGET.write_text(heading + "".join(f"{line}\n" for line in sorted(pinned)))
    print(f"{len(pinned)} libraries: {TARGET.relative_to(ROOT)}")
    return 0


def _wanted() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    texts = list(project["dependencies"])
    for extra in EXTRAS:
        texts += project["optional-dependencies"][extra]
    environment = {
        "python_version": PYTHON,
        "platform_machine": "aarch64",
        "sys_platform": "linux",
        "extra": "",
    }
    kept = {}
    for text in texts:
        asked = Requirement(text)
        fits = asked.marker is None or asked.marker.evaluate(environment)
        if fits and asked.name != "gapura" and canonicalize_name(asked.name) not in FROM_DEBIAN:
            kept[asked.name] = f"{asked.name}{asked.specifier}"
    return [*kept.values(), *BESIDE]


def _as_wheels() -> list[str]:
    platforms = [f"--platform={name}_aarch64" for name in _PLATFORMS]
    return [*platforms, f"--python-version={PYTHON}", "--only-binary=:all:"]


def _resolve(wanted: list[str], how: list[str]) -> set[str]:
    with tempfile.TemporaryDirectory() as place:
        report = Path(place) / "report.json"
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--dry-run"),
                *("--ignore-installed", "--disable-pip-version-check", "--target", place),
                *("--report", str(report), *how, *wanted),
            ],
            check=True,
        )
        chosen: list[dict[str, Any]] = json.loads(report.read_text())["install"]
    return {_line(one) for one in chosen} - {""}


def _line(chosen: dict[str, Any]) -> str:
    name = canonicalize_name(chosen["metadata"]["name"])
    if name in FROM_DEBIAN:
        return ""
    digest = chosen["download_info"]["archive_info"]["hashes"]["sha256"]
    return f"{name}=={chosen['metadata']['version']} --hash=sha256:{digest}"


if __name__ == "__main__":
    sys.exit(main())
