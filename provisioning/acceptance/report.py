"""What came of all parts together, who signs it off, and what is left of it: a file of JSON for
programs, an event for the hub. No picture, and of people two to four letters.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from provisioning.acceptance.result import Outcome, Result
from provisioning.firstboot.small_file import write_whole
from sync.wire.happenings import Happening
from sync.wire.visit import Event

FORMAT = 1
LEFT_FILE = "acceptance"
"""In the door's state directory: the event that it tells its hub, once."""
_MARK_DIGITS = 8
_INITIALS = re.compile(r"[A-Z]{2,4}")


@dataclass(frozen=True, slots=True)
class Report:
    """`made_at` is by this machine's clock; `signed_by` are initials, empty of one that nobody has
    signed off.
    """

    made_at: datetime
    software: str
    signed_by: str
    results: tuple[Result, ...]

    @property
    def bad(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.outcome is Outcome.BAD)

    @property
    def serial(self) -> str:
        """Return what tells the board and its card from others; empty where nothing does."""
        figures = (figure for result in self.results for figure in result.figures)
        return next((str(figure.value) for figure in figures if figure.name == "serial"), "")

    @property
    def mark(self) -> str:
        """Return the first digits of the file's SHA-256, by which report and event are compared."""
        return hashlib.sha256(self.to_json()).hexdigest()[:_MARK_DIGITS]

    def to_json(self) -> bytes:
        content = {
            "format": FORMAT,
            "made_at": self.made_at.isoformat(),
            "software": self.software,
            "serial": self.serial,
            "outcome": (Outcome.BAD if self.bad else Outcome.OK).value,
            "signed_by": self.signed_by or None,
            "parts": [as_object(result) for result in self.results],
        }
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()

    def event(self) -> Event:
        return Event(
            Happening.ACCEPTANCE,
            len(self.bad),
            is_bad=bool(self.bad),
            detail=f"{self.signed_by} {self.made_at:%Y-%m-%d} {self.mark}",
        )


def as_object(result: Result) -> dict[str, object]:
    return {
        "part": result.part,
        "outcome": result.outcome.value,
        "said": result.said,
        "advice": result.advice,
        "figures": {figure.name: figure.value for figure in result.figures},
    }


def initials(text: str) -> str:
    """Return them in capitals.

    Raises:
        ValueError: it is a name, or something else.
    """
    found = text.strip().upper()
    if not _INITIALS.fullmatch(found):
        raise ValueError("two to four letters, and no name")
    return found


def leave_for_door(report: Report, state_dir: Path) -> None:
    """Leave the event where the door finds it at its next start.

    Raises:
        OSError: it cannot be written.
    """
    write_whole(state_dir / LEFT_FILE, report.event().to_bytes())
