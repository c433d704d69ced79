"""The Python libraries of the image as wheels, and the project itself built from the checkout."""

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from provisioning.image import recipe
from provisioning.image.seal import sha256_of
from provisioning.image.tools import run

# Published as source alone, and pure Python: built here.
AS_SOURCE = ("sqlitedict",)
_PLATFORMS = ("manylinux_2_34", "manylinux_2_28", "manylinux_2_26", "manylinux_2_17")
_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
# What the project's wheel is built from; anything else in a checkout could only spoil it.
_SOURCES = ("pyproject.toml", "setup.py", "README.md", "LICENSE")
_PACKAGES = ("kiosk", "hardware", "sync", "provisioning")


def gather(checkout: Path, place: Path, source_date_epoch: int, log: Path) -> None:
    """Fill `place`/wheels and `place`/tools, and write `place`/wheels.sha256.

    What is fetched must have the pinned hash; what has no wheel is built here from a source that
    has it.

    Raises:
        CannotBuild: a library cannot be had, or is not the one that was pinned.
    """
    wheels, tools = place / "wheels", place / "tools"
    wheels.mkdir(parents=True)
    tools.mkdir()
    environment = {"SOURCE_DATE_EPOCH": str(source_date_epoch)}
    _fetch([pin for pin in recipe.pins() if pin.name not in AS_SOURCE], wheels, log)
    _fetch(recipe.tools(), tools, log)
    for pin in recipe.pins():
        if pin.name in AS_SOURCE:
            _build_pinned(pin, wheels, environment, log)
    build_project(checkout, place, wheels, source_date_epoch, log)
    sums = [f"{sha256_of(wheel)}  {wheel.name}\n" for wheel in sorted(wheels.iterdir())]
    (place / "wheels.sha256").write_text("".join(sums))


def _fetch(pins: Iterable[recipe.Pin], wheels: Path, log: Path) -> None:
    listed = wheels.parent / "to-fetch.txt"
    listed.write_text("".join(map(_line, pins)))
    platforms = [f"--platform={name}_aarch64" for name in _PLATFORMS]
    run(
        [
            *(*_PIP, "download", "--no-deps", "--require-hashes", "--only-binary=:all:"),
            *(*platforms, f"--python-version={recipe.PYTHON}"),
            *("--dest", wheels, "--requirement", listed),
        ],
        log=log,
    )
    listed.unlink()


def _build_pinned(pin: recipe.Pin, wheels: Path, environment: dict[str, str], log: Path) -> None:
    listed = wheels.parent / "to-build.txt"
    listed.write_text(_line(pin))
    build = [*_PIP, "wheel", "--no-deps", "--require-hashes", "--no-binary=:all:"]
    run([*build, "--wheel-dir", wheels, "-r", listed], log=log, environment=environment)
    listed.unlink()


def build_project(
    checkout: Path, place: Path, wheels: Path, source_date_epoch: int, log: Path
) -> None:
    """Put the project's own wheel into `wheels`; `place` is a folder to work in.

    Raises:
        CannotBuild: pip failed.
    """
    source = place / "source"
    source.mkdir()
    for name in _SOURCES:
        shutil.copy(checkout / name, source)
    left_out = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in _PACKAGES:
        shutil.copytree(checkout / name, source / name, ignore=left_out)
    build = [*_PIP, "wheel", "--no-deps", "--wheel-dir", str(wheels)]
    run([*build, source], log=log, environment={"SOURCE_DATE_EPOCH": str(source_date_epoch)})
    shutil.rmtree(source)


def _line(pin: recipe.Pin) -> str:
    return f"{pin.name}=={pin.version} --hash=sha256:{pin.sha256}\n"
