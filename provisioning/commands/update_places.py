"""Where the updater's two commands find things, and what they are built of."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from provisioning.updates import image, shelf
from provisioning.updates.image import Image, own_image
from provisioning.updates.shelf import Shelf
from provisioning.updates.switch import Switch

_OPTIONS: Mapping[str, tuple[Path, str]] = {
    "releases": (shelf.PLACE, "where releases are installed"),
    "run-dir": (Path("/run/gapura-release"), "where the link to the running one is"),
    "image": (image.PLACE, "the release that is built into the image"),
}


@dataclass(frozen=True, slots=True)
class Parts:
    image: Image
    shelf: Shelf
    switch: Switch


def add_places(parser: argparse.ArgumentParser) -> None:
    for name, (default, purpose) in _OPTIONS.items():
        parser.add_argument(
            f"--{name}", type=Path, default=default, help=f"{purpose} (%(default)s)"
        )


def parts(arguments: argparse.Namespace) -> Parts:
    own = own_image(arguments.image)
    releases = Shelf(arguments.releases, own)
    return Parts(own, releases, Switch(releases, own, arguments.run_dir))
