"""A camera may be missing and come back; its fault is known now and logged once."""

import logging
from collections.abc import Callable

import numpy as np
import pytest

from hardware.errors import CameraExhausted, CameraFault
from hardware.interfaces import Camera, Frame
from kiosk.eye import Eye
from tests.kiosk.fake_clock import FakeClock

FRAME = Frame(np.zeros((4, 4), np.uint8), 5)
GONE = CameraFault("no frame came", hint="check the ribbon")


class ScriptedCamera:
    """Gives what the script holds, one item a call; its end is the recording's."""

    def __init__(self, *script: Frame | CameraFault) -> None:
        self._script = list(script)
        self.closed = False

    def frame(self, timeout_s: float) -> Frame:
        assert timeout_s > 0
        item = self._script.pop(0) if self._script else CameraExhausted("the end", hint="-")
        if isinstance(item, CameraFault):
            raise item
        return item

    def describe(self) -> str:
        return "scripted"

    def close(self) -> None:
        self.closed = True


class Stand:
    """`openings` are what each attempt to open the camera gives."""

    def __init__(self, *openings: Camera | CameraFault) -> None:
        self.clock = FakeClock()
        self.attempts = 0
        self.naps_s: list[float] = []
        self._openings = list(openings)
        nap: Callable[[float], object] = self._nap
        self.eye = Eye(self._open, lambda: self.clock.boot_ms, nap)

    def _open(self) -> Camera:
        self.attempts += 1
        opening = self._openings.pop(0)
        if isinstance(opening, CameraFault):
            raise opening
        return opening

    def _nap(self, seconds: float) -> None:
        self.naps_s.append(seconds)
        self.clock.advance(round(seconds * 1000))


def test_frames_come_and_their_time_is_kept() -> None:
    stand = Stand(ScriptedCamera(FRAME, FRAME))
    assert stand.eye.describe() == "-"
    assert stand.eye.look() is FRAME
    assert stand.eye.last_frame_boot_ms == 5
    assert stand.eye.describe() == "scripted"
    assert stand.eye.fault == ""
    assert stand.naps_s == []


def test_a_missing_camera_is_tried_every_three_seconds_and_comes_back() -> None:
    stand = Stand(GONE, GONE, ScriptedCamera(FRAME))
    frames = [stand.eye.look() for _ in range(40)]
    assert stand.attempts == 3
    assert sum(frame is FRAME for frame in frames) == 1
    assert frames.index(FRAME) >= 30
    assert stand.eye.has_ended


def test_before_the_first_frame_there_is_no_time_of_one() -> None:
    stand = Stand(GONE)
    stand.eye.look()
    assert stand.eye.last_frame_boot_ms is None


def test_without_a_camera_a_look_waits_a_little(caplog: pytest.LogCaptureFixture) -> None:
    stand = Stand(*[GONE] * 10)
    with caplog.at_level(logging.DEBUG):
        for _ in range(50):
            assert stand.eye.look() is None
    assert stand.eye.fault == "no frame came"
    assert 0 < min(stand.naps_s) <= max(stand.naps_s) <= 1
    assert [record.getMessage() for record in caplog.records] == [
        "the camera fails: no frame came; check the ribbon"
    ]


def test_a_camera_that_stalls_is_closed_and_opened_anew() -> None:
    stalling, fresh = ScriptedCamera(FRAME, GONE), ScriptedCamera(FRAME, FRAME)
    stand = Stand(stalling, fresh)
    assert stand.eye.look() is FRAME
    assert stand.eye.look() is None
    assert stand.eye.fault == "no frame came"
    assert stalling.closed
    while stand.eye.look() is None:
        pass
    assert stand.eye.fault == ""
    assert not fresh.closed


def test_a_fault_that_returns_or_changes_is_logged_again(caplog: pytest.LogCaptureFixture) -> None:
    other = CameraFault("the cable is out", hint="put it in")
    stand = Stand(ScriptedCamera(GONE), other, ScriptedCamera(FRAME, GONE), ScriptedCamera(FRAME))
    with caplog.at_level(logging.ERROR):
        for _ in range(60):
            stand.eye.look()
    said = [record.getMessage().split(";")[0] for record in caplog.records]
    assert said == [
        "the camera fails: no frame came",
        "the camera fails: the cable is out",
        "the camera fails: no frame came",
    ]


def test_a_recording_that_has_ended_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    stand = Stand(ScriptedCamera(FRAME))
    with caplog.at_level(logging.INFO):
        for _ in range(5):
            stand.eye.look()
    assert stand.eye.has_ended
    assert stand.eye.fault == ""
    assert len(caplog.records) == 1
    assert len(stand.naps_s) == 3


def test_in_the_end_the_camera_is_closed() -> None:
    camera = ScriptedCamera(FRAME)
    stand = Stand(camera)
    stand.eye.look()
    stand.eye.close()
    stand.eye.close()
    assert camera.closed
