"""`kiosk-status.txt`: how the kiosk is, for whoever puts its card into any computer. No secret."""

import json
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from provisioning.firstboot.report import Report, read_report
from provisioning.firstboot.small_file import read_small, write_whole
from provisioning.firstboot.trouble import Trouble
from provisioning.firstboot.words import NOT_RUNNING, STATES, TITLES, TROUBLES
from provisioning.language import LANGUAGES, said

NAME = "kiosk-status.txt"
_MOST_BYTES = 64 * 1024
_MOST_CHARACTERS = 300
_SOFTWARE = re.compile(r"gapura [0-9.]{5,11}")
_COURIER_STATES = frozenset(
    {
        *("starting", "ok", "no-hub", "no-network", "hub-away", "portal", "stranger"),
        *("out-of-date", "refused", "door-away", "trouble"),
    }
)


def write_status_text(boot_dir: Path, door: Path, courier: Path, setup_dir: Path) -> bool:
    """Write the file anew where it would say something else; return whether it did.

    Raises:
        OSError: the partition takes nothing.
    """
    told = status_text(_object(door), _object(courier), read_report(setup_dir)).encode()
    path = boot_dir / NAME
    if read_small(path, _MOST_BYTES) == told:
        return False
    write_whole(path, told, mode=0o644)
    return True


def status_text(
    door: Mapping[str, object], courier: Mapping[str, object], report: Report | None
) -> str:
    """Return the text, both languages one below the other, with line ends for any computer."""
    blocks = [_block(language, door, courier, report) for language in LANGUAGES]
    lines = ["GAPURA", "", *blocks[0], "", "---", "", *blocks[1], ""]
    return "\r\n".join(lines)


def _block(
    language: str,
    door: Mapping[str, object],
    courier: Mapping[str, object],
    report: Report | None,
) -> Sequence[str]:
    titles = {key: said(text, language) for key, text in TITLES.items()}
    state = str(door.get("state", ""))
    line = str(courier.get("state", ""))
    trouble = _trouble(report)
    error = titles["none"] if trouble is None else said(TROUBLES[trouble], language)
    return [
        f"{titles['state']}: {state if state in STATES else '-'}",
        f"{titles['advice']}: {said(STATES.get(state, NOT_RUNNING), language)}",
        f"{titles['network']}: {line if line in _COURIER_STATES else '-'}",
        f"{titles['error']}: {error}",
        *(f"  - {_plain(detail)}" for detail in (report.details if trouble and report else ())),
        f"{titles['version']}: {_software(door)}",
    ]


def _software(door: Mapping[str, object]) -> str:
    """What the door calls itself; this program is the image's, and an update may be newer."""
    told = str(door.get("software", ""))
    return told if _SOFTWARE.fullmatch(told) else f"gapura {version('gapura')}"


def _trouble(report: Report | None) -> Trouble | None:
    known = {trouble.value: trouble for trouble in Trouble}
    return None if report is None else known.get(report.trouble)


def _object(path: Path) -> Mapping[str, object]:
    """Return what a program shows of itself; nothing where it does not run."""
    try:
        content = json.loads(read_small(path.resolve(), _MOST_BYTES) or b"{}")
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _plain(text: str) -> str:
    shown = "".join(character if character.isprintable() else "?" for character in text)
    return shown[:_MOST_CHARACTERS]
