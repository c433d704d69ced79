"""The name of a source decides what is opened, and no password in an address is shown."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hardware.desktop import camera as desktop
from hardware.desktop.capture import Capture
from hardware.desktop.pictures import PictureCamera
from hardware.desktop.recording import RecordingCamera
from hardware.errors import CameraFault
from tests.hardware.clock import FakeClock
from tests.hardware.desktop.capture import EndlessCapture
from tests.hardware.recordings import picture_folder, video


def _open(source: str) -> desktop.DesktopCamera:
    clock = FakeClock()
    return desktop.open_camera(
        source, width_px=640, height_px=480, boot_ms=clock.boot_ms, sleep=clock.sleep
    )


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    asked: list[tuple[object, ...]] = []

    def remember() -> Callable[..., Capture]:
        def opener(*wanted: object) -> Capture:
            asked.append(wanted)
            return EndlessCapture()

        return opener

    monkeypatch.setattr(desktop, "open_webcam", remember())
    monkeypatch.setattr(desktop, "open_stream", remember())
    return asked


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("webcam", (0, 640, 480)),
        ("webcam:2", (2, 640, 480)),
        ("/dev/v4l/by-id/usb-x", ("/dev/v4l/by-id/usb-x", 640, 480)),
        ("rtsp://u:secret@cam/1", ("rtsp://u:secret@cam/1",)),
        ("http://cam/mjpeg", ("http://cam/mjpeg",)),
    ],
)
def test_live_sources(
    source: str, wanted: tuple[object, ...], opened: list[tuple[object, ...]]
) -> None:
    camera = _open(source)
    camera.frame(5.0)
    assert opened[0] == wanted
    assert "secret" not in camera.describe()
    camera.close()


def test_paths(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "p", (1,))
    assert isinstance(_open(str(folder)), PictureCamera)
    assert isinstance(_open(str(folder / "00.png")), PictureCamera)
    recording = _open(str(video(tmp_path / "a.avi", (1, 2))))
    assert isinstance(recording, RecordingCamera)
    recording.close()


def test_a_path_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(CameraFault) as caught:
        _open(str(tmp_path / "nothing"))
    assert "webcam" in caught.value.hint
