"""The camera of a laptop: what `source` names decides which of three kinds it is."""

import re
from collections.abc import Callable
from pathlib import Path

from hardware.desktop.capture import open_stream, open_webcam
from hardware.desktop.live import LiveCamera
from hardware.desktop.pictures import PICTURE_SUFFIXES, PictureCamera
from hardware.desktop.recording import RecordingCamera
from hardware.errors import CameraFault

DesktopCamera = PictureCamera | RecordingCamera | LiveCamera

_WEBCAM = re.compile(r"webcam(?::(?P<index>\d+))?")
_STREAM = re.compile(r"(?:https?|rtsps?)://", re.IGNORECASE)


def open_camera(
    source: str,
    *,
    width_px: int,
    height_px: int,
    boot_ms: Callable[[], int],
    sleep: Callable[[float], None],
) -> DesktopCamera:
    """Open what `source` names.

    `webcam`, `webcam:N`, a `/dev/` path: a USB camera asked for the given size. An http or
    rtsp address: a stream. A folder or a picture: each shown for a second. Anything else: a
    video file. Only a USB camera is asked for a size; the others come as they are.

    Raises:
        CameraFault: no such file or folder, or nothing in it can be shown.
    """
    if webcam := _WEBCAM.fullmatch(source):
        device: int | str = int(webcam["index"] or 0)
        return LiveCamera(
            source, open_capture=lambda: open_webcam(device, width_px, height_px), boot_ms=boot_ms
        )
    if source.startswith("/dev/"):
        return LiveCamera(
            source, open_capture=lambda: open_webcam(source, width_px, height_px), boot_ms=boot_ms
        )
    if _STREAM.match(source):
        return LiveCamera(
            _without_password(source), open_capture=lambda: open_stream(source), boot_ms=boot_ms
        )
    return _open_path(Path(source), boot_ms, sleep)


def _open_path(
    path: Path, boot_ms: Callable[[], int], sleep: Callable[[float], None]
) -> PictureCamera | RecordingCamera:
    if not path.exists():
        raise CameraFault(
            f"there is no {path}",
            hint="name a folder of pictures, a picture, a video file, webcam or a stream's address",
        )
    if path.is_dir() or path.suffix.lower() in PICTURE_SUFFIXES:
        return PictureCamera(path, boot_ms=boot_ms, sleep=sleep)
    return RecordingCamera(path, boot_ms=boot_ms, sleep=sleep)


def _without_password(address: str) -> str:
    return re.sub(r"//[^/@]*@", "//", address)
