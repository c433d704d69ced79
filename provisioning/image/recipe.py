"""What goes into the image: the files under steps/, read."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

STEPS = Path(__file__).parent / "steps"
SUITE = "trixie"
ARCHITECTURE = "arm64"
PYTHON = "3.13"
# Of systemd/, what the hub's machine has.
NOT_A_KIOSKS = ("gapura-hub*",)


@dataclass(frozen=True, slots=True)
class Pin:
    """One library of PyPI; `sha256` is that of its one file."""

    name: str
    version: str
    sha256: str


def packages(*lists: str) -> tuple[str, ...]:
    """Return the Debian packages of these lists, sorted, each once."""
    return tuple(sorted({name for each in lists for name in _lines(STEPS / each)}))


def pins() -> tuple[Pin, ...]:
    return tuple(_pin(line) for line in _lines(STEPS / "requirements.txt"))


def libraries_digest() -> bytes:
    """Return what tells the libraries of one image from those of another."""
    lines = sorted(f"{pin.name}=={pin.version} {pin.sha256}" for pin in pins())
    return hashlib.sha256("\n".join((PYTHON, ARCHITECTURE, *lines)).encode()).digest()


def tools() -> tuple[Pin, ...]:
    """What installs the libraries, and is not in the image."""
    return tuple(_pin(line) for line in _lines(STEPS / "tools.txt"))


def key_of_base(mirror: str, source_date_epoch: int) -> str:
    """Return a name for a base root file system: what is made of the same has the same one."""
    content = "\0".join((SUITE, mirror, str(source_date_epoch), *virt_packages()))
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def virt_packages() -> tuple[str, ...]:
    return packages("packages.list", "packages-virt.list")


def _pin(line: str) -> Pin:
    requirement, _, digest = line.partition(" --hash=sha256:")
    name, _, version = requirement.partition("==")
    return Pin(name, version, digest)


def _lines(path: Path) -> list[str]:
    lines = (line.strip() for line in path.read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]
