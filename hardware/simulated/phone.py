"""The picture that a door's camera takes of a phone or a printed card held up to it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.interfaces import GreyImage
from hardware.simulated.card import Card, card
from hardware.simulated.conditions import Conditions
from hardware.simulated.layers import COVERS, EMITS, REFLECTANCE_OF_255, REFLECTS, Layers
from hardware.simulated.pose import Pose, homography, pose_at
from hardware.simulated.sensor import Light, expose, room

# The room, when nobody is there.
_EMPTY = Conditions()
# Drawn this much larger and averaged, so that fine modules blur as on a sensor.
_OVERSAMPLING = 2
_LARGEST_CODE_PX = 900
_EXPOSURE_MS = 8

Region = tuple[int, int, int, int]


def render(  # noqa: PLR0917
    payload: str,
    conditions: Conditions,
    seed: int,
    t_ms: int,
    width: int,
    height: int,
    *,
    duration_ms: int | None = None,
    room_seed: int = 0,
) -> GreyImage:
    """Draw the frame taken `t_ms` after the phone began to come, in pixels `width` x `height`.

    `duration_ms` is when it is gone again; None: it stays. The same arguments give the same
    picture.

    Raises:
        PayloadTooLong: no QR code holds the payload.
    """
    pose = pose_at(conditions, seed, t_ms, duration_ms, (width, height))
    if pose.presence == 0:
        return render_empty(room_seed, t_ms, width, height)
    ambient = _faded(_EMPTY.ambient, conditions.ambient, pose.presence)
    light = room(room_seed, width, height) * np.float32(ambient)
    before = pose_at(conditions, seed, t_ms - _EXPOSURE_MS, duration_ms, (width, height))
    shown = card(payload, conditions, seed, _card_size(conditions.code_height * height))
    _add_phone(light, shown, _Moment(conditions, t_ms, pose, before, ambient))
    return expose(
        light,
        gain=_faded(_gain(_EMPTY.ambient, 0), _held_gain(conditions, ambient), pose.presence),
        gamma=_faded(_EMPTY.gamma, conditions.gamma, pose.presence),
        noise_sigma=_faded(_EMPTY.noise_sigma, conditions.noise_sigma, pose.presence),
        seed=seed,
        t_ms=t_ms,
    )


def render_empty(room_seed: int, t_ms: int, width: int, height: int) -> GreyImage:
    """Draw the room with nobody in front of the camera."""
    return expose(
        room(room_seed, width, height) * np.float32(_EMPTY.ambient),
        gain=_gain(_EMPTY.ambient, 0),
        gamma=_EMPTY.gamma,
        noise_sigma=_EMPTY.noise_sigma,
        seed=room_seed,
        t_ms=t_ms,
    )


@dataclass(frozen=True, slots=True)
class _Moment:
    """`before` is the pose when the shutter opened."""

    conditions: Conditions
    t_ms: int
    pose: Pose
    before: Pose
    ambient: float


def _add_phone(light: Light, shown: Card, moment: _Moment) -> None:
    height, width = light.shape
    code_height_px = moment.conditions.code_height * height
    to_frame = homography(moment.pose, code_height_px, width) @ _to_plane(shown)
    region = _region(to_frame, shown.layers, width, height)
    if region is None:
        return
    layers = _warped(shown.layers, to_frame, region)
    now, before = moment.pose.centre_px, moment.before.centre_px
    moved_px = (now[0] - before[0], now[1] - before[1])
    _blend(light, region, _blurred(layers, moment.conditions, moved_px), moment)


def _blend(light: Light, region: Region, layers: Layers, moment: _Moment) -> None:
    left, top, right, bottom = region
    part = light[top:bottom, left:right]
    rows = np.arange(top, bottom, dtype=np.float32) / light.shape[0]
    brightness = np.float32(moment.conditions.screen_brightness / 255)
    mirrored = np.float32(moment.ambient * REFLECTANCE_OF_255 / 255)
    part *= cv2.LUT(layers[:, :, COVERS], _UNCOVERED)
    part += (
        layers[:, :, EMITS] * (_bands(rows, moment.conditions, moment.t_ms) * brightness)[:, None]
    )
    part += layers[:, :, REFLECTS] * mirrored


_UNCOVERED = np.linspace(1, 0, 256, dtype=np.float32)


def _bands(rows: NDArray[np.float32], conditions: Conditions, t_ms: int) -> NDArray[np.float32]:
    """A screen that dims by pulses is read line by line: dark bands that wander."""
    turns = rows / max(conditions.band_period, 0.01) - conditions.band_speed_hz * t_ms / 1000
    # Sharper than a wave: the pulse is off for a part of its period only.
    dark = np.clip(1.6 * np.cos(2 * np.pi * turns) - 0.6, 0, 1)
    return np.asarray(1 - conditions.bands * dark, dtype=np.float32)


def _card_size(code_px: float) -> int:
    return int(np.clip(round(_OVERSAMPLING * code_px), 40, _LARGEST_CODE_PX))


def _to_plane(shown: Card) -> NDArray[np.float64]:
    x, y = shown.code_centre_px
    size = shown.code_size_px
    return np.array([[1 / size, 0, -x / size], [0, 1 / size, -y / size], [0, 0, 1]])


def _region(
    to_frame: NDArray[np.float64], layers: Layers, width: int, height: int
) -> Region | None:
    """Return the part of the frame that the phone can touch, or None if it is outside."""
    tall, wide = layers.shape[:2]
    corners = np.array([[[0, 0]], [[wide, 0]], [[wide, tall]], [[0, tall]]], np.float64)
    # A corner that is level with the lens is infinitely far to one side.
    seen = np.nan_to_num(cv2.perspectiveTransform(corners, to_frame)[:, 0])
    x, y = np.clip(seen, -1e6, 1e6).T
    margin = 12
    left, right = max(int(x.min()) - margin, 0), min(int(x.max()) + margin, width)
    top, bottom = max(int(y.min()) - margin, 0), min(int(y.max()) + margin, height)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _warped(layers: Layers, to_frame: NDArray[np.float64], region: Region) -> Layers:
    left, top, right, bottom = region
    n = _OVERSAMPLING
    enlarge = np.array([[n, 0, -n * left], [0, n, -n * top], [0, 0, 1]], np.float64)
    size = (right - left, bottom - top)
    large = cv2.warpPerspective(layers, enlarge @ to_frame, (n * size[0], n * size[1]))
    return np.asarray(cv2.resize(large, size, interpolation=cv2.INTER_AREA), np.uint8)


def _blurred(layers: Layers, conditions: Conditions, moved_px: tuple[float, float]) -> Layers:
    """Blur by the lens, then by what moved while the shutter was open."""
    sigma = conditions.defocus_sigma_px
    blurred = cv2.GaussianBlur(layers, (0, 0), sigma) if sigma > 0.2 else layers
    angle = np.radians(conditions.motion_blur_deg)
    shake = conditions.motion_blur_px * np.array([np.cos(angle), np.sin(angle)])
    path = shake + np.array(moved_px)
    if np.hypot(*path) >= 1:
        blurred = cv2.filter2D(blurred, -1, _streak(path))
    return np.asarray(blurred, np.uint8)


def _streak(path_px: NDArray[np.float64]) -> NDArray[np.float32]:
    half = min(int(np.ceil(np.abs(path_px).max() / 2)), 20)
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    for share in np.linspace(-0.5, 0.5, 8 * half + 1):
        x, y = np.clip(np.rint(path_px * share).astype(int) + half, 0, 2 * half)
        kernel[y, x] += 1
    return np.asarray(kernel / kernel.sum(), np.float32)


def _gain(ambient: float, screen_brightness: float) -> float:
    # Exposed for the highlights, as the door's camera is told to.
    return 0.88 / max(screen_brightness, 0.75 * ambient, 0.12)


def _held_gain(conditions: Conditions, ambient: float) -> float:
    shines = 0.0 if conditions.printed else conditions.screen_brightness
    return _gain(ambient, shines) * conditions.exposure


def _faded(empty: float, held: float, presence: float) -> float:
    return empty + (held - empty) * presence
