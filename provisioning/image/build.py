"""From packages to a published image, one line a stage."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provisioning.image import recipe
from provisioning.image.disk import write_disk
from provisioning.image.release import Release, publish
from provisioning.image.root import make_base, make_root
from provisioning.image.tools import NEEDED, require


@dataclass(frozen=True, slots=True)
class Order:
    """`mirror` is empty for Debian's own; `url` is where the files will be fetched from. `trusted`
    are the public keys (Ed25519, 32 bytes) whose updates the image will take.
    """

    checkout: Path
    out: Path
    cache: Path
    version: str
    source_date_epoch: int
    mirror: str
    url: str
    key: Ed25519PrivateKey | None
    trusted: tuple[bytes, ...] = ()


def build(order: Order, say: Callable[[str], None]) -> Release:
    """Build the image for QEMU's machine "virt"; `say` is told each stage as it begins.

    Raises:
        CannotBuild: a program is missing or failed; what it said is in `build.log`.
    """
    require(tuple(NEEDED))
    order.out.mkdir(parents=True, exist_ok=True)
    log = order.out / "build.log"
    log.unlink(missing_ok=True)
    epoch = order.source_date_epoch
    image = order.out / f"gapura-{order.version}-virt-{recipe.ARCHITECTURE}.img"
    # Beside the cache, not in /tmp, which may be small and in memory.
    order.cache.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="work-", dir=order.cache))
    try:
        say(f"Debian's packages ({recipe.SUITE}, {recipe.ARCHITECTURE})")
        base = make_base(order.cache, mirror=order.mirror, source_date_epoch=epoch, log=log)
        say("The kiosk's own steps")
        root = make_root(
            base, order.checkout, work, trusted=order.trusted, source_date_epoch=epoch, log=log
        )
        say("The image")
        write_disk(root, image, work, source_date_epoch=epoch, log=log)
        say("Checksums, bill of materials, list for Raspberry Pi Imager")
        return publish(
            image,
            board="virt",
            version=order.version,
            made_at=datetime.fromtimestamp(epoch, UTC),
            status=root.packages,
            pins=recipe.pins(),
            url=order.url,
            key=order.key,
            log=log,
        )
    finally:
        shutil.rmtree(work, ignore_errors=True)
