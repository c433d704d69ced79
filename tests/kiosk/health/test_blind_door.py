"""A door that cannot see says so on its lamp within 10 s, and goes on when it can see again."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hardware.errors import CameraFault
from hardware.interfaces import Camera, Frame
from kiosk.eye import Eye
from kiosk.health.camera import CameraCheck
from kiosk.health.decoder import DecoderCheck
from kiosk.health.finding import Finding
from kiosk.health.lens import lens_checks
from kiosk.health.sight import Sight
from kiosk.housekeeping import Housekeeping
from kiosk.scanning.gate import MotionGate
from kiosk.scanning.repeats import Repeats
from kiosk.scanning.scanner import Scanner
from kiosk.scanning.worker import Worker
from kiosk.signalling.cue import CUES, Signal
from kiosk.supervision import Unsupervised
from sync.wire.batch import Reading, State
from tests.kiosk.counter import Counter, counter
from tests.kiosk.fake_clock import FakeClock
from tests.kiosk.health.scenes import FRAME_MS, Scene, even, hall, stuck, wall

KNOWN_WITHIN_MS = 10_000
HEALED_WITHIN_MS = 8_000
LEARNED_MS = 25_000


class ScriptedCamera:
    """Shows a scene; None is a camera that has been unplugged."""

    def __init__(self, clock: FakeClock) -> None:
        self.scene: Scene | None = hall()
        self.openings = 0
        self._clock = clock

    def open(self) -> Camera:
        if self.scene is None:
            raise CameraFault("no camera could be opened", hint="check the cable")
        self.openings += 1
        return self

    def frame(self, timeout_s: float) -> Frame:
        if self.scene is None:
            self._clock.advance(round(timeout_s * 1000))
            raise CameraFault("no frame came", hint="check the cable")
        self._clock.advance(FRAME_MS)
        return Frame(self.scene(self._clock.boot_ms), self._clock.boot_ms)

    def describe(self) -> str:
        return "scripted"

    def close(self) -> None:
        """It can be opened again."""


@dataclass(slots=True)
class Stand:
    """The real door before a scripted camera, with its housekeeping."""

    desk: Counter
    camera: ScriptedCamera
    keeping: Housekeeping
    signals: list[tuple[int, Signal]] = field(default_factory=list)

    def run(self, for_ms: int) -> None:
        clock = self.desk.kiosk.clock
        until_ms = clock.boot_ms + for_ms
        self.desk.door.run(lambda: clock.boot_ms >= until_ms)

    def run_until(self, signal: Signal, most_ms: int) -> int:
        """Return after how many milliseconds the door rested on the signal."""
        clock = self.desk.kiosk.clock
        started_ms = clock.boot_ms
        self.desk.door.run(
            lambda: self.desk.door.state() is signal or clock.boot_ms - started_ms > most_ms
        )
        return clock.boot_ms - started_ms

    def readings(self) -> dict[str, Reading]:
        return {reading.check: reading for reading in self.keeping.readings()}


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with _stand(tmp_path) as stand:
        yield stand


@contextmanager
def _stand(tmp_path: Path) -> Iterator[Stand]:
    (tmp_path / "state").mkdir()
    with counter(tmp_path / "state") as desk:
        clock, sight = desk.kiosk.clock, Sight()
        camera = ScriptedCamera(clock)

        def boot_ms() -> int:
            return clock.boot_ms

        nap: Callable[[float], object] = lambda seconds: clock.advance(round(seconds * 1000))  # noqa: E731
        eye = Eye(camera.open, boot_ms, nap, sight.judge)
        keeping = Housekeeping(
            journal=desk.kiosk.journal,
            standing=desk.standing,
            eye=eye,
            player=desk.player,
            clock=clock,
            checks=(
                CameraCheck(lambda: eye.last_frame_boot_ms, boot_ms),
                *lens_checks(sight, boot_ms),
            ),
            status_path=tmp_path / "door.json",
            supervisor=Unsupervised(),
            glance=lambda: (eye.fault, sight.view),
        )
        desk.door._eye = eye
        desk.door._each_round = lambda: keeping.round(desk.door)
        stand = Stand(desk, camera, keeping)
        stand.run(LEARNED_MS)
        assert desk.door.state() is Signal.READY
        yield stand


BLIND: dict[str, tuple[Scene | None, str]] = {
    "unplugged": (None, "frame_age_ms"),
    "frozen": (stuck(hall()), "lens_frozen"),
    "covered": (even(4, noise=1), "lens_dark"),
    "turned to the wall": (wall(), "lens_blocked"),
}


@pytest.mark.parametrize("what", BLIND)
def test_a_camera_that_sees_nobody_is_out_of_order_and_heals_by_itself(
    stand: Stand, what: str
) -> None:
    scene, check = BLIND[what]
    stand.camera.scene = scene
    assert stand.run_until(Signal.FAULT_CAMERA, KNOWN_WITHIN_MS) <= KNOWN_WITHIN_MS
    assert stand.desk.shows() is Signal.FAULT_CAMERA
    assert "camera" in stand.desk.player.caption
    stand.run(KNOWN_WITHIN_MS)
    assert stand.desk.door.state() is Signal.FAULT_CAMERA
    bad = {name for name, reading in stand.readings().items() if reading.state is State.BAD}
    assert check in bad
    stand.camera.scene = hall()
    assert stand.run_until(Signal.READY, HEALED_WITHIN_MS) <= HEALED_WITHIN_MS
    stand.run(6_000)
    assert {reading.state for reading in stand.readings().values()} == {State.OK}
    stand.desk.decoder.payloads = (stand.desk.kiosk.hub.issue().encode(),)
    stand.run(3_000)
    assert stand.desk.door.counts == {"ADMIT": 1}


@pytest.mark.parametrize("what", BLIND)
def test_the_reading_is_right_within_ten_seconds(stand: Stand, what: str) -> None:
    scene, check = BLIND[what]
    stand.camera.scene = scene
    stand.run(KNOWN_WITHIN_MS)
    assert stand.readings()[check].state is State.BAD


def test_out_of_order_for_want_of_sight_is_silent() -> None:
    """The lights go out at night: nobody wants to hear of it."""
    assert all(beat.tone_hz is None for beat in CUES[Signal.FAULT_CAMERA].beats)


@pytest.mark.parametrize(
    ("scene", "check"), [(hall(2), "lens_moved"), (hall(blur_px=7), "lens_blurred")]
)
def test_what_keeps_nobody_out_is_only_reported(stand: Stand, scene: Scene, check: str) -> None:
    stand.camera.scene = scene
    stand.run(KNOWN_WITHIN_MS)
    assert stand.readings()[check].state is State.BAD
    assert stand.desk.door.state() is Signal.READY


def test_a_frozen_camera_is_opened_anew(stand: Stand) -> None:
    openings = stand.camera.openings
    stand.camera.scene = stuck(hall())
    stand.run(30_000)
    assert openings < stand.camera.openings <= openings + 2


def test_who_shows_a_code_in_the_dark_is_answered_all_the_same(stand: Stand) -> None:
    stand.camera.scene = even(4, noise=1)
    stand.run(KNOWN_WITHIN_MS)
    stand.desk.decoder.payloads = (stand.desk.kiosk.hub.issue().encode(),)
    stand.run(3_000)
    assert stand.desk.door.counts == {"ADMIT": 1}


@pytest.mark.parametrize("how", ["killed", "hung"])
def test_a_decoder_that_fails_in_the_middle_does_not_stop_the_door(
    stand: Stand, how: str, capfd: pytest.CaptureFixture[str]
) -> None:
    import signal as signals
    from os import kill

    with closing(Worker(look_deadline_s=0.1)) as worker:
        assert worker.wait_until_ready()
        stand.desk.door._scanner = Scanner(worker, MotionGate(), Repeats())
        check = DecoderCheck(worker.health, lambda: stand.desk.kiosk.clock.boot_ms)
        pid = worker.child_pid()
        assert pid is not None
        kill(pid, signals.SIGKILL if how == "killed" else signals.SIGSTOP)
        stand.run(3_000)
        found: Finding = check.find()
        assert (found.state, found.value) == (State.BAD, 1)
        assert ("crashed" if how == "killed" else "hung") in found.said
        assert worker.wait_until_ready()
        assert "is ready" in check.find().said
        assert stand.desk.door.state() is Signal.READY
    assert "Traceback" not in capfd.readouterr().err
