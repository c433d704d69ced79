"""The list of images that Raspberry Pi Imager reads from an address of one's own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

# The names by which Raspberry Pi Imager knows boards of 64 bit, for the boards we build for.
DEVICES: Mapping[str, tuple[str, ...]] = {
    "virt": (),
    "pi4-pi5": ("pi5-64bit", "pi4-64bit"),
    "pi3-zero2w": ("pi3-64bit",),
}
_NAMES = {
    "virt": "Gapura (QEMU)",
    "pi4-pi5": "Gapura",
    "pi3-zero2w": "Gapura (Pi 3, Zero 2 W)",
}
_DESCRIPTION = "Open door check-in: one card for all doors, with nothing set in advance"


@dataclass(frozen=True, slots=True)
class Published:
    """An image as it is fetched (compressed) and as it is written to the card."""

    board: str
    file_name: str
    version: str
    released: date
    download_bytes: int
    download_sha256: str
    image_bytes: int
    image_sha256: str


def imager_list(image: Published, url: str) -> str:
    """Return the list with this one image, fetched from the folder `url`.

    `init_format` is none: Imager must write no user, WiFi or key of its own on the card.
    """
    where = url.rstrip("/")
    entry = {
        "name": f"{_NAMES[image.board]} {image.version}",
        "description": _DESCRIPTION,
        "icon": f"{where}/gapura.svg",
        "url": f"{where}/{image.file_name}",
        "release_date": image.released.isoformat(),
        "extract_size": image.image_bytes,
        "extract_sha256": image.image_sha256,
        "image_download_size": image.download_bytes,
        "image_download_sha256": image.download_sha256,
        "devices": list(DEVICES[image.board]),
        "init_format": "none",
        "architecture": "armv8",
    }
    return json.dumps({"os_list": [entry]}, indent=2) + "\n"
