"""`gapura-kiosk check`: what works, what does not, and what to do about it."""

import argparse
import dataclasses
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from hardware.errors import HardwareFault
from kiosk import assembly
from kiosk.clock import SystemClock
from kiosk.config import DEFAULT_PATH, Configuration, load
from kiosk.errors import ConfigurationError, JournalFault, KioskError
from kiosk.eye import FRAME_TIMEOUT_S
from kiosk.health.clock import ClockCheck
from kiosk.health.damage import DamageCheck
from kiosk.health.finding import Finding
from kiosk.health.journal import JournalCheck
from kiosk.health.reference import ReferenceCheck
from kiosk.health.storage import StorageCheck
from kiosk.journal.journal import Journal
from kiosk.standing import Standing
from kiosk.state_directory import claim, directory
from kiosk.validation import validate
from sync.wire.batch import State

_SIGNS = {State.OK: "ok ", State.BAD: "BAD", State.UNKNOWN: " ? "}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=DEFAULT_PATH, help="the configuration file")
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a check")


def run(arguments: argparse.Namespace) -> int:
    """Print every finding; 0 where nothing is bad, else 1."""
    worst = 0
    for finding in _findings(arguments.config):
        print(_as_json(finding) if arguments.jsonl else _as_text(finding))
        worst = max(worst, int(finding.state is State.BAD))
    return worst


def _findings(path: Path) -> Iterator[Finding]:
    try:
        configuration = load(path)
        validate(configuration)
    except ConfigurationError as error:
        yield Finding("configuration", State.BAD, str(error), error.hint)
        return
    yield Finding("configuration", State.OK, str(path))
    try:
        with claim(directory(configuration.kiosk.state_dir)):
            yield from _look_ourselves(configuration)
    except JournalFault:
        yield from _ask_the_door(configuration)
    except KioskError as error:
        yield Finding("state_dir", State.BAD, str(error), error.hint)


def _look_ourselves(configuration: Configuration) -> Iterator[Finding]:
    yield _camera(configuration)
    yield _lamp(configuration)
    state_dir = Path(configuration.kiosk.state_dir)
    yield StorageCheck(state_dir).find()
    clock = SystemClock()
    with ExitStack() as stack:
        try:
            journal = assembly.open_journal(configuration)
        except KioskError as error:
            yield Finding("journal", State.BAD, str(error), error.hint)
            return
        stack.callback(journal.close)
        yield JournalCheck(journal.backlog).find()
        yield DamageCheck(state_dir).find()
        yield ClockCheck(lambda: journal.now(clock.moment())).find()
        yield _reference(configuration, journal, clock)


def _reference(configuration: Configuration, journal: Journal, clock: SystemClock) -> Finding:
    try:
        standing = Standing.look(Path(configuration.kiosk.state_dir), journal, clock.moment)
    except KioskError as error:
        return Finding("bundle_version", State.BAD, str(error), error.hint)
    return ReferenceCheck(lambda: standing.stage, lambda: standing.reference).find()


def _camera(configuration: Configuration) -> Finding:
    try:
        camera = assembly.camera_opener(configuration)()
        try:
            frame = camera.frame(FRAME_TIMEOUT_S)
            height_px, width_px = frame.grey.shape
            return Finding("camera", State.OK, f"{camera.describe()}: {width_px}×{height_px}")
        finally:
            camera.close()
    except HardwareFault as fault:
        return Finding("camera", State.BAD, str(fault), fault.hint)


def _lamp(configuration: Configuration) -> Finding:
    try:
        lamp = assembly.open_lamp(configuration)
        lamp.close()
    except (HardwareFault, KioskError) as fault:
        return Finding("lamp", State.BAD, str(fault), fault.hint)
    return Finding("lamp", State.OK, configuration.lamp.driver)


def _ask_the_door(configuration: Configuration) -> Iterator[Finding]:
    """The door is running and owns its files: show what it says of itself."""
    path = Path(configuration.kiosk.run_dir) / "door.json"
    try:
        status = json.loads(path.read_text())
        findings = [
            Finding(item["check"], State[item["state"].upper()], item["said"], item["advice"])
            for item in status["health"]
        ]
        yield Finding("door", State.OK, f"the door runs; it shows: {status['caption']}")
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        yield Finding("door", State.UNKNOWN, "the door runs but says nothing", "wait 10 s")
        return
    yield from findings


def _as_text(finding: Finding) -> str:
    todo = f"\n      -> {finding.advice}" if finding.advice else ""
    return f"{_SIGNS[finding.state]} {finding.check}: {finding.said}{todo}"


def _as_json(finding: Finding) -> str:
    content = dataclasses.asdict(finding) | {"state": finding.state.name.lower()}
    return json.dumps(content, ensure_ascii=False)
