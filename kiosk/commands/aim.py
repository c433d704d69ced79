"""`gapura-kiosk aim`: focus, light and distance of the camera, live, while it is being mounted."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from hardware.errors import BuzzerFault
from hardware.interfaces import Buzzer, Frame
from kiosk import assembly
from kiosk.commands.aim_page import Page
from kiosk.commands.aim_view import BarsView, Glimpse, JsonView, LinesView
from kiosk.config import DEFAULT_PATH, Configuration, load
from kiosk.errors import ConfigurationError, JournalFault
from kiosk.eye import Eye
from kiosk.health.aim import take_aim, tone_hz
from kiosk.scanning.ladder import Decoder
from kiosk.state_directory import claim, directory

LOOK_EVERY_S = 0.2
_PORTS = range(65536)


@dataclass(frozen=True, slots=True)
class Parts:
    eye: Eye
    decoder: Decoder


Show = Callable[[Glimpse, Frame | None], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=DEFAULT_PATH, help="the configuration file")
    parser.add_argument(
        "--page", action="store_true", help="serve the live picture to a browser on this machine"
    )
    parser.add_argument(
        "--port", type=_port, default=0, help="port of the page (default: one that is free)"
    )
    parser.add_argument(
        "--seconds", type=_seconds, metavar="N", help="end after N seconds (default: at Ctrl-C)"
    )
    parser.add_argument("--silent", action="store_true", help="no tone on the kiosk's buzzer")
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a second")


def run(arguments: argparse.Namespace) -> int:
    """Show until told to stop; 0 where any picture came, else 1.

    Raises:
        KioskError: the configuration cannot be used, or the door is running.
    """
    configuration = load(arguments.config)
    with ExitStack() as stack:
        _claim(configuration, stack)
        parts = _parts(configuration, stack)
        shows: list[Show] = [_terminal(arguments, stack)]
        if not arguments.silent:
            shows.append(_tone(configuration, stack))
        if arguments.page:
            shows.append(_page(arguments.port, stack))
        with suppress(KeyboardInterrupt):
            return 0 if _watch(parts, shows, arguments.seconds) else 1
    return 0


def _claim(configuration: Configuration, stack: ExitStack) -> None:
    try:
        stack.enter_context(claim(directory(configuration.kiosk.state_dir)))
    except JournalFault as fault:
        raise JournalFault(
            "the door is running and has the camera",
            hint="stop it first: sudo systemctl stop gapura-kiosk; a kiosk that is not enrolled "
            "is aimed by ear while it runs: press its button three times within 2 s",
        ) from fault


def _parts(configuration: Configuration, stack: ExitStack) -> Parts:
    eye = assembly.open_eye(configuration, _boot_ms, None)
    stack.callback(eye.close)
    decoder = assembly.build_decoder(configuration)
    stack.callback(decoder.close)
    return Parts(eye, decoder)


def _tone(configuration: Configuration, stack: ExitStack) -> Show:
    buzzer = assembly.open_buzzer(configuration)
    stack.callback(buzzer.close)
    return _Tone(buzzer)


def _terminal(arguments: argparse.Namespace, stack: ExitStack) -> Show:
    if arguments.jsonl:
        return JsonView(sys.stdout).show
    if sys.stdout.isatty():
        bars = BarsView(sys.stdout)
        stack.callback(bars.close)
        return bars.show
    return LinesView(sys.stdout).show


def _page(port: int, stack: ExitStack) -> Show:
    try:
        page = Page(port)
    except OSError as error:
        raise ConfigurationError(
            f"port {port} cannot be used: {error.strerror}", hint="leave --port out"
        ) from error
    stack.callback(page.close)
    sys.stderr.write(
        f"the picture is at {page.address} on this machine; from another one first run\n"
        f"  ssh -L {page.port}:127.0.0.1:{page.port} <this machine>\n"
    )
    return page.show


def _watch(parts: Parts, shows: Sequence[Show], seconds: float | None) -> bool:
    """Return whether any picture came."""
    started_s = time.monotonic()
    due_s, seen = started_s, False
    while seconds is None or time.monotonic() - started_s < seconds:
        frame = parts.eye.look()
        if parts.eye.has_ended:
            break
        if time.monotonic() < due_s and frame is not None:
            continue
        due_s = time.monotonic() + LOOK_EVERY_S
        seen = seen or frame is not None
        glimpse = _glimpse(parts, frame, time.monotonic() - started_s)
        for show in shows:
            show(glimpse, frame)
    return seen


def _glimpse(parts: Parts, frame: Frame | None, at_s: float) -> Glimpse:
    if frame is None or not frame.grey.size:
        return Glimpse(at_s, None, parts.eye.fault or "no picture")
    return Glimpse(at_s, take_aim(frame.grey, parts.decoder.look(frame.grey).codes))


class _Tone:
    """Rises as it gets better; silence is no picture."""

    def __init__(self, buzzer: Buzzer) -> None:
        self._buzzer = buzzer
        self._works = True

    def __call__(self, glimpse: Glimpse, _frame: Frame | None) -> None:
        if not self._works:
            return
        try:
            self._buzzer.sound(None if glimpse.aim is None else tone_hz(glimpse.aim.score_percent))
        except BuzzerFault as fault:
            self._works = False
            sys.stderr.write(f"the buzzer fails: {fault}; {fault.hint}\n")


def _boot_ms() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) not in _PORTS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return number
