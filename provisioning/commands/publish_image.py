"""`gapura-provision publish-image`: describe and sign an image that another builder made."""

import argparse
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from provisioning.commands.image import add_publishing, stamp
from provisioning.errors import CannotBuild

BOARDS = ("pi4-pi5", "pi3-zero2w", "virt")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", type=Path, metavar="IMAGE", help="the image, not compressed")
    parser.add_argument("--board", choices=BOARDS, required=True, help="which boards it is for")
    add_publishing(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write all that is published beside the image, into its folder.

    Raises:
        ProvisioningError: there is no image, or no key.
    """
    try:
        from provisioning.image.release import publish  # noqa: PLC0415
        from provisioning.image.seal import load_key  # noqa: PLC0415
    except ImportError as error:
        raise CannotBuild(
            f"a library is missing: {error.name}", hint="pip install 'gapura[image]'"
        ) from error
    image = arguments.image.absolute()
    release = publish(
        image,
        board=arguments.board,
        version=version("gapura"),
        made_at=datetime.fromtimestamp(stamp(arguments.date), UTC),
        status=None,
        pins=(),
        url=arguments.url,
        key=None if arguments.key is None else load_key(arguments.key),
        log=image.with_suffix(".log"),
    )
    for file in release.files:
        print(file)
    return 0
