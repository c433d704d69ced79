"""The bill of materials: every Debian package and Python library of an image, as CycloneDX 1.6."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from provisioning.image import recipe


def write_bill(
    status: str, pins: Iterable[recipe.Pin], *, version: str, image_sha256: str, made_at: datetime
) -> str:
    """Return the document; `status` is what dpkg says of its packages.

    The same inputs give the same document: its number is made of the image's hash.
    """
    kiosk = Component(
        name="gapura",
        version=version,
        type=ComponentType.OPERATING_SYSTEM,
        bom_ref=f"gapura@{version}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=image_sha256)],
    )
    bill = Bom(
        serial_number=uuid5(NAMESPACE_URL, f"urn:sha256:{image_sha256}"),
        components=[*_debian(status), *map(_library, pins)],
    )
    bill.metadata.component = kiosk
    bill.metadata.timestamp = made_at.astimezone(UTC)
    bill.register_dependency(kiosk, bill.components)
    return JsonV1Dot6(bill).output_as_string(indent=1)


def debian_packages(status: str) -> list[tuple[str, str, str]]:
    """Return name, version and architecture of each installed package, in order."""
    found = []
    for paragraph in status.split("\n\n"):
        fields = dict(
            line.split(": ", 1)
            for line in paragraph.splitlines()
            if ": " in line and not line.startswith(" ")
        )
        if fields.get("Status", "").endswith(" installed"):
            found.append((fields["Package"], fields["Version"], fields["Architecture"]))
    return sorted(found)


def _debian(status: str) -> Iterable[Component]:
    for name, version, architecture in debian_packages(status):
        url = PackageURL(
            type="deb",
            namespace="debian",
            name=name,
            version=version,
            qualifiers={"arch": architecture, "distro": recipe.SUITE},
        )
        yield Component(
            name=name,
            version=version,
            type=ComponentType.LIBRARY,
            bom_ref=url.to_string(),
            purl=url,
        )


def _library(pin: recipe.Pin) -> Component:
    url = PackageURL(type="pypi", name=pin.name, version=pin.version)
    return Component(
        name=pin.name,
        version=pin.version,
        type=ComponentType.LIBRARY,
        bom_ref=url.to_string(),
        purl=url,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=pin.sha256)],
    )
