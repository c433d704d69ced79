"""Where the phone is at each moment, and how that looks from the camera."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardware.simulated.conditions import Conditions

ARRIVES_MS = 400
LEAVES_MS = 400
# The lens of the Pi's camera: about 58 degrees across.
_FOCAL_LENGTH = 0.9

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pose:
    """`presence` is 0 out of the picture to 1 held still; the centre is the code's, in pixels."""

    presence: float
    centre_px: tuple[float, float]
    yaw_deg: float
    pitch_deg: float
    roll_deg: float


def pose_at(
    conditions: Conditions,
    seed: int,
    t_ms: float,
    duration_ms: int | None,
    size_px: tuple[int, int],
) -> Pose:
    """Return the pose `t_ms` after the phone began to come; `duration_ms` None stays for ever."""
    width, height = size_px
    rng = np.random.default_rng([seed & (2**64 - 1), 2])
    presence = _presence(t_ms, duration_ms)
    away_x, away_y = _entry(rng, conditions, size_px)
    sway = _tremor(rng, t_ms / 1000) * conditions.tremor
    away = (1 - presence) ** 2 * (3 - 2 * (1 - presence)) if presence else 1.0
    return Pose(
        presence=presence,
        centre_px=(
            (0.5 + conditions.offset_x + sway[0] + away * away_x) * width,
            (0.5 + conditions.offset_y) * height + sway[1] * width + away * away_y * height,
        ),
        yaw_deg=conditions.yaw_deg + 120 * sway[2] + away * 10,
        pitch_deg=conditions.pitch_deg + 120 * sway[3] - away * 10,
        roll_deg=conditions.roll_deg + 90 * sway[4],
    )


def homography(pose: Pose, code_height_px: float, width_px: int) -> Matrix:
    """Return the matrix from the plane of the phone to the frame.

    In the plane the code's centre is the origin and its width 1.
    """
    yaw, pitch, roll = np.radians([pose.yaw_deg, pose.pitch_deg, pose.roll_deg])
    turn = _about_z(roll) @ _about_y(yaw) @ _about_x(pitch)
    focal_px = _FOCAL_LENGTH * width_px
    distance = focal_px / code_height_px
    plane = np.column_stack([turn[:, 0], turn[:, 1], [0.0, 0.0, distance]])
    x, y = pose.centre_px
    lens = np.array([[focal_px, 0, x], [0, focal_px, y], [0, 0, 1]])
    return np.asarray(lens @ plane, dtype=np.float64)


def _presence(t_ms: float, duration_ms: int | None) -> float:
    come = t_ms / ARRIVES_MS
    go = 1.0 if duration_ms is None else (duration_ms - t_ms) / LEAVES_MS
    return float(np.clip(min(come, go), 0, 1))


def _entry(
    rng: np.random.Generator, conditions: Conditions, size_px: tuple[int, int]
) -> tuple[float, float]:
    """Return how far off it starts, in shares of the frame's sides."""
    width, height = size_px
    # A phone is some four codes long with its hand, and turned it is as wide.
    reach = 2.6 * conditions.code_height
    sideways = 0.6 + reach * height / width
    edge = rng.integers(4)
    if edge < 2:
        return 0.0, 0.6 + reach
    return (-sideways if edge == 2 else sideways), 0.1


def _tremor(rng: np.random.Generator, t_s: float) -> NDArray[np.float64]:
    """Return five values of about -1 to 1: slow sway and, smaller, the 8 to 12 Hz of a hand."""
    frequencies = np.concatenate([rng.uniform(0.2, 1.8, (3, 5)), rng.uniform(8, 12, (1, 5))])
    phases = rng.uniform(0, 2 * np.pi, (4, 5))
    weights = np.array([[0.6], [0.35], [0.2], [0.06]])
    waves: NDArray[np.float64] = np.sin(2 * np.pi * frequencies * t_s + phases) * weights
    return np.asarray(waves.sum(axis=0), dtype=np.float64)


def _about_x(angle: float) -> Matrix:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def _about_y(angle: float) -> Matrix:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def _about_z(angle: float) -> Matrix:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
