"""The kiosk's configuration: a TOML file into frozen records, every fault reported at once."""

import dataclasses
import difflib
import math
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from kiosk.errors import ConfigurationError

DEFAULT_PATH = Path("/etc/gapura/kiosk.toml")
_HINT = "mend the file and start again; docs/reference/configuration.md lists every setting"


@dataclass(frozen=True, slots=True)
class KioskSection:
    """`state_dir` holds what must outlive a power cut, `run_dir` what need not; `setup_dir` is the
    setup helper's.
    """

    state_dir: str = "/var/lib/gapura"
    run_dir: str = "/run/gapura"
    setup_dir: str = "/run/gapura-firstboot"
    languages: tuple[str, ...] = ("id", "en")


@dataclass(frozen=True, slots=True)
class CameraSection:
    """`source` is a folder, video, stream, device or "webcam" for `desktop`, the stage file for
    `simulated`. `watched`: a frozen, dark or blocked picture is a fault.
    """

    driver: str = "raspberry"
    source: str = ""
    width_px: int = 640
    height_px: int = 480
    seed: int = 1
    watched: bool = True


@dataclass(frozen=True, slots=True)
class LampSection:
    """Pins are BCM numbers."""

    driver: str = "raspberry"
    red_pin: int = 17
    green_pin: int = 27


@dataclass(frozen=True, slots=True)
class BuzzerSection:
    driver: str = "raspberry"
    pin: int = 18


@dataclass(frozen=True, slots=True)
class ButtonSection:
    driver: str = "absent"
    pin: int = 22


@dataclass(frozen=True, slots=True)
class BoardSection:
    driver: str = "raspberry"


@dataclass(frozen=True, slots=True)
class ScanningSection:
    """`rungs` in the order in which they are tried, empty for the measured default; `budget_ms` is
    CPU time a frame; `contained` decodes in a process of its own.
    """

    rungs: tuple[str, ...] = ()
    budget_ms: float = 0.0
    contained: bool = True


@dataclass(frozen=True, slots=True)
class JournalSection:
    """A commit that takes longer than `deadline_s` puts the door out of order."""

    deadline_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Configuration:
    kiosk: KioskSection = field(default_factory=KioskSection)
    camera: CameraSection = field(default_factory=CameraSection)
    lamp: LampSection = field(default_factory=LampSection)
    buzzer: BuzzerSection = field(default_factory=BuzzerSection)
    button: ButtonSection = field(default_factory=ButtonSection)
    board: BoardSection = field(default_factory=BoardSection)
    scanning: ScanningSection = field(default_factory=ScanningSection)
    journal: JournalSection = field(default_factory=JournalSection)


def load(path: Path) -> Configuration:
    """Read a configuration file.

    Raises:
        ConfigurationError: it cannot be read, or is wrong in some places, all of which are named.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"there is no configuration file at {path}",
            hint="name one with --config; docs/reference/configuration.md has an example",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}", hint=_HINT) from error
    return parse(text, origin=str(path))


def parse(text: str, *, origin: str) -> Configuration:
    """Read a configuration from TOML; `origin` names it in messages.

    Raises:
        ConfigurationError: every fault at once.
    """
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{origin} is not TOML: {error}", hint=_HINT) from error
    faults: list[str] = []
    sections: dict[str, Any] = {}
    types = get_type_hints(Configuration)
    for name, value in content.items():
        if name not in types:
            faults.append(f"[{name}]: there is no such section{_guess(name, types)}")
        elif not isinstance(value, dict):
            faults.append(f"{name}: must be a section, written [{name}]")
        else:
            sections[name] = _section(types[name], name, value, faults)
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise ConfigurationError(f"{origin} has {len(faults)} fault(s):\n{listed}", hint=_HINT)
    return Configuration(**sections)


def _section(kind: Any, name: str, content: dict[str, Any], faults: list[str]) -> Any:
    types = get_type_hints(kind)
    settings: dict[str, Any] = {}
    for key, value in content.items():
        where = f"[{name}] {key}"
        if key not in types:
            faults.append(f"{where}: there is no such setting{_guess(key, types)}")
        elif (setting := _setting(types[key], value)) is None:
            faults.append(f"{where}: must be {_expected(types[key])}, not {value!r}")
        elif misfit := _misfit(key, setting):
            faults.append(f"{where}: {misfit}")
        else:
            settings[key] = setting
    return kind(**settings)


def _setting(kind: type | UnionType, value: Any) -> Any:
    """Return the value as the setting's type, None where it does not fit."""
    if get_origin(kind) is tuple:
        fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        return tuple(value) if fits else None
    if kind is float and type(value) is int and abs(value) < 2**53:
        return float(value)
    return value if type(value) is kind else None


def _misfit(key: str, setting: Any) -> str:
    """Return what is wrong with a number of that unit; empty where nothing is."""
    if isinstance(setting, float) and not math.isfinite(setting):
        return "must be finite"
    if key.endswith(("_px", "_s")) and setting <= 0:
        return "must be more than 0"
    return "must not be negative" if key.endswith(("pin", "_ms")) and setting < 0 else ""


def _expected(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return f"a list of {get_args(kind)[0].__name__}"
    return {str: "text", int: "a whole number", float: "a number", bool: "true or false"}[kind]


def _guess(name: str, known: dict[str, Any]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are: {', '.join(known)}"


def settings() -> list[tuple[str, str, Any]]:
    """Return section, key and default of every setting, for the reference page."""
    defaults = Configuration()
    return [
        (section.name, setting.name, getattr(getattr(defaults, section.name), setting.name))
        for section in dataclasses.fields(Configuration)
        for setting in dataclasses.fields(getattr(defaults, section.name))
    ]
