"""A door with everything real but its eye: a test holds codes up to it and looks at the lamp."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import numpy as np

from hardware.interfaces import Buzzer, Frame, GreyImage, Lamp
from hardware.simulated.buzzer import SimulatedBuzzer
from hardware.simulated.lamp import SimulatedLamp
from kiosk.door import Door
from kiosk.eye import Eye
from kiosk.handover import Handover
from kiosk.reference.reference import read_reference
from kiosk.scanning.code import Code
from kiosk.scanning.gate import MotionGate
from kiosk.scanning.ladder import NOTHING, Reading
from kiosk.scanning.repeats import Repeats
from kiosk.scanning.scanner import Scanner
from kiosk.signalling.cue import Signal
from kiosk.signalling.player import Player
from kiosk.standing import Standing
from kiosk.technician import Technician
from sync.wire.visit import Visit, read_visit
from tests.kiosk.enrolled import BOARD, Enrolled

CORNERS = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


class ScriptedDecoder:
    """Reads what a test last put before the camera, whatever the picture shows."""

    def __init__(self) -> None:
        self.payloads: tuple[bytes, ...] = ()

    def look(self, grey: GreyImage) -> Reading:
        del grey
        codes = tuple(Code(payload, CORNERS, "scripted") for payload in self.payloads)
        return Reading(codes, 0.1) if codes else NOTHING

    def climb(self, grey: GreyImage) -> Reading:
        return self.look(grey)

    def close(self) -> None:
        """Nothing is held."""


class WatchedPlayer(Player):
    """Keeps what it was asked to show, and lets a test look round before each of it."""

    def __init__(self, lamp: Lamp, buzzer: Buzzer) -> None:
        self.shown: list[Signal] = []
        self.held = 0
        self.before: Callable[[Signal], object] = lambda _signal: None
        super().__init__(lamp, buzzer)

    def hold(self, seconds: float) -> None:
        self.held += 1
        super().hold(seconds)

    def show(self, signal: Signal, caption: str) -> None:
        self.before(signal)
        self.shown.append(signal)
        super().show(signal, caption)


@dataclass(slots=True)
class Counter:
    """The parts of the door, and the kiosk that it belongs to."""

    kiosk: Enrolled
    lamp: SimulatedLamp
    player: WatchedPlayer
    standing: Standing
    decoder: ScriptedDecoder
    eye: Eye
    door: Door
    _frame_no: int = field(default=0)

    def present(self, *codes: str | bytes) -> None:
        """Hold codes up for one frame, more than one visit after whatever was there before."""
        self.kiosk.clock.advance(20_000)
        self.show(*codes)

    def show(self, *codes: str | bytes) -> None:
        self.decoder.payloads = tuple(
            code.encode() if isinstance(code, str) else code for code in codes
        )
        self._frame_no += 1
        picture = np.full((48, 64), 40 + 90 * (self._frame_no % 2), np.uint8)
        self.door.see(Frame(picture, self.kiosk.clock.boot_ms))

    def reboot(self) -> None:
        """Cut the power, and begin a boot that does not know the time."""
        self.kiosk.clock.reboot()
        self.kiosk.restart()
        journal = self.kiosk.journal
        self.door._journal = self.door._judge._journal = self.standing._journal = journal

    def leave(self) -> None:
        self.show()

    def shows(self) -> Signal:
        return self.player.playing

    def lit(self) -> set[tuple[bool, bool]]:
        """Return which (red, green) have been lit so far, what is shown now among them."""
        for _ in range(500):
            if any(record.caption == self.player.caption for record in self.lamp.records):
                break
            Event().wait(0.003)
        return {(record.red, record.green) for record in self.lamp.records} - {(False, False)}

    def visits(self) -> list[Visit]:
        """Return what the hub reads of the visits."""
        self.kiosk.send()
        return [read_visit(body) for body in self.kiosk.bodies()]


@contextmanager
def counter(state_dir: Path, **bundle: object) -> Iterator[Counter]:
    """Open a door that is enrolled, knows the time, and has the reference that is described."""
    kiosk = Enrolled(state_dir)
    kiosk.journal.took_bundle((1, 1), 0)
    standing = Standing(state_dir, kiosk.journal, BOARD, kiosk.clock.moment)
    standing.reference = read_reference(
        kiosk.hub.signed_bundle(kiosk.keys, **bundle),
        device=kiosk.keys.device,
        root_public=kiosk.hub.root_public,
    )
    kiosk.deliver(kiosk.send())
    lamp = SimulatedLamp(boot_ms=lambda: kiosk.clock.boot_ms)
    player = WatchedPlayer(lamp, SimulatedBuzzer(boot_ms=lambda: kiosk.clock.boot_ms))
    decoder = ScriptedDecoder()
    eye = Eye(_no_camera, lambda: kiosk.clock.boot_ms, lambda _s: None)
    door = Door(
        eye=eye,
        scanner=Scanner(decoder, MotionGate(), Repeats()),
        standing=standing,
        technician=Technician(
            standing, Handover(state_dir, state_dir / "setup"), lambda: kiosk.clock.boot_ms
        ),
        journal=kiosk.journal,
        player=player,
        clock=kiosk.clock,
        languages=("en",),
        each_round=lambda: None,
    )
    try:
        yield Counter(kiosk, lamp, player, standing, decoder, eye, door)
    finally:
        player.close()
        kiosk.journal.close()


def _no_camera() -> "NoCamera":
    return NoCamera()


class NoCamera:
    """Gives black pictures; what is seen in them is the decoder's script."""

    def frame(self, timeout_s: float) -> Frame:
        del timeout_s
        return Frame(np.zeros((48, 64), np.uint8), 0)

    def describe(self) -> str:
        return "black"

    def close(self) -> None:
        """Nothing is held."""
