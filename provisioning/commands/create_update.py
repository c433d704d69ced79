"""`gapura-provision create-update`: this checkout as a file by which kiosks update themselves."""

import argparse
import shutil
import tempfile
from pathlib import Path

from provisioning.commands.image import CHECKOUT, date_of, stamp
from provisioning.errors import CannotBuild
from sync.wire.errors import Malformed
from sync.wire.update import rank_of

_MACHINE = "aarch64"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where it goes")
    parser.add_argument(
        "--key",
        type=Path,
        required=True,
        metavar="FILE",
        help="sign with this Ed25519 key (PEM, no password), which the kiosks' images trust",
    )
    parser.add_argument(
        "--follows",
        type=_version,
        default="0.1.0",
        metavar="VERSION",
        help="the oldest version that it may be put in the place of (%(default)s)",
    )
    parser.add_argument(
        "--whole",
        action="store_true",
        help="bring all libraries, for images that were built with others",
    )
    parser.add_argument(
        "--date",
        type=date_of,
        metavar="YYYY-MM-DD",
        help="by which files are stamped (that of the checkout's last commit)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Build the file, and print where it is.

    Raises:
        ProvisioningError: it cannot be built here.
    """
    if not (CHECKOUT / "pyproject.toml").is_file():
        raise CannotBuild(
            "this is not a checkout of the project", hint="updates are built from its sources"
        )
    try:
        print(_build(arguments))
    except ImportError as error:
        raise CannotBuild(
            f"a library is missing: {error.name}", hint="pip install 'gapura[image]'"
        ) from error
    return 0


def _build(arguments: argparse.Namespace) -> Path:
    """What an update is built with is not there on a kiosk."""
    from provisioning.image import recipe, wheels  # noqa: PLC0415
    from provisioning.image.seal import load_key  # noqa: PLC0415
    from provisioning.updates.laying_out import lay_out  # noqa: PLC0415
    from provisioning.updates.packing import pack  # noqa: PLC0415

    key, made_at_s = load_key(arguments.key), stamp(arguments.date)
    arguments.out.mkdir(parents=True, exist_ok=True)
    log = arguments.out.absolute() / "update.log"
    log.unlink(missing_ok=True)
    work = Path(tempfile.mkdtemp(prefix="gapura-update-"))
    try:
        if arguments.whole:
            wheels.gather(CHECKOUT, work, made_at_s, log)
        else:
            (work / "wheels").mkdir()
            wheels.build_project(CHECKOUT, work, work / "wheels", made_at_s, log)
        own = _version_in(work / "wheels")
        lay_out(
            (work / "wheels").iterdir(), work / "tree",
            version=own, python=recipe.PYTHON, uses_image=not arguments.whole,
        )  # fmt: skip
        return pack(
            work / "tree", arguments.out, key,
            version=own, follows=arguments.follows, python=recipe.PYTHON, machine=_MACHINE,
            libraries=b"" if arguments.whole else recipe.libraries_digest(),
        )  # fmt: skip
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _version_in(wheels: Path) -> str:
    """Return what the release will call itself: that of its own wheel, not of who builds it."""
    (wheel,) = wheels.glob("gapura-*.whl")
    version = wheel.name.split("-")[1]
    try:
        rank_of(version)
    except Malformed as error:
        raise CannotBuild(
            f"{version} is no version for an update", hint="three numbers in pyproject.toml: 0.2.0"
        ) from error
    return version


def _version(text: str) -> str:
    try:
        rank_of(text)
    except Malformed as error:
        raise argparse.ArgumentTypeError("must be a version such as 0.2.0") from error
    return text
