"""What is published beside an image: compressed file, bill, Imager's list, checksums, signature."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provisioning.errors import CannotBuild
from provisioning.image import recipe
from provisioning.image.bill import write_bill
from provisioning.image.imager_list import Published, imager_list
from provisioning.image.seal import sha256_of, sign, write_sums
from provisioning.image.tools import run

# A square gateway with a green field: Imager shows it beside the name.
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
    '<path d="M4 38V10L20 2l16 8v28h-8V18H12v20z" fill="#7a2e1d"/>'
    '<path d="M14 20h12v18H14z" fill="#2e9e4f"/></svg>\n'
)
# The content is compressed already; little is gained by more, and both halves of the work are
# cut at the same places on any number of cores.
_XZ = ("xz", "-1", "--threads=2", "--block-size=67108864", "--keep", "--force")


@dataclass(frozen=True, slots=True)
class Release:
    """`files` are all that is published, checksums and signature among them."""

    files: tuple[Path, ...]


def publish(
    image: Path,
    *,
    board: str,
    version: str,
    made_at: datetime,
    status: Path | None,
    pins: Iterable[recipe.Pin],
    url: str,
    key: Ed25519PrivateKey | None,
    log: Path,
) -> Release:
    """Write all of it into the image's folder.

    `status` is dpkg's list of an image that was built here; without it there is no bill, for the
    other builder writes its own.

    Raises:
        CannotBuild: the image cannot be read or compressed.
    """
    if not image.is_file():
        raise CannotBuild(f"there is no image {image}", hint="build it first")
    folder = image.parent
    image_sha256 = sha256_of(image)
    run([*_XZ, image], log=log)
    compressed = image.with_name(f"{image.name}.xz")
    published = Published(
        board=board,
        file_name=compressed.name,
        version=version,
        released=made_at.astimezone(UTC).date(),
        download_bytes=compressed.stat().st_size,
        download_sha256=sha256_of(compressed),
        image_bytes=image.stat().st_size,
        image_sha256=image_sha256,
    )
    files = [image, compressed]
    files.append(_write(folder / "os_list.json", imager_list(published, url)))
    files.append(_write(folder / "gapura.svg", _ICON))
    if status is not None:
        bill = write_bill(
            status.read_text(),
            pins,
            version=version,
            image_sha256=image_sha256,
            made_at=made_at,
        )
        files.append(_write(folder / f"{image.stem}.cdx.json", bill))
    sums = write_sums(files, folder)
    signature = [] if key is None else [sign(sums, key)]
    return Release((*files, sums, *signature))


def _write(path: Path, content: str) -> Path:
    path.write_text(content)
    return path
