"""Builds every part of the door with plain arguments; nothing else reads the configuration."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from hardware import catalogue
from hardware.errors import HardwareFault
from hardware.interfaces import Board, Button, Buzzer, Camera, Lamp
from kiosk.changes import Changes
from kiosk.clock import Clock, SystemClock, wall_clock
from kiosk.config import Configuration
from kiosk.courier.conduct import Conduct
from kiosk.courier.desk import Desk
from kiosk.courier.server import CourierServer
from kiosk.door import Door
from kiosk.errors import ConfigurationError
from kiosk.eye import Eye
from kiosk.handover import Handover, SignedOff
from kiosk.health.aiming import Aiming
from kiosk.health.board import BoardCheck
from kiosk.health.camera import CameraCheck
from kiosk.health.card import CardCheck
from kiosk.health.clock import ClockCheck
from kiosk.health.commits import CommitCheck
from kiosk.health.courier import CourierCheck
from kiosk.health.damage import DamageCheck
from kiosk.health.decoder import DecoderCheck
from kiosk.health.finding import Check
from kiosk.health.journal import JournalCheck
from kiosk.health.lamp import LampCheck
from kiosk.health.lens import lens_checks
from kiosk.health.lent_buzzer import LentBuzzer
from kiosk.health.power import PowerCheck
from kiosk.health.radio import RadioCheck
from kiosk.health.reads import ReadsCheck
from kiosk.health.reference import ReferenceCheck
from kiosk.health.rtc import RtcCheck
from kiosk.health.sight import Sight
from kiosk.health.storage import StorageCheck
from kiosk.health.update import UpdateCheck
from kiosk.housekeeping import Housekeeping
from kiosk.journal.journal import Journal
from kiosk.logbook import Logbook
from kiosk.scanning.errors import ScanningFault
from kiosk.scanning.gate import MotionGate
from kiosk.scanning.ladder import DEFAULT_BUDGET_MS, Decoder, Ladder
from kiosk.scanning.repeats import Repeats
from kiosk.scanning.rungs import DEFAULT_RUNGS, build_rungs
from kiosk.scanning.scanner import Scanner
from kiosk.scanning.worker import Worker
from kiosk.signalling.player import Player
from kiosk.signalling.stick import StickNotice
from kiosk.standing import Stage, Standing
from kiosk.state_directory import claim, directory
from kiosk.supervision import Supervisor
from kiosk.technician import Technician
from kiosk.validation import validate
from sync.wire.link import Answer, Request

T = TypeVar("T")


def software() -> str:
    return f"gapura {version('gapura')}"


def build_door(configuration: Configuration, supervisor: Supervisor, stack: ExitStack) -> Door:
    """Build a door that is ready to run; `stack` closes its parts in the end.

    Raises:
        KioskError: the configuration, the journal or the directories cannot be used.
    """
    validate(configuration)
    state_dir = directory(configuration.kiosk.state_dir)
    run_dir = directory(configuration.kiosk.run_dir)
    stack.enter_context(claim(state_dir))
    clock = SystemClock()
    board = open_part(lambda: catalogue.board(configuration.board.driver))
    stack.callback(board.close)
    lamp, buzzer = open_lamp(configuration), LentBuzzer(open_buzzer(configuration))
    stack.callback(lamp.close)
    stack.callback(buzzer.close)
    player = Player(lamp, buzzer)
    stack.callback(player.close)
    journal = open_journal(configuration)
    stack.callback(journal.close)
    standing = Standing(state_dir, journal, board_name(board), clock.moment)
    logbook = open_logbook(journal, standing, clock)
    stack.push(logbook.leave)
    sight = Sight() if is_watched(configuration) else None
    eye = open_eye(configuration, lambda: clock.moment().boot_ms, sight)
    stack.callback(eye.close)
    decoder = build_decoder(configuration)
    scanner = Scanner(decoder, MotionGate(), Repeats())
    stack.callback(scanner.close)
    conduct = Conduct(lambda: clock.moment().boot_ms)
    radio = RadioCheck(lambda: clock.moment().boot_ms)
    changes = Changes(
        logbook, board=board_name(board), epoch=journal.epoch, signed_off=SignedOff(state_dir),
        rules=lambda: 0 if standing.reference is None else standing.reference.version,
        has_shift=lambda: door.has_shift, asked_boot_ms=lambda: desk.last_asked_boot_ms,
    )  # fmt: skip
    checks = build_checks(
        eye=eye, journal=journal, standing=standing, player=player, board=board, clock=clock,
        state_dir=state_dir,
    ) + reading_checks(
        sight, decoder, lambda: sum(door.counts.values()), lambda: clock.moment().boot_ms
    ) + (CourierCheck(conduct.lately), radio, UpdateCheck())  # fmt: skip
    housekeeping = Housekeeping(
        journal=journal, standing=standing, eye=eye, player=player, clock=clock, checks=checks,
        status_path=run_dir / "door.json", supervisor=supervisor, software=software(),
        glance=lambda: (eye.fault, sight and sight.view), look=changes.look,
    )  # fmt: skip
    stick = StickNotice(lambda: clock.moment().boot_ms)
    desk = Desk(
        journal, standing, housekeeping.readings, clock.moment, software(),
        conduct=conduct, stick=both(stick.tell, changes.stick), radio=radio.tell,
    )  # fmt: skip
    stack.callback(open_socket(run_dir / "courier.sock", desk.answer, conduct).close)
    aiming = Aiming(
        decoder, buzzer, lambda: clock.moment().boot_ms,
        may_begin=lambda: standing.stage is not Stage.ENROLLED,
    )  # fmt: skip
    technician = Technician(
        standing, Handover(run_dir, Path(configuration.kiosk.setup_dir)),
        lambda: clock.moment().boot_ms,
    )  # fmt: skip
    door = Door(
        eye=eye, scanner=scanner, standing=standing, technician=technician, journal=journal,
        player=player, clock=clock, languages=configuration.kiosk.languages,
        each_round=lambda: housekeeping.round(door), aims=aiming.takes, notice=stick.signal,
    )  # fmt: skip
    button = open_button(configuration)
    stack.callback(button.close)
    button.when_pressed(both(aiming.pressed, door.press))
    return door


def both(one: Callable[[T], object], other: Callable[[T], object]) -> Callable[[T], None]:
    """Tell two listeners of the same; each knows when it is not meant."""

    def tell(what: T) -> None:
        one(what)
        other(what)

    return tell


def build_checks(
    *,
    eye: Eye,
    journal: Journal,
    standing: Standing,
    player: Player,
    board: Board,
    clock: Clock,
    state_dir: Path,
) -> tuple[Check, ...]:
    return (
        CameraCheck(lambda: eye.last_frame_boot_ms, lambda: clock.moment().boot_ms),
        LampCheck(lambda: player.is_faulty),
        JournalCheck(journal.backlog),
        CommitCheck(journal.commit_p95_ms),
        ClockCheck(lambda: journal.now(clock.moment())),
        ReferenceCheck(lambda: standing.stage, lambda: standing.reference),
        StorageCheck(state_dir),
        DamageCheck(state_dir),
        BoardCheck(board),
        PowerCheck(board),
        CardCheck(state_dir),
        RtcCheck(),
    )


def reading_checks(
    sight: Sight | None, decoder: Decoder, reads: Callable[[], int], boot_ms: Callable[[], int]
) -> tuple[Check, ...]:
    """Build the checks of whether codes can be read, for what there is to check."""
    checks: list[Check] = [ReadsCheck(reads, boot_ms)]
    if sight is not None:
        checks += lens_checks(sight, boot_ms)
    if isinstance(decoder, Worker):
        checks.append(DecoderCheck(decoder.health, boot_ms))
    return tuple(checks)


def build_decoder(configuration: Configuration) -> Decoder:
    """Return the decoder ladder, in a process of its own where it is to be contained.

    Raises:
        ConfigurationError: a rung is named that does not exist or cannot be used.
    """
    section = configuration.scanning
    rungs = section.rungs or DEFAULT_RUNGS
    budget_ms = section.budget_ms or DEFAULT_BUDGET_MS
    try:
        if section.contained:
            return Worker(rungs, budget_ms=budget_ms)
        return Ladder(build_rungs(rungs), budget_ms=budget_ms)
    except ScanningFault as fault:
        raise ConfigurationError(f"[scanning] {fault}", hint=fault.hint) from fault


def open_journal(configuration: Configuration) -> Journal:
    path = Path(configuration.kiosk.state_dir) / "journal.db"
    return Journal(path, deadline_s=configuration.journal.deadline_s)


def open_logbook(journal: Journal, standing: Standing, clock: Clock) -> Logbook:
    """Begin what the door tells of itself, to a hub once there is one."""
    logbook = Logbook(
        journal, clock.moment, lambda: wall_clock(clock), lambda: standing.stage is Stage.ENROLLED
    )
    logbook.begin(software())
    return logbook


def camera_opener(configuration: Configuration) -> Callable[[], Camera]:
    section = configuration.camera
    return lambda: catalogue.camera(
        section.driver,
        source=section.source,
        width_px=section.width_px,
        height_px=section.height_px,
        seed=section.seed,
    )


def is_watched(configuration: Configuration) -> bool:
    """Say whether the picture is judged: a folder or a recording may stand still or be dark."""
    section = configuration.camera
    is_recording = (
        section.driver == "desktop"
        and not section.source.startswith("/dev/")
        and Path(section.source).exists()
    )
    return section.watched and not is_recording


def open_eye(configuration: Configuration, boot_ms: Callable[[], int], sight: Sight | None) -> Eye:
    if sight is None:
        return Eye(camera_opener(configuration), boot_ms, time.sleep)
    return Eye(camera_opener(configuration), boot_ms, time.sleep, sight.judge)


def open_lamp(configuration: Configuration) -> Lamp:
    section = configuration.lamp
    return open_part(
        lambda: catalogue.lamp(section.driver, red_pin=section.red_pin, green_pin=section.green_pin)
    )


def open_buzzer(configuration: Configuration) -> Buzzer:
    section = configuration.buzzer
    return open_part(lambda: catalogue.buzzer(section.driver, pin=section.pin))


def open_button(configuration: Configuration) -> Button:
    section = configuration.button
    return open_part(lambda: catalogue.button(section.driver, pin=section.pin))


def open_part(make: Callable[[], T]) -> T:
    """Open a part that the door does not do without.

    Raises:
        ConfigurationError: the driver does not exist, or the part is not there.
    """
    try:
        return make()
    except HardwareFault as fault:
        raise ConfigurationError(str(fault), hint=fault.hint) from fault


def board_name(board: Board) -> str:
    """Return what tells this board and card from others, for the journal's identity."""
    try:
        return board.serial()
    except HardwareFault as fault:
        raise ConfigurationError(str(fault), hint=fault.hint) from fault


def open_socket(path: Path, answer: Callable[[Request], Answer], conduct: Conduct) -> CourierServer:
    """Listen for the courier.

    Raises:
        ConfigurationError: there can be no socket of that name.
    """
    try:
        return CourierServer(path, answer, conduct)
    except OSError as error:
        raise ConfigurationError(
            f"the socket {path} cannot be made: {error.strerror or error}",
            hint="set [kiosk] run_dir to a directory of the door's own, with a short path",
        ) from error
