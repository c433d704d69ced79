"""The front of a phone or card in a hand, flat: what it emits, what it reflects."""

import functools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.simulated.conditions import Conditions
from hardware.simulated.hand import draw_fingertips, draw_hand_behind
from hardware.simulated.layers import COVERS, EMITS, REFLECTANCE_OF_255, REFLECTS, Layers, paint
from hardware.simulated.page import code_centre_y, draw_page, draw_sheet

_BEZEL, _GLASS, _PAPER = 0.03, 0.05, 0.85
# Of the width of the code: what surrounds the screen on the card, for the hand.
_BESIDE, _BELOW = 0.45, 0.9


@dataclass(frozen=True, slots=True)
class Card:
    """`layers` is (height, width, 3): EMITS, REFLECTS, COVERS.

    Positions are in pixels of the layers.
    """

    layers: Layers
    code_size_px: int
    code_centre_px: tuple[float, float]


@functools.lru_cache(maxsize=4)
def card(payload: str, conditions: Conditions, seed: int, code_size_px: int) -> Card:
    """Draw the phone or card so that its code is `code_size_px` wide."""
    if conditions.printed:
        screen = draw_sheet(payload, code_size_px)
    else:
        screen = draw_page(payload, code_size_px, dark_mode=conditions.dark_mode)
    left, top = int(_BESIDE * code_size_px), int(0.1 * code_size_px)
    height, width = screen.shape
    shape = (height + top + int(_BELOW * code_size_px), width + 2 * left)
    layers = np.zeros((*shape, 3), np.uint8)
    body = (left, top, width, height)
    draw_hand_behind(layers, body)
    if conditions.printed:
        _draw_paper(layers, body, screen, conditions)
    else:
        _draw_body(layers, body, screen, conditions)
    _draw_glare(layers, body, conditions)
    _draw_cracks(layers, body, conditions.cracks, seed)
    draw_fingertips(layers, body)
    return Card(layers, code_size_px, (left + width / 2, top + code_centre_y(screen)))


def _draw_body(
    layers: Layers, body: tuple[int, int, int, int], screen: Layers, conditions: Conditions
) -> None:
    x, y, width, height = body
    edge = max(2, int(0.035 * width))
    corner = int(0.1 * width)
    case = _rounded(
        layers.shape[:2], (x - edge, y - edge, width + 2 * edge, height + 2 * edge), corner
    )
    paint(layers, case, reflects=_BEZEL)
    glass = _rounded(layers.shape[:2], body, corner - edge)
    paint(layers, glass, reflects=_GLASS)
    # An LCD's black lets some of its light through.
    black = 1 - conditions.contrast
    lit = np.zeros(layers.shape[:2], np.float32)
    lit[y : y + height, x : x + width] = black * 255 + screen * (1 - black)
    layers[:, :, EMITS] = np.clip(lit * (glass / np.float32(255)), 0, 255).astype(np.uint8)


def _draw_paper(
    layers: Layers, body: tuple[int, int, int, int], sheet: Layers, conditions: Conditions
) -> None:
    x, y, width, height = body
    ink = _PAPER * (1 - conditions.contrast)
    part = layers[y : y + height, x : x + width]
    part[:, :, EMITS] = 0
    reflects = (ink + sheet * np.float32((_PAPER - ink) / 255)) * 255 / REFLECTANCE_OF_255
    part[:, :, REFLECTS] = reflects.astype(np.uint8)
    part[:, :, COVERS] = 255


def _draw_glare(layers: Layers, body: tuple[int, int, int, int], conditions: Conditions) -> None:
    if conditions.glare <= 0:
        return
    x, y, width, height = body
    rows = (np.arange(height, dtype=np.float32) - conditions.glare_y * height)[:, None]
    columns = (np.arange(width, dtype=np.float32) - conditions.glare_x * width)[None, :]
    size = max(conditions.glare_size, 0.01) * width
    # A window or a tube is longer than it is wide.
    blob = np.exp(-((columns / size) ** 2) - (rows / (1.6 * size)) ** 2)
    # Where the room is dark, so is the lamp that is mirrored: both scale with ambient later.
    light = blob * conditions.glare * 255 * 1.2 / REFLECTANCE_OF_255
    part = layers[y : y + height, x : x + width, REFLECTS]
    part[:] = cv2.add(part, light.astype(np.uint8))


def _draw_cracks(layers: Layers, body: tuple[int, int, int, int], count: int, seed: int) -> None:
    """Draw `count` jagged lines from one point of impact: dark, with a glint along one side."""
    rng = np.random.default_rng([seed & (2**64 - 1), 1])
    x, y, width, height = body
    glass = layers[y : y + height, x : x + width]
    impact = np.array([rng.uniform(0, width), rng.uniform(0.1, 0.8) * height])
    stroke = max(1, round(0.008 * width))
    for _ in range(count):
        line = np.vstack([impact, impact + _jagged(rng) * width]).astype(np.int32)
        _scratch(glass, EMITS, line, stroke, 70)
        _scratch(glass, REFLECTS, line + stroke, max(1, stroke // 2), 90)


def _jagged(rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a walk that turns a little at each step, in shares of the screen's width."""
    steps = int(rng.integers(6, 14))
    turns = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.35, steps))
    lengths = rng.uniform(0.05, 0.13, (steps, 1))
    walk = np.stack([np.cos(turns), np.sin(turns)], axis=1) * lengths
    return np.asarray(np.cumsum(walk, axis=0), dtype=np.float64)


def _scratch(glass: Layers, channel: int, line: NDArray[np.int32], stroke: int, value: int) -> None:
    # OpenCV draws on contiguous memory only, and one channel of three is not.
    drawn = np.ascontiguousarray(glass[:, :, channel])
    cv2.polylines(
        drawn, [line], isClosed=False, color=value, thickness=stroke, lineType=cv2.LINE_AA
    )
    glass[:, :, channel] = drawn


def _rounded(shape: tuple[int, int], box: tuple[int, int, int, int], corner: int) -> Layers:
    x, y, width, height = box
    mask = np.zeros(shape, np.uint8)
    far = (x + width - 1, y + height - 1)
    cv2.rectangle(mask, (x + corner, y), (far[0] - corner, far[1]), 255, -1)
    cv2.rectangle(mask, (x, y + corner), (far[0], far[1] - corner), 255, -1)
    for cx in (x + corner, far[0] - corner):
        for cy in (y + corner, far[1] - corner):
            cv2.circle(mask, (cx, cy), corner, 255, -1, cv2.LINE_AA)
    return mask
