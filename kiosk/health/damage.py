"""Whether the journal was ever found damaged: a card that spoils what it holds does so again."""

from pathlib import Path

from kiosk.health.finding import Finding
from kiosk.journal.salvage import damaged_files
from sync.wire.batch import State

_ADVICE = (
    "replace the card; take the old one to the hub (`gapura-hub import`), which reads what is left"
)


class DamageCheck:
    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir

    def find(self) -> Finding:
        count = len(damaged_files(self._state_dir))
        if count == 0:
            return Finding("damaged_journals", State.OK, "the journal was never damaged", value=0)
        said = f"the journal was damaged {count} time(s), and salvaged"
        return Finding("damaged_journals", State.BAD, said, _ADVICE, count)
