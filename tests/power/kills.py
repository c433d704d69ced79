"""Kills door and courier at random moments, with a real hub, and counts what is lost or doubled.

python -m tests.power.kills --kills 300 --seed 7
"""

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).parents[2] / "script"))

from demo_hub import DemoHub
from demo_kiosk import DemoKiosk

from tests.power.traced_door import is_verdict

_SHOWN_MS = 2200
# More than the ten seconds for which a code that is shown again counts as the same visit.
_CODES = 9
_STRANGER = b""
_READY_S = 60


class WatchedKiosk(DemoKiosk):
    """Counts the verdicts that its lamp shows, for whoever it is that they are meant for.

    On a busy machine a verdict may come when the next code is held up already. Codes of three
    outcomes come in turn, so it is meant for the last one of its own outcome.
    """

    def __init__(self, home: Path) -> None:
        super().__init__(home, log_level="WARNING")
        self.last_of: dict[str, bytes] = {}
        self.lights: Counter[bytes] = Counter()

    def _paint(self, lines: IO[str]) -> None:
        for line in lines:
            if is_verdict(line):
                colour = line.partition("]")[0]
                self.lights[self.last_of.get(colour, b"nobody")] += 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """`lost` counts lights without their entry, `doubled` entries that the hub has twice."""

    kills: int
    lights: int
    recorded: int
    arrived: int
    lost: int
    doubled: int
    complaints: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not (self.lost or self.doubled or self.complaints) and self.arrived == self.recorded

    def __str__(self) -> str:
        return (
            f"{self.kills} kills: {self.lights} verdicts lit, {self.recorded} entries in the "
            f"journal, {self.arrived} at the hub; {self.lost} lost, {self.doubled} doubled"
            + "".join(f"\n  {complaint}" for complaint in self.complaints)
        )


def campaign(home: Path, kills: int, seed: int) -> Outcome:
    """Kill so many processes; a code is held up meanwhile. Hub, kiosk and logs lie in `home`."""
    chance = random.Random(seed)
    kiosk = WatchedKiosk(home / "kiosk")
    with DemoHub(home / "hub") as hub, kiosk:
        kiosk.start()
        kiosk.show(hub.create_card(), for_ms=5000)
        assert kiosk.wait_for(lambda status: status["state"] == "ready", 90), kiosk.status()
        kiosk.wait_until_the_stage_is_empty()
        codes = _codes(hub)
        done = rounds = 0
        while done < kills:
            colour, who, payload = codes[rounds % len(codes)]
            kiosk.last_of[colour] = who
            rounds += 1
            kiosk.show(payload, for_ms=_SHOWN_MS)
            time.sleep(chance.uniform(0.2, 3.0))
            done += _kill(kiosk, chance)
            _wait_until_ready(kiosk)
            kiosk.wait_until_the_stage_is_empty()
            time.sleep(0.2)
        return _count(hub, kiosk, home, done)


def _codes(hub: DemoHub) -> list[tuple[str, bytes, str]]:
    """Return codes of three outcomes in turn: the lamp's colour, the cti, the code."""
    codes: list[tuple[str, bytes, str]] = []
    for number in range(_CODES // 3):
        for kind, colour in (("visitor", "[HIJAU/GREEN"), ("employee", "[KUNING/AMBER")):
            issued = hub.issue("--type", kind, "--label", f"Contoh {number}", "--days", "1")
            codes.append((colour, bytes.fromhex(issued["cti"]), issued["pass"]))
        codes.append(("[MERAH/RED", _STRANGER, f"https://example.org/{number}"))
    return codes


def _kill(kiosk: WatchedKiosk, chance: random.Random) -> int:
    """Kill one or both and start them again; sometimes once more while the door starts."""
    kills = 0
    whom = chance.choice(("door", "courier", "both"))
    if whom != "door":
        kiosk.kill_courier()
        kills += 1
    if whom != "courier":
        kiosk.kill_door()
        kills += 1
        kiosk.start_door()
        if chance.random() < 0.3:
            time.sleep(chance.uniform(0.1, 3.0))
            kiosk.kill_door()
            kills += 1
            kiosk.start_door()
    if whom != "door":
        kiosk.start_courier()
    return kills


def _wait_until_ready(kiosk: WatchedKiosk) -> None:
    assert kiosk.wait_for(lambda status: status["state"] == "ready", _READY_S), kiosk.status()


def _count(hub: DemoHub, kiosk: WatchedKiosk, home: Path, kills: int) -> Outcome:
    recorded = kiosk.journal_length()
    _wait_until_ready(kiosk)
    complaints = []
    if not kiosk.wait_for(lambda status: status["backlog"] == 0, 120):
        complaints.append(f"not all has been sent: {kiosk.status()['backlog']} wait")
    status = hub.status()
    complaints += [
        f"{status[what]} {what} at the hub" for what in ("rejected", "conflicts") if status[what]
    ]
    aside = list((home / "kiosk" / "state").glob("journal.db.damaged-*"))
    complaints += [f"a journal was set aside: {path.name}" for path in aside]
    visits, doubled = _at_hub(home / "hub")
    short = {who: lit - visits[who] for who, lit in kiosk.lights.items() if lit > visits[who]}
    complaints += [f"{count} too few of {who.hex() or 'strangers'}" for who, count in short.items()]
    lost = sum(short.values())
    return Outcome(
        kills, kiosk.lights.total(), recorded, hub.arrived(), lost, doubled, tuple(complaints)
    )


def _at_hub(home: Path) -> tuple[Counter[bytes], int]:
    """Return how many visits the hub has of each pass, and how many entries it has twice."""
    (database,) = home.glob("*.sqlite3")
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        ctis = connection.execute("SELECT cti FROM ingest_visit").fetchall()
        (doubled,) = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM ingest_entry GROUP BY sealed HAVING count(*) > 1)"
        ).fetchone()
    return Counter(bytes(cti) if cti else _STRANGER for (cti,) in ctis), doubled


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gapura-kills-") as place:
        outcome = campaign(Path(place), arguments.kills, arguments.seed)
    sys.stdout.write(f"{outcome}\n")
    return not outcome.holds


if __name__ == "__main__":
    sys.exit(main())
