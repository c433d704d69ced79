"""`gapura-provision image`: build the SD card's image from Debian's packages and this checkout."""

import argparse
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provisioning.errors import CannotBuild

CHECKOUT = Path(__file__).parents[2]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="where the image and all beside it go",
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=CHECKOUT / ".cache" / "image",
        metavar="DIR",
        help="where Debian's part is kept for the next time (.cache/image)",
    )
    parser.add_argument(
        "--mirror", type=_address, metavar="URL", help="a mirror of Debian's archive"
    )
    parser.add_argument(
        "--only-steps",
        action="store_true",
        help="gather what rpi-image-gen installs (libraries, units, files), and build nothing",
    )
    parser.add_argument(
        "--trust",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="take updates signed by this public key too (PEM), beside --key's own; repeatable",
    )
    add_publishing(parser)


def add_publishing(parser: argparse.ArgumentParser) -> None:
    """What both commands ask who publishes an image."""
    parser.add_argument(
        "--key", type=Path, metavar="FILE", help="sign with this Ed25519 key (PEM, no password)"
    )
    parser.add_argument(
        "--url",
        type=_address,
        default="https://example.org/gapura",
        metavar="URL",
        help="the folder from which the files will be fetched (%(default)s)",
    )
    parser.add_argument(
        "--date",
        type=date_of,
        metavar="YYYY-MM-DD",
        help="the image's date, by which files are stamped (that of the checkout's last commit)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Build, saying each stage.

    Raises:
        ProvisioningError: it cannot be built here.
    """
    if not (CHECKOUT / "pyproject.toml").is_file():
        raise CannotBuild(
            "this is not a checkout of the project", hint="images are built from its sources"
        )
    # What an image is built with is not there on a kiosk.
    try:
        return _steps(arguments) if arguments.only_steps else _build(arguments)
    except ImportError as error:
        raise CannotBuild(
            f"a library is missing: {error.name}", hint="pip install 'gapura[image]'"
        ) from error


def _build(arguments: argparse.Namespace) -> int:
    from provisioning.image.build import Order, build  # noqa: PLC0415
    from provisioning.image.seal import load_key  # noqa: PLC0415

    key = None if arguments.key is None else load_key(arguments.key)
    order = Order(
        checkout=CHECKOUT,
        out=arguments.out.absolute(),
        cache=arguments.cache.absolute(),
        version=version("gapura"),
        source_date_epoch=stamp(arguments.date),
        mirror=arguments.mirror or "",
        url=arguments.url,
        key=key,
        trusted=_trusted(arguments, key),
    )
    release = build(order, lambda stage: print(f"==> {stage}", file=sys.stderr, flush=True))
    for file in release.files:
        print(file)
    return 0


def _steps(arguments: argparse.Namespace) -> int:
    from provisioning.image.root import gather_steps  # noqa: PLC0415
    from provisioning.image.seal import load_key  # noqa: PLC0415

    key = None if arguments.key is None else load_key(arguments.key)
    trusted = _trusted(arguments, key)
    arguments.out.mkdir(parents=True, exist_ok=True)
    place = arguments.out.absolute() / "steps"
    log = arguments.out / "build.log"
    print(gather_steps(CHECKOUT, place, trusted, stamp(arguments.date), log))
    return 0


def _trusted(arguments: argparse.Namespace, key: Ed25519PrivateKey | None) -> tuple[bytes, ...]:
    """Return whose updates the image is to take; without any it takes none."""
    from provisioning.image.seal import load_public  # noqa: PLC0415

    own = () if key is None else (key.public_key().public_bytes_raw(),)
    return (*own, *map(load_public, arguments.trust))


def stamp(day: date | None) -> int:
    """Return the time by which files are stamped, in Unix seconds.

    A date that is given, else SOURCE_DATE_EPOCH (reproducible-builds.org), else that of the last
    commit.
    """
    if day is not None:
        return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdecimal():
        return int(given)
    asked = subprocess.run(  # noqa: S603 (words of our own)
        ["git", "-C", str(CHECKOUT), "log", "-1", "--format=%ct"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode:
        raise CannotBuild("the image has no date", hint="give one with --date")
    return int(asked.stdout)


def _address(text: str) -> str:
    if not text.startswith(("http://", "https://")) or len(text.split("/")[2]) == 0:
        raise argparse.ArgumentTypeError("must be an address such as https://example.org/debian")
    return text


def date_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("must be a date such as 2026-11-22") from error
