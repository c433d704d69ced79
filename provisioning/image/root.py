"""The root file system: Debian's packages by mmdebstrap, then the steps that make it a kiosk's."""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from provisioning.image import recipe, wheels
from provisioning.image.tools import run
from provisioning.updates.image import KEYS_FILE, LIBRARIES_FILE

_ASSEMBLE = Path(__file__).parent / "assemble.sh"
# Pages that nobody reads on a kiosk; licences stay.
_LEFT_OUT = (
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/info/*",
    "path-exclude=/usr/share/locale/*",
    "path-exclude=/usr/share/doc/*",
    "path-include=/usr/share/doc/*/copyright",
)

# It takes minutes, and is made when our own steps are done: assemble.sh takes this back.
_NO_INITRAMFS = (
    'chroot "$1" dpkg-divert --quiet --local --rename --add /usr/sbin/update-initramfs'
    ' && ln -s /bin/true "$1/usr/sbin/update-initramfs"'
)


@dataclass(frozen=True, slots=True)
class Root:
    """`packages` is dpkg's list of what is installed."""

    squashfs: Path
    kernel: Path
    initramfs: Path
    packages: Path


def make_base(cache: Path, *, mirror: str, source_date_epoch: int, log: Path) -> Path:
    """Return the archive of Debian's packages alone; made once for the same inputs.

    Raises:
        CannotBuild: mmdebstrap failed.
    """
    key = recipe.key_of_base(mirror, source_date_epoch)
    archive = cache / f"base-{key}.tar"
    if archive.exists():
        return archive
    cache.mkdir(parents=True, exist_ok=True)
    draft = archive.with_suffix(".new.tar")
    options = [f"--dpkgopt={option}" for option in _LEFT_OUT]
    run(
        [
            *("mmdebstrap", "--quiet", f"--architectures={recipe.ARCHITECTURE}"),
            *("--variant=minbase", '--aptopt=APT::Install-Recommends "0"', *options),
            f"--essential-hook={_NO_INITRAMFS}",
            f"--include={','.join(recipe.virt_packages())}",
            *(recipe.SUITE, str(draft), *([mirror] if mirror else [])),
        ],
        log=log,
        environment={"SOURCE_DATE_EPOCH": str(source_date_epoch)},
    )
    draft.replace(archive)
    return archive


def make_root(
    base: Path,
    checkout: Path,
    work: Path,
    *,
    trusted: Iterable[bytes],
    source_date_epoch: int,
    log: Path,
) -> Root:
    """Install the kiosk into the base, in namespaces of its own, and pack it. `trusted` are the
    public keys whose updates it will take.

    Raises:
        CannotBuild: a step failed; the log has its words.
    """
    steps = gather_steps(checkout, work / "steps", trusted, source_date_epoch, log)
    words = ["sh", *map(str, (_ASSEMBLE, base, steps, work)), "one-slot", "virt"]
    # Outside real root a user namespace has one of its own, with the uids of /etc/subuid.
    alone = [] if os.geteuid() == 0 else ["--map-root-user", "--map-auto"]
    run(
        ["unshare", *alone, "--mount", "--pid", "--fork", "--kill-child", *words],
        log=log,
        environment={"SOURCE_DATE_EPOCH": str(source_date_epoch)},
    )
    return Root(
        squashfs=work / "root.squashfs",
        kernel=work / "vmlinuz",
        initramfs=work / "initrd.img",
        packages=work / "packages.status",
    )


def gather_steps(
    checkout: Path, place: Path, trusted: Iterable[bytes], source_date_epoch: int, log: Path
) -> Path:
    """Return a folder with all that install.sh asks for, which either builder may copy from."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(recipe.STEPS, place)
    shutil.copytree(
        checkout / "systemd", place / "units", ignore=shutil.ignore_patterns(*recipe.NOT_A_KIOSKS)
    )
    wheels.gather(checkout, place, source_date_epoch, log)
    (place / KEYS_FILE).write_text("".join(f"{public.hex()}\n" for public in trusted))
    (place / LIBRARIES_FILE).write_text(f"{recipe.libraries_digest().hex()}\n")
    return place
