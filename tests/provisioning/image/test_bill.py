"""The bill names every installed package and library, and is the same for the same image."""

import json
from datetime import UTC, datetime

from provisioning.image.bill import debian_packages, write_bill
from provisioning.image.recipe import Pin

_STATUS = """\
Package: libc6
Status: install ok installed
Architecture: arm64
Version: 2.41-12
Description: GNU C Library
 Status: of no account here

Package: gone
Status: deinstall ok config-files
Architecture: arm64
Version: 1.0

Package: adduser
Status: install ok installed
Architecture: all
Version: 3.152
"""
_PINS = (Pin("cbor2", "6.2.1", "ab" * 32),)
_AT = datetime(2026, 11, 22, tzinfo=UTC)


def _bill(sha256: str = "cd" * 32) -> str:
    return write_bill(_STATUS, _PINS, version="1.2.3", image_sha256=sha256, made_at=_AT)


def test_only_what_is_installed_is_listed() -> None:
    assert debian_packages(_STATUS) == [("adduser", "3.152", "all"), ("libc6", "2.41-12", "arm64")]


def test_packages_and_libraries_stand_in_it_by_their_addresses() -> None:
    content = json.loads(_bill())
    assert (content["bomFormat"], content["specVersion"]) == ("CycloneDX", "1.6")
    urls = {part["purl"] for part in content["components"]}
    assert urls == {
        "pkg:deb/debian/adduser@3.152?arch=all&distro=trixie",
        "pkg:deb/debian/libc6@2.41-12?arch=arm64&distro=trixie",
        "pkg:pypi/cbor2@6.2.1",
    }
    whole = content["metadata"]["component"]
    assert (whole["name"], whole["version"]) == ("gapura", "1.2.3")
    assert whole["hashes"] == [{"alg": "SHA-256", "content": "cd" * 32}]
    assert content["metadata"]["timestamp"] == "2026-11-22T00:00:00+00:00"


def test_the_same_image_has_the_same_bill_and_another_one_another() -> None:
    assert _bill() == _bill()
    other = json.loads(_bill("ef" * 32))
    assert other["serialNumber"] != json.loads(_bill())["serialNumber"]
