"""From wheels to the tree of files that a release is, as it will lie on the kiosk."""

from collections.abc import Iterable
from pathlib import Path

from installer import install
from installer.destinations import SchemeDictionaryDestination
from installer.sources import WheelFile

from provisioning.updates import image, shelf

# Where a wheel was fetched from is nobody's business on the kiosk.
_LEFT_OUT = "direct_url.json"
_PATH_FILE = "gapura-image.pth"


def lay_out(
    wheels: Iterable[Path], tree: Path, *, version: str, python: str, uses_image: bool
) -> None:
    """Fill the folder `tree`. `uses_image` has the release find the libraries of the image."""
    site = tree / "lib" / f"python{python}" / "site-packages"
    site.mkdir(parents=True)
    scheme = {
        "purelib": str(site),
        "platlib": str(site),
        "scripts": str(tree / "bin"),
        "headers": str(tree / "include"),
        "data": str(tree),
    }
    place = SchemeDictionaryDestination(
        scheme, interpreter=str(shelf.PLACE / version / "bin" / "python"), script_kind="posix"
    )
    for wheel in sorted(wheels):
        with WheelFile.open(wheel) as source:
            install(source, place, additional_metadata={"INSTALLER": b"gapura\n"})
    for file in site.rglob(_LEFT_OUT):
        file.unlink()
    if uses_image:
        libraries = image.PLACE / "lib" / f"python{python}" / "site-packages"
        (site / _PATH_FILE).write_text(f"{libraries}\n")
    # As `python3 -m venv --without-pip --system-site-packages` writes it.
    (tree / "pyvenv.cfg").write_text(
        f"home = /usr/bin\ninclude-system-site-packages = true\nversion = {python}\n"
    )
