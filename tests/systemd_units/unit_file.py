"""Reads unit files and the tables of sysusers.d(5) and tmpfiles.d(5)."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "systemd"
UNITS = tuple(sorted(FOLDER.glob("*.service")))
LASTING = ("gapura-kiosk.service", "gapura-sync.service")
"""Those that run for as long as the machine does; the others do one thing and end."""
# What runs on a kiosk, and what runs at Diskominfo.
HUB_UNITS = tuple(unit for unit in UNITS if unit.name.startswith("gapura-hub"))
KIOSK_UNITS = tuple(unit for unit in UNITS if unit not in HUB_UNITS)


@dataclass(frozen=True, slots=True)
class UnitFile:
    """Settings in the order of the file: several of them may have one key."""

    settings: tuple[tuple[str, str, str], ...]

    def values(self, section: str, key: str) -> tuple[str, ...]:
        return tuple(
            value for found, name, value in self.settings if (found, name) == (section, key)
        )

    def value(self, section: str, key: str) -> str:
        (value,) = self.values(section, key)
        return value

    def service(self, key: str) -> str:
        return self.value("Service", key)

    def words(self, section: str, key: str) -> Sequence[str]:
        return " ".join(self.values(section, key)).split()


def read_unit(name: str) -> UnitFile:
    section, settings = "", []
    for line in _lines(FOLDER / name):
        if line.startswith("["):
            section = line.strip("[]")
        else:
            key, _, value = line.partition("=")
            settings.append((section, key, value))
    return UnitFile(tuple(settings))


def read_table(name: str) -> list[list[str]]:
    return [shlex.split(line) for line in _lines(FOLDER / name)]


def _lines(path: Path) -> list[str]:
    lines = (line.strip() for line in path.read_text().splitlines())
    return [line for line in lines if line and not line.startswith(("#", ";"))]
