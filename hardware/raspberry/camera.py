"""The CSI camera, through picamera2 and libcamera."""

import importlib
import logging
from collections.abc import Callable
from typing import Any

import numpy as np

from hardware.errors import CameraFault
from hardware.interfaces import Frame, GreyImage

# A phone is held about 20 cm away; the lens counts in dioptres, 1 / 0.20 m.
LENS_POSITION_DIOPTRES = 5.0

_HINT = "check the camera's ribbon cable and that no other program holds the camera, then reboot"
_log = logging.getLogger(__name__)


class RaspberryCamera:
    """Opens the camera at once; after a stall closes it, and opens it anew at the next call."""

    def __init__(self, *, width_px: int, height_px: int, boot_ms: Callable[[], int]) -> None:
        self._picamera2 = _library("picamera2")
        self._controls = _library("libcamera").controls
        self._width_px, self._height_px = width_px, height_px
        self._boot_ms = boot_ms
        self._closed = False
        self._camera: Any = None
        self._camera = self._open()

    def frame(self, timeout_s: float) -> Frame:
        self._check_open()
        if self._camera is None:
            self._camera = self._open()
        try:
            planes = self._camera.capture_array("main", wait=timeout_s)
        except self._picamera2.TimeoutError as error:
            self._abandon()
            raise CameraFault(f"no frame came within {timeout_s:g} s", hint=_HINT) from error
        except (RuntimeError, OSError) as error:
            self._abandon()
            raise CameraFault(f"the camera failed: {error}", hint=_HINT) from error
        return Frame(grey=self._grey_plane(planes), boot_ms=self._boot_ms())

    def describe(self) -> str:
        self._check_open()
        model = self._camera.camera_properties.get("Model", "?") if self._camera else "stalled"
        return f"CSI camera {model}, {self._width_px}x{self._height_px}"

    def close(self) -> None:
        self._closed = True
        camera, self._camera = self._camera, None
        if camera is not None:
            _close(camera)

    def _open(self) -> Any:
        # With no camera connected picamera2 raises IndexError, not an error of its own.
        try:
            camera = self._picamera2.Picamera2()
        except (RuntimeError, IndexError, OSError) as error:
            raise CameraFault(f"no camera could be opened: {error}", hint=_HINT) from error
        try:
            self._start(camera)
        except (RuntimeError, OSError) as error:
            _close(camera)
            raise CameraFault(f"the camera could not be started: {error}", hint=_HINT) from error
        return camera

    def _start(self, camera: Any) -> None:
        mode = _full_view_mode(camera.sensor_modes, self._width_px, self._height_px)
        # queue=False: the next frame, not one that waited while the last was being decoded.
        config = camera.create_video_configuration(
            main={"size": (self._width_px, self._height_px), "format": "YUV420"},
            buffer_count=3,
            queue=False,
            **({"sensor": mode} if mode else {}),
        )
        camera.configure(config)
        camera.set_controls(self._wanted_controls(camera.camera_controls))
        camera.start()

    def _wanted_controls(self, available: Any) -> dict[str, object]:
        # A phone screen is a small bright thing before a darker room: expose for it, and short
        # enough that a moving hand does not smear the code.
        wanted: dict[str, object] = {
            "AeExposureMode": self._controls.AeExposureModeEnum.Short,
            "AeConstraintMode": self._controls.AeConstraintModeEnum.Highlight,
        }
        if "AfMode" in available:
            wanted["AfMode"] = self._controls.AfModeEnum.Manual
            wanted["LensPosition"] = LENS_POSITION_DIOPTRES
        return wanted

    def _grey_plane(self, planes: Any) -> GreyImage:
        # The rows of the Y plane come first, padded to the sensor's stride; U and V follow.
        # Copied: the view would keep the whole buffer alive.
        return np.array(planes[: self._height_px, : self._width_px], dtype=np.uint8)

    def _abandon(self) -> None:
        _log.warning("camera stalled; it is opened anew at the next frame")
        camera, self._camera = self._camera, None
        camera.cancel_all_and_flush()
        _close(camera)

    def _check_open(self) -> None:
        if self._closed:
            raise CameraFault("the camera is closed", hint="restart the kiosk")


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise CameraFault(
            f"{name} cannot be imported: {error}",
            hint="run: sudo apt install python3-picamera2, and make the virtual environment "
            "with --system-site-packages",
        ) from error


def _close(camera: Any) -> None:
    try:
        camera.close()
    except (RuntimeError, OSError) as error:
        _log.warning("camera did not close: %s", error)


def _full_view_mode(modes: Any, width_px: int, height_px: int) -> dict[str, object] | None:
    """Return the smallest sensor mode that sees all that the sensor can, or None if not told.

    Left alone libcamera takes the mode nearest in size, which on several sensors crops to the
    middle: a phone held a little to one side would be out of the picture.
    """
    told = [mode for mode in modes if "crop_limits" in mode]
    if not told:
        return None
    widest = max(_area(mode["crop_limits"][2:]) for mode in told)
    whole = [mode for mode in told if _area(mode["crop_limits"][2:]) >= 0.95 * widest]
    enough = [
        mode for mode in whole if mode["size"][0] >= width_px and mode["size"][1] >= height_px
    ]
    chosen = min(enough or whole, key=lambda mode: (_area(mode["size"]), -mode["bit_depth"]))
    return {"output_size": chosen["size"], "bit_depth": chosen["bit_depth"]}


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]
