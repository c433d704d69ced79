"""Whether pictures come, how fast, and whether anything can be seen in them."""

from collections.abc import Sequence

from hardware.errors import CameraExhausted, CameraFault
from hardware.interfaces import Camera, Frame
from provisioning.acceptance import picture
from provisioning.acceptance.result import Figure, Outcome, Result
from provisioning.language import mark as _

# A stalled driver is opened anew at the next frame; a CSI camera needs about a second for that.
_FRAME_TIMEOUT_S = 5.0
# Automatic exposure settles first: what is seen until then says nothing.
_SETTLING_FRAMES = 5
_MEASURED_MS = 2_000
_MOST_FRAMES = 300
# The answer is due within half a second: two frames, and time left to decode them.
LEAST_FRAMES_PER_S = 5.0
_FOCUS = _("to focus, hold a printed page 20 cm from the lens: the sharpness figure rises")


def try_camera(camera: Camera) -> Result:
    """Raises CameraFault where no picture comes."""
    frames = _watch(camera)
    newest = frames[-1].grey
    rate, light = _frames_per_s(frames), picture.brightness(newest)
    height_px, width_px = newest.shape
    figures = (
        Figure("frames_per_s", round(rate, 1)),
        Figure("width_px", width_px),
        Figure("height_px", height_px),
        Figure("brightness", round(light)),
        Figure("sharpness", round(picture.sharpness(newest))),
    )
    said = (
        f"{camera.describe()}: {rate:.1f} frames/s of {width_px}×{height_px}, "
        f"brightness {figures[3].value} of 255, sharpness {figures[4].value}"
    )
    for wrong, advice in _faults(frames, rate):
        return Result("camera", Outcome.BAD, f"{wrong}; {said}", advice, figures)
    return Result("camera", Outcome.OK, said, _FOCUS, figures)


def _watch(camera: Camera) -> Sequence[Frame]:
    first = camera.frame(_FRAME_TIMEOUT_S)
    frames = [first]
    try:
        for _number in range(_SETTLING_FRAMES - 1):
            first = camera.frame(_FRAME_TIMEOUT_S)
        frames = [first]
        while frames[-1].boot_ms - first.boot_ms < _MEASURED_MS and len(frames) < _MOST_FRAMES:
            frames.append(camera.frame(_FRAME_TIMEOUT_S))
    except CameraExhausted as end:
        if len(frames) < 2:
            raise CameraFault("the recording is too short to measure", hint=end.hint) from end
    return frames


def _frames_per_s(frames: Sequence[Frame]) -> float:
    elapsed_ms = frames[-1].boot_ms - frames[0].boot_ms
    return (len(frames) - 1) * 1000 / elapsed_ms if elapsed_ms > 0 else 0.0


def _faults(frames: Sequence[Frame], rate: float) -> Sequence[tuple[str, str]]:
    newest = frames[-1].grey
    found = []
    if picture.is_frozen([frame.grey for frame in frames]):
        found.append(("the picture stands still", _("restart the kiosk; then try another camera")))
    if picture.is_dark(newest):
        found.append(("the picture is dark", _("take the cap off the lens, or put on the light")))
    if picture.is_glaring(newest):
        found.append(("the picture is white", _("turn the camera away from the sun or a lamp")))
    if picture.is_even(newest):
        found.append(("the picture is one even grey", _("clean the lens and take its film off")))
    if rate < LEAST_FRAMES_PER_S:
        found.append(
            ("the pictures come too slowly", _("set a smaller width_px and height_px in [camera]"))
        )
    return found
