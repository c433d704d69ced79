"""A live camera gives the newest frame alone, and comes back by itself after it was lost."""

import itertools
import logging
import threading
import time

import pytest

from hardware.desktop.capture import Capture
from hardware.desktop.live import LiveCamera
from hardware.errors import CameraFault
from tests.hardware.desktop.capture import EndlessCapture, ShortCapture


def test_only_the_newest_frame_is_kept() -> None:
    count, ticks = threading.Semaphore(0), itertools.count()

    def boot_ms() -> int:
        count.release()
        return next(ticks)

    camera = LiveCamera("webcam", open_capture=EndlessCapture, boot_ms=boot_ms)
    for _ in range(6):
        assert count.acquire(timeout=5)
    assert camera.frame(5.0).boot_ms >= 4
    camera.close()


def test_no_frame_in_time_is_a_fault() -> None:
    camera = LiveCamera("webcam:3", open_capture=lambda: ShortCapture(0, 0), boot_ms=lambda: 0)
    with pytest.raises(CameraFault, match=r"webcam:3 gave no frame within 0\.02 s"):
        camera.frame(0.02)
    camera.close()


def test_a_lost_camera_is_opened_again(caplog: pytest.LogCaptureFixture) -> None:
    captures: list[Capture] = [ShortCapture(1, 50), ShortCapture(0, 0), EndlessCapture()]
    opened = iter(captures)
    ready = threading.Event()

    def open_capture() -> Capture:
        capture = next(opened)
        if capture is captures[1]:
            # Not opened again until the first frame has been taken.
            ready.wait(5)
        return capture

    with caplog.at_level(logging.INFO):
        camera = LiveCamera(
            "webcam", open_capture=open_capture, boot_ms=lambda: 0, first_retry_s=0.001
        )
        assert int(camera.frame(5.0).grey[0, 0]) == 50
        ready.set()
        assert int(camera.frame(5.0).grey[0, 0]) == 90
        camera.close()
    messages = [record.getMessage() for record in caplog.records]
    assert messages.count("camera webcam gives frames") == 2
    assert messages.count("camera webcam lost; trying again") == 1


def test_closing_lets_go_of_the_device_at_once() -> None:
    capture = EndlessCapture()
    camera = LiveCamera("webcam", open_capture=lambda: capture, boot_ms=lambda: 0)
    camera.frame(5.0)
    begun = time.monotonic()
    camera.close()
    assert capture.released
    assert time.monotonic() - begun < 1
