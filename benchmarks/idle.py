"""What a door costs before which nobody stands."""

import time

import cv2
import numpy as np
from pyzbar import pyzbar

from hardware.interfaces import Frame, GreyImage
from kiosk.scanning.gate import MotionGate
from kiosk.scanning.ladder import Ladder
from kiosk.scanning.rungs import DEFAULT_RUNGS, build_rungs

_WARMING_UP = 60
_FRAME_MS = 67


def idle_ratio(frames: int = 600) -> float:
    """CPU of gate and ladder on a still 1280x720 scene at 15 frames a second, to pyzbar's.

    The scene has the noise of a sensor; patrols are counted too.
    """
    stills = _still_scene()
    gate, ladder = MotionGate(), Ladder(build_rungs(DEFAULT_RUNGS))
    own_s = pyzbar_s = 0.0
    for number in range(-_WARMING_UP, frames):
        grey = stills[number % len(stills)]
        started_s = time.process_time()
        if gate.opens(Frame(grey, (number + _WARMING_UP) * _FRAME_MS)):
            ladder.look(grey)
        if number < 0:
            continue
        own_s += time.process_time() - started_s
        if number % 10 == 0:
            started_s = time.process_time()
            pyzbar.decode(grey, [pyzbar.ZBarSymbol.QRCODE])
            pyzbar_s += (time.process_time() - started_s) * 10
    return own_s / pyzbar_s


def _still_scene() -> list[GreyImage]:
    chance = np.random.default_rng(1)
    scene = cv2.GaussianBlur(chance.integers(0, 256, (720, 1280), dtype=np.uint8), (0, 0), 8)
    noise = (chance.normal(0, 3, scene.shape) for _ in range(20))
    return [np.clip(scene + one, 0, 255).astype(np.uint8) for one in noise]
