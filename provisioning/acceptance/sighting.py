"""Whether a target that is held up is read as a visitor's code must be, and how well it is seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hardware.errors import CameraFault
from hardware.interfaces import Camera, Frame, GreyImage
from provisioning.acceptance import picture
from provisioning.acceptance.result import Announce, Figure, Outcome, Result
from provisioning.acceptance.target import SCREEN, Target
from provisioning.language import mark as _

_FRAME_TIMEOUT_S = 5.0
_MEASURED_MS = 2_000
_MOST_FRAMES = 300
# At 5 pictures a second, which is the least, the answer that is due within half a second needs
# one of two pictures.
LEAST_READ_PER_CENT = 50
_DARK, _LIGHT = 5, 95

_NOT_SEEN = _(
    "hold the target a hand's breadth (20 cm) before the lens, whole in the picture; "
    "gapura-kiosk aim helps"
)
_PRINT_BADLY = _("turn the lens until the figure of sharpness is highest; give the door more light")
_SCREEN_BADLY = _("turn the lens until the figure of sharpness is highest; turn glare away from it")

Look = Callable[[GreyImage], Sequence["Seen"]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A code in a picture: its text, and its corners in pixels (x, y)."""

    text: str
    corners: tuple[tuple[float, float], ...]


def look(grey: GreyImage) -> list[Seen]:
    """Raises CameraFault where there is no decoder."""
    try:
        import zxingcpp  # noqa: PLC0415 - optional: there is no wheel for 32-bit Arm
    except ImportError as error:
        raise CameraFault(
            "zxing-cpp cannot be loaded", hint=_("install zxing-cpp (pip, 64-bit systems only)")
        ) from error
    wanted = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return [
        Seen(
            code.text,
            tuple(
                (float(at.x), float(at.y))
                for at in (
                    *(code.position.top_left, code.position.top_right),
                    *(code.position.bottom_right, code.position.bottom_left),
                )
            ),
        )
        for code in zxingcpp.read_barcodes(grey, formats=wanted)
    ]


def try_target(
    camera: Camera, target: Target, within_s: float, announce: Announce, look: Look = look
) -> Result:
    """Wait for the target, then watch it for two seconds. No picture is kept.

    Raises:
        CameraFault: no picture comes.
    """
    announce(f"{target.part}: hold up the target, 20 cm from the lens, within {within_s:g} s")
    first = _await(camera, target, within_s, look)
    if first is None:
        said = f"the target was not read within {within_s:g} s"
        return Result(target.part, Outcome.BAD, said, _NOT_SEEN)
    return _judge(target, _watch(camera, target, first, look))


def _await(camera: Camera, target: Target, within_s: float, look: Look) -> Frame | None:
    begun_ms: int | None = None
    while True:
        frame = camera.frame(_FRAME_TIMEOUT_S)
        begun_ms = frame.boot_ms if begun_ms is None else begun_ms
        if _find(frame.grey, target, look) is not None:
            return frame
        if frame.boot_ms - begun_ms >= within_s * 1000:
            return None


@dataclass(frozen=True, slots=True)
class _Watched:
    """`crop` is the target in the last picture in which it was read."""

    frames: int
    read: int
    crop: GreyImage
    side_px: float


def _watch(camera: Camera, target: Target, first: Frame, look: Look) -> _Watched:
    frames, read, newest, frame = 0, 0, first, first
    while frame.boot_ms - first.boot_ms < _MEASURED_MS and frames < _MOST_FRAMES:
        frame = camera.frame(_FRAME_TIMEOUT_S)
        frames += 1
        if _find(frame.grey, target, look) is not None:
            read, newest = read + 1, frame
    seen = _find(newest.grey, target, look)
    corners = np.array(() if seen is None else seen.corners)
    return _Watched(frames, read, _cut(newest.grey, corners), _side(corners))


def _find(grey: GreyImage, target: Target, look: Look) -> Seen | None:
    return next((seen for seen in look(grey) if seen.text == target.text), None)


def _cut(
    grey: GreyImage, corners: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]"
) -> GreyImage:
    left, top = np.clip(corners.min(axis=0), 0, None).astype(int)
    right, bottom = corners.max(axis=0).astype(int) + 1
    return np.ascontiguousarray(grey[top:bottom, left:right])


def _side(corners: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> float:
    """Return the mean length of the code's sides."""
    sides = np.roll(corners, -1, axis=0) - corners
    return float(np.mean(np.hypot(sides[:, 0], sides[:, 1])))


def _judge(target: Target, watched: _Watched) -> Result:
    percent = watched.read * 100 // max(watched.frames, 1)
    dark, light = (round(float(np.percentile(watched.crop, at))) for at in (_DARK, _LIGHT))
    modules = 17 + 4 * target.version
    figures = (
        Figure("read_percent", percent),
        Figure("module_px", round(watched.side_px / modules, 1)),
        Figure("dark", dark),
        Figure("light", light),
        Figure("sharpness", round(picture.sharpness(watched.crop))),
    )
    said = (
        f"read in {percent} % of {watched.frames} pictures, a module has {figures[1].value} px, "
        f"from {dark} (dark) to {light} (light) of 255, sharpness {figures[4].value}"
    )
    if percent < LEAST_READ_PER_CENT:
        advice = _SCREEN_BADLY if target is SCREEN else _PRINT_BADLY
        return Result(target.part, Outcome.BAD, said, advice, figures)
    return Result(target.part, Outcome.OK, said, figures=figures)
