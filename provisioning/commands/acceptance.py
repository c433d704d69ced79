"""`gapura-provision acceptance`: try every part of a new kiosk, with the door stopped."""

import argparse
import json
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from kiosk.config import DEFAULT_PATH, Configuration, load
from provisioning.acceptance.bench import Place, Technician, try_everything
from provisioning.acceptance.clock import Surroundings
from provisioning.acceptance.door_lock import hold_door_lock
from provisioning.acceptance.hub import Traces
from provisioning.acceptance.parts import parts_of
from provisioning.acceptance.report import Report, as_object, initials, leave_for_door
from provisioning.acceptance.result import Outcome, Result
from provisioning.acceptance.stopwatch import Stopwatch
from provisioning.errors import CannotDraw, NotSigned
from provisioning.language import LANGUAGES

ROOT = Path("/")
_WITHIN_S = 15.0
_SIGNS = {Outcome.OK: "ok ", Outcome.BAD: "BAD", Outcome.SKIPPED: " - "}
_YES = frozenset({"y", "yes", "ya"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=DEFAULT_PATH, help="the configuration file")
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a part")
    parser.add_argument(
        "--seconds",
        type=_seconds,
        default=_WITHIN_S,
        metavar="N",
        help="how long to wait for the button and for each target (%(default)g)",
    )
    parser.add_argument(
        "--without-internet",
        action="store_true",
        help="the site has none: a clock with a battery is required, a network is not",
    )
    parser.add_argument(
        "--sign", type=_initials, metavar="INITIALS", help="sign off, by your initials"
    )
    parser.add_argument(
        "--report", type=Path, metavar="DIR", help="write the report there, as JSON and PDF"
    )
    parser.add_argument(
        "--language", choices=LANGUAGES, default=LANGUAGES[0], help="of the PDF (%(default)s)"
    )


def run(arguments: argparse.Namespace, now: datetime | None = None) -> int:
    """Print every result as it comes; 0 where nothing is bad, else 1.

    Raises:
        KioskError: the configuration cannot be used.
        ProvisioningError: the door is running, or the report cannot be written.
    """
    configuration = load(arguments.config)
    results = []
    with ExitStack() as stack:
        hold_door_lock(Path(configuration.kiosk.state_dir), stack)
        for result in try_everything(
            parts_of(configuration),
            _place(configuration, arguments),
            Technician(_announce, _ask if arguments.sign else _believe),
            Stopwatch(),
        ):
            print(_as_json(result) if arguments.jsonl else _as_text(result), flush=True)
            results.append(result)
        made_at = (now or datetime.now(UTC)).replace(microsecond=0)
        software = f"gapura {version('gapura')}"
        report = Report(made_at, software, arguments.sign or "", tuple(results))
        if arguments.sign:
            _sign(report, Path(configuration.kiosk.state_dir))
    if arguments.report is not None:
        _write(report, arguments.report, arguments.language)
    return int(bool(report.bad))


def _place(configuration: Configuration, arguments: argparse.Namespace) -> Place:
    has_internet = not arguments.without_internet
    return Place(
        Surroundings(ROOT, needs_rtc=not has_internet),
        Traces(
            Path(configuration.kiosk.state_dir),
            Path(configuration.kiosk.run_dir) / "sync.json",
            is_expected=has_internet,
        ),
        deadline_s=configuration.journal.deadline_s,
        within_s=arguments.seconds,
    )


def _sign(report: Report, state_dir: Path) -> None:
    try:
        leave_for_door(report, state_dir)
    except OSError as error:
        raise NotSigned(
            f"{state_dir} takes nothing: {error.strerror}",
            hint="run as the user gapura-kiosk, after it has started once",
        ) from error


def _write(report: Report, folder: Path, language: str) -> None:
    """The file for programs first: it needs no library."""
    path = folder / f"acceptance-{report.made_at:%Y%m%d}-{report.mark}"
    try:
        path.with_suffix(".json").write_bytes(report.to_json())
        path.with_suffix(".pdf").write_bytes(_drawn(report, language))
    except OSError as error:
        raise CannotDraw(
            f"{folder} takes nothing: {error.strerror}", hint="name another folder with --report"
        ) from error
    for kind in (".json", ".pdf"):
        print(f"... {path.with_suffix(kind)}", file=sys.stderr)


def _drawn(report: Report, language: str) -> bytes:
    try:
        from provisioning.acceptance.sheet import draw_report  # noqa: PLC0415 (not on the image)
    except ImportError as error:
        raise CannotDraw.for_want_of(error) from error
    return draw_report(report, language)


def _announce(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


def _ask(text: str) -> bool:
    """Whoever signs off says yes; anything else, and silence, is no."""
    print(f"??? {text} [y/n] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in _YES


def _believe(_text: str) -> bool:
    return True


def _as_text(result: Result) -> str:
    todo = f"\n      -> {result.advice}" if result.advice else ""
    return f"{_SIGNS[result.outcome]} {result.part}: {result.said}{todo}"


def _as_json(result: Result) -> str:
    return json.dumps(as_object(result), ensure_ascii=False)


def _initials(text: str) -> str:
    try:
        return initials(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be {error}") from error


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("must be a number of seconds") from error
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError("must be more than 0 and at most 3600")
    return seconds
