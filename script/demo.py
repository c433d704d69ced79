"""The demo: a hub, a courier and a door on this machine, and visitors who hold up their phones.

Everything lies in `.demo/` and is made anew each time. The three processes are the real ones; by
default only the camera's sensor is simulated.
"""

import argparse
import fcntl
import json
import os
import shutil
import signal
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from demo_hub import DemoHub
from demo_kiosk import DemoKiosk
from demo_visitors import SHOWN_MS, Visitor, make_visitors

HOME = Path(".demo")
ENROL_S = 90.0
SYNC_S = 60.0


class DemoFailure(Exception):
    """Something did not go as it must; the message says what."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What the door recorded and what the hub has, after a round."""

    recorded: int
    arrived: int
    outcomes: dict[str, int]


def main() -> int:
    arguments = _arguments()
    _require_pictures(arguments.camera)
    signal.signal(signal.SIGTERM, _stop)
    # Held until the process ends.
    lock = os.open(".demo.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("Another demo runs in this checkout: end it first.", file=sys.stderr)
        return 1
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir()
    with ExitStack() as stack:
        try:
            return _play(arguments, stack)
        except DemoFailure as failure:
            print(f"\nThe demo failed: {failure}\nThe logs are in {HOME}/", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\nGood-bye.")
            return 0


def _stop(number: int, _frame: FrameType | None) -> None:
    """End like Ctrl-C, once: what comes after must not disturb the tidying up."""
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _require_pictures(camera: str | None) -> None:
    """Say at once, not after half a minute, that there is nothing to look at."""
    if camera is None or camera.startswith("webcam") or "://" in camera:
        return
    path = Path(camera)
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        print(f"--camera: there is nothing to look at: {path.absolute()}", file=sys.stderr)
        raise SystemExit(2)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="play one round, check it, and end")
    parser.add_argument(
        "--camera",
        metavar="PATH|webcam",
        help="a folder of pictures, a video, or the webcam instead of the simulated phone",
    )
    return parser.parse_args()


def _play(arguments: argparse.Namespace, stack: ExitStack) -> int:
    _say("Starting the hub")
    hub = stack.enter_context(DemoHub(HOME / "hub"))
    card = hub.create_card()
    visitors = make_visitors(hub)
    _say("Starting the door and the courier, and enrolling the kiosk with a card")
    kiosk = stack.enter_context(DemoKiosk(HOME / "kiosk"))
    kiosk.start()
    kiosk.show(card, for_ms=4000)
    if not kiosk.wait_for(lambda status: status["state"] == "ready", ENROL_S):
        raise DemoFailure(f"the kiosk did not become ready: {kiosk.status()}")
    _introduce(hub, kiosk)
    if arguments.camera is None:
        return _rounds(arguments, hub, kiosk, visitors)
    return _own_pictures(arguments, hub, kiosk, visitors)


def _rounds(
    arguments: argparse.Namespace, hub: DemoHub, kiosk: DemoKiosk, visitors: list[Visitor]
) -> int:
    while True:
        before = hub.tally()
        for visitor in visitors:
            _visit(kiosk, visitor)
        expected = {
            outcome: before.get(outcome, 0) + sum(v.outcome == outcome for v in visitors)
            for outcome in ("admit", "deny", "refer")
        }
        tally = _check_arrivals(hub, kiosk, expected)
        _summarise(tally, hub)
        if arguments.once:
            return 0
        print("Another round in 15 s; Ctrl-C ends the demo.\n")
        time.sleep(15)


def _visit(kiosk: DemoKiosk, visitor: Visitor) -> None:
    print(f"\n{visitor.who}")
    before = kiosk.status()["newest_seq"]
    kiosk.show(visitor.payload, for_ms=SHOWN_MS)
    if not kiosk.wait_for(lambda status: status["newest_seq"] > before, SHOWN_MS / 1000 + 6):
        raise DemoFailure(f"nothing was recorded for: {visitor.who}")
    kiosk.wait_until_the_stage_is_empty()


def _own_pictures(
    arguments: argparse.Namespace, hub: DemoHub, kiosk: DemoKiosk, visitors: list[Visitor]
) -> int:
    passes = HOME / "passes"
    hub.draw(visitors, passes)
    print(f"\nPasses to hold up or to print lie in {passes}/ (what each is: its file name).")
    print("They are good for this run alone: each demo makes a hub of its own.")
    before = hub.tally()
    kiosk.restart_with(arguments.camera)
    _say(f"The door now looks at {arguments.camera}")
    try:
        while not kiosk.has_ended():
            time.sleep(0.5)
    except KeyboardInterrupt:
        print()
    outcomes = {
        name.lower(): before.get(name.lower(), 0) + count
        for name, count in kiosk.status()["counts"].items()
    }
    tally = _check_arrivals(hub, kiosk, {**before, **outcomes})
    _summarise(tally, hub)
    return 0


def _check_arrivals(hub: DemoHub, kiosk: DemoKiosk, expected: dict[str, int]) -> Tally:
    """Wait until the courier has carried everything, then compare: every visit exactly once."""
    recorded = sum(expected.values())
    deadline = time.monotonic() + SYNC_S
    while hub.arrived() < recorded and time.monotonic() < deadline:
        time.sleep(0.5)
    tally = Tally(recorded, hub.arrived(), hub.tally())
    if tally.arrived != tally.recorded:
        raise DemoFailure(f"{tally.recorded} visits were recorded, {tally.arrived} arrived")
    if tally.outcomes != expected:
        raise DemoFailure(f"the hub has {tally.outcomes}, expected were {expected}")
    return tally


def _introduce(hub: DemoHub, kiosk: DemoKiosk) -> None:
    status = kiosk.status()
    print(f'\n  The kiosk is enrolled as the door "{status["label"]}".')
    print(f"  The hub:   {hub.url}")
    print(f"  Sign in:   {hub.user} / {hub.password}   (made for this demo alone)")
    print("  Look at:   the visits as they come in, and the kiosk's contact and backlog")


def _summarise(tally: Tally, hub: DemoHub) -> None:
    counted = ", ".join(f"{count} {name}" for name, count in sorted(tally.outcomes.items()))
    print(f"\nEvery visit reached the hub exactly once: {tally.arrived} of {tally.recorded}")
    print(f"  {counted}")
    print(f"  repeats the hub refused to store twice: {hub.status()['repeats']}")
    (HOME / "summary.json").write_text(
        json.dumps({"recorded": tally.recorded, "arrived": tally.arrived, **tally.outcomes})
    )


def _say(text: str) -> None:
    bold, plain = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")
    print(f"{bold}==>{plain} {text}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
