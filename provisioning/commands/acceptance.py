"""`gapura-provision acceptance`: try every part of a new kiosk, with the door stopped."""

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path

from kiosk.config import DEFAULT_PATH, load
from provisioning.acceptance.bench import try_everything
from provisioning.acceptance.door_lock import hold_door_lock
from provisioning.acceptance.parts import parts_of
from provisioning.acceptance.result import Outcome, Result
from provisioning.acceptance.stopwatch import Stopwatch

_PRESS_WITHIN_S = 15.0
_SIGNS = {Outcome.OK: "ok ", Outcome.BAD: "BAD", Outcome.SKIPPED: " - "}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=DEFAULT_PATH, help="the configuration file")
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a part")
    parser.add_argument(
        "--seconds",
        type=_seconds,
        default=_PRESS_WITHIN_S,
        metavar="N",
        help="how long to wait for the button to be pressed (%(default)g)",
    )


def run(arguments: argparse.Namespace, stopwatch: Stopwatch | None = None) -> int:
    """Print every result as it comes; 0 where nothing is bad, else 1.

    Raises:
        KioskError: the configuration cannot be used.
        ProvisioningError: the door is running.
    """
    configuration = load(arguments.config)
    state_dir = Path(configuration.kiosk.state_dir)
    worst = 0
    with ExitStack() as stack:
        hold_door_lock(state_dir, stack)
        for result in try_everything(
            parts_of(configuration),
            state_dir=state_dir,
            deadline_s=configuration.journal.deadline_s,
            press_within_s=arguments.seconds,
            stopwatch=stopwatch or Stopwatch(),
            announce=_announce,
        ):
            print(_as_json(result) if arguments.jsonl else _as_text(result), flush=True)
            worst = max(worst, int(result.outcome is Outcome.BAD))
    return worst


def _announce(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


def _as_text(result: Result) -> str:
    todo = f"\n      -> {result.advice}" if result.advice else ""
    return f"{_SIGNS[result.outcome]} {result.part}: {result.said}{todo}"


def _as_json(result: Result) -> str:
    content = {
        "part": result.part,
        "outcome": result.outcome.value,
        "said": result.said,
        "advice": result.advice,
        "figures": {figure.name: figure.value for figure in result.figures},
    }
    return json.dumps(content, ensure_ascii=False)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("must be a number of seconds") from error
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError("must be more than 0 and at most 3600")
    return seconds
