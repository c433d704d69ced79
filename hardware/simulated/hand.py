"""The hand that holds the phone: the palm behind it, fingertips over its edges."""

import cv2
import numpy as np

from hardware.simulated.layers import REFLECTS, Layers, paint

_SKIN = 0.5


def draw_hand_behind(layers: Layers, body: tuple[int, int, int, int]) -> None:
    x, y, width, height = body
    palm = np.zeros(layers.shape[:2], np.uint8)
    middle = (x + int(0.55 * width), y + int(0.8 * height))
    cv2.ellipse(
        palm, middle, (int(0.62 * width), int(0.33 * height)), 0, 0, 360, 255, -1, cv2.LINE_AA
    )
    arm = (x + int(0.25 * width), middle[1])
    palm[arm[1] :, arm[0] : arm[0] + int(0.62 * width)] = 255
    paint(layers, palm, reflects=_SKIN * 0.8)


def draw_fingertips(layers: Layers, body: tuple[int, int, int, int]) -> None:
    x, y, width, height = body
    thick = int(0.13 * width)
    tips = np.zeros(layers.shape[:2], np.uint8)
    for share in (0.5, 0.61, 0.72):
        at = y + int(share * height)
        cv2.line(
            tips,
            (x - int(0.12 * width), at + 4),
            (x + int(0.005 * width), at),
            255,
            thick,
            cv2.LINE_AA,
        )
    thumb_from = (x + int(1.2 * width), y + int(0.85 * height))
    cv2.line(
        tips,
        thumb_from,
        (x + int(0.99 * width), y + int(0.66 * height)),
        255,
        int(1.4 * thick),
        cv2.LINE_AA,
    )
    paint(layers, tips, reflects=_SKIN)
    # Round things are darker towards their edges. A box mean: a Gauss this wide is slow.
    shade = cv2.blur(tips, (thick // 2 + 1, thick // 2 + 1))
    x, y, width, height = cv2.boundingRect(tips)
    part = np.s_[y : y + height, x : x + width]
    rounding = np.where(tips[part] > 0, 0.45 + shade[part] * np.float32(0.55 / 255), np.float32(1))
    layers[:, :, REFLECTS][part] = (layers[:, :, REFLECTS][part] * rounding).astype(np.uint8)
