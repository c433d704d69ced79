"""What goes into the image is pinned, and is what the project asks of a kiosk."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from provisioning.image import recipe, wheels

ROOT = Path(__file__).parents[3]
_BY_DEBIAN = {
    "numpy": "python3-numpy",
    "systemd-python": "python3-systemd",
    "lgpio": "python3-lgpio",
}
_ENVIRONMENT = {"python_version": recipe.PYTHON, "platform_machine": "aarch64", "extra": ""}


def _wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    texts = list(project["dependencies"])
    for extra in ("kiosk", "uplink", "provisioning"):
        texts += project["optional-dependencies"][extra]
    asked = [Requirement(text) for text in texts]
    return [one for one in asked if one.marker is None or one.marker.evaluate(_ENVIRONMENT)]


def test_every_pin_has_an_exact_version_and_a_hash() -> None:
    pins = (*recipe.pins(), *recipe.tools())
    assert len(pins) > 10
    for pin in pins:
        assert pin.name == canonicalize_name(pin.name)
        assert re.fullmatch(r"\d[\w.]*", pin.version), pin
        assert re.fullmatch(r"[0-9a-f]{64}", pin.sha256), pin
    assert len({pin.name for pin in pins}) == len(pins)


@pytest.mark.parametrize("asked", _wanted(), ids=lambda asked: asked.name)
def test_what_a_kiosk_needs_is_pinned_in_a_version_that_fits(asked: Requirement) -> None:
    pinned = {pin.name: pin.version for pin in recipe.pins()}
    name = canonicalize_name(asked.name)
    if name == "gapura":
        return
    if name in _BY_DEBIAN:
        assert name not in pinned
        assert _BY_DEBIAN[name] in recipe.packages("packages.list")
        return
    assert asked.specifier.contains(pinned[name], prereleases=True)


def test_numpy_comes_from_debian_and_opencv_has_no_windows() -> None:
    names = {pin.name for pin in recipe.pins()}
    assert "opencv-python-headless" in names
    assert not names & {"numpy", "opencv-python"}
    assert "python3-numpy" in recipe.packages("packages.list")


def test_what_is_built_from_source_is_pinned_too() -> None:
    assert set(wheels.AS_SOURCE) <= {pin.name for pin in recipe.pins()}


def test_the_key_of_the_base_changes_with_all_that_it_is_made_of() -> None:
    key = recipe.key_of_base("", 1)
    assert key == recipe.key_of_base("", 1)
    assert len({key, recipe.key_of_base("", 2), recipe.key_of_base("http://a.example", 1)}) == 3


def test_lists_are_joined_sorted_each_package_once() -> None:
    both = recipe.packages("packages.list", "packages-virt.list")
    assert list(both) == sorted(set(both))
    assert set(recipe.packages("packages.list")) < set(both)
