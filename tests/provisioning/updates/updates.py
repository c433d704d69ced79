"""A kiosk with a built-in release, updates for it, and door and courier that say how they are."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provisioning.updates.errand import UpdateErrand
from provisioning.updates.image import Image
from provisioning.updates.packing import pack
from provisioning.updates.shelf import INCOMING, Shelf
from provisioning.updates.standing import Kiosk
from provisioning.updates.switch import LINK, Switch
from provisioning.updates.trial import Watch

BUILT_IN = "0.1.0"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
LIBRARIES = bytes(range(32))


def image_at(place: Path) -> Image:
    return Image(
        place=place,
        version=BUILT_IN,
        python="3.13",
        machine="aarch64",
        libraries=LIBRARIES,
        release_keys=(KEY.public_key().public_bytes_raw(),),
        interpreter=Path("/usr/bin/python3"),
    )


def make_update(
    out: Path,
    version: str,
    *,
    key: Ed25519PrivateKey = KEY,
    follows: str = BUILT_IN,
    python: str = "3.13",
    machine: str = "aarch64",
    libraries: bytes = LIBRARIES,
) -> Path:
    tree = out / f"tree-{version}"
    site = tree / "lib" / "python3.13" / "site-packages" / "gapura"
    site.mkdir(parents=True)
    (site / "__init__.py").write_text(f'VERSION = "{version}"\n')
    (site / "words.txt").write_text(version * 500)
    (site / "empty").touch()
    (tree / "bin").mkdir()
    (tree / "bin" / "gapura-kiosk").write_text("#!/usr/bin/python3\nimport gapura\n")
    (tree / "pyvenv.cfg").write_text("home = /usr/bin\n")
    return pack(
        tree,
        out,
        key,
        version=version,
        follows=follows,
        python=python,
        machine=machine,
        libraries=libraries,
    )


@dataclass
class Machine:
    """What is under `disk` outlives a power cut, what is under `memory` does not.

    `fares` says of a version how its door stands when it runs; a version that is not named is
    "ready". `line` is what the courier says; a `silent_courier` says nothing just after a restart.
    `clock_ms` goes on while somebody waits; the service manager `takes_orders`.
    """

    root: Path
    fares: dict[str, str] = field(default_factory=dict)
    line: str = "ok"
    clock_ms: int = 0
    restarts: int = 0
    takes_orders: bool = True
    silent_courier: bool = False

    def __post_init__(self) -> None:
        self.built_in = self.root / "image"
        self.disk = self.root / "disk"
        for folder in (self.built_in / "bin", self.disk):
            folder.mkdir(parents=True, exist_ok=True)
        self.image = image_at(self.built_in)
        self.shelf = Shelf(self.disk, self.image)
        self.boots = 0
        self.begin()

    def begin(self) -> None:
        """Give power: the memory is empty."""
        self.boots += 1
        self.memory = self.root / f"memory-{self.boots}"
        self.memory.mkdir()
        # As tmpfiles makes it, before anything else runs.
        (self.memory / LINK).symlink_to(self.built_in)
        self.kiosk = Kiosk(self.memory / "door.json", self.memory / "sync.json")
        self.switch = Switch(self.shelf, self.image, self.memory)
        self.clock_ms = 1_000

    def boot(self) -> str:
        """Start the machine; return which release runs."""
        self.begin()
        version = self.switch.settle()
        self.start()
        return version

    def start(self) -> None:
        """Begin door and courier by where the link leads."""
        version = self.running()
        self.courier_since_ms = self.clock_ms
        self.show(self.fares.get(version, "ready"), version)

    def restart(self) -> bool:
        self.restarts += 1
        if self.takes_orders:
            self.start()
        return self.takes_orders

    def show(self, state: str, version: str) -> None:
        if state != "silent":
            told = {"state": state, "software": f"gapura {version}", "boot_ms": self.clock_ms}
            (self.memory / "door.json").write_text(json.dumps(told))
        if self.silent_courier and self.restarts:
            self.silent_courier = False
            return
        line = {"state": self.line, "since_boot_s": self.courier_since_ms // 1000}
        (self.memory / "sync.json").write_text(json.dumps(line))

    def running(self) -> str:
        return self.switch.version_of(self.switch.running())

    def wait(self, seconds: float) -> None:
        self.clock_ms += round(seconds * 1000)
        version = self.running()
        self.show(self.fares.get(version, "ready"), version)

    def bring(self, file: Path) -> None:
        (self.disk / INCOMING).write_bytes(file.read_bytes())

    def errand(self, wait: Callable[[float], None] | None = None) -> UpdateErrand:
        return UpdateErrand(
            self.shelf,
            self.image,
            self.switch,
            kiosk=self.kiosk,
            watch=Watch(self.kiosk, lambda: self.clock_ms, wait or self.wait),
            clock=lambda: self.clock_ms,
            restart=self.restart,
        )

    def report(self) -> dict[str, object]:
        told = json.loads((self.memory / "report.json").read_text())
        assert isinstance(told, dict)
        return told

    def require_whole(self) -> None:
        """What the link leads to is the image's release, or one that is as it was signed."""
        target = (self.memory / LINK).readlink()
        if target != self.built_in:
            assert self.shelf.check(target.name).version == target.name
