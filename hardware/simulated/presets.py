"""How bad it may be, by name: three mixtures, each hardship alone, and what was photographed.

What the decoders make of each is in docs/decisions/0003-simulated-phones.md.
"""

from dataclasses import replace

from hardware.simulated.conditions import Conditions
from hardware.simulated.difficulty import Difficulty
from hardware.simulated.photographed import PHOTOGRAPHED

_EASY = Difficulty(
    least=Conditions(
        code_height=0.42,
        offset_x=-0.06,
        offset_y=-0.05,
        yaw_deg=-12,
        pitch_deg=-12,
        roll_deg=-10,
        tremor=0.003,
        defocus_sigma_px=0.3,
        glare_x=0.1,
        glare_y=0.0,
        glare_size=0.1,
        ambient=0.45,
        screen_brightness=0.75,
        contrast=0.9,
        noise_sigma=0.8,
        gamma=0.9,
        motion_blur_deg=0,
        band_period=0.3,
        band_speed_hz=0.2,
    ),
    most=Conditions(
        code_height=0.62,
        offset_x=0.06,
        offset_y=0.05,
        yaw_deg=12,
        pitch_deg=12,
        roll_deg=10,
        tremor=0.008,
        defocus_sigma_px=0.8,
        glare=0.15,
        glare_x=0.9,
        glare_y=1.0,
        glare_size=0.25,
        ambient=0.75,
        screen_brightness=1.0,
        contrast=0.98,
        noise_sigma=2.0,
        gamma=1.2,
        motion_blur_px=1.0,
        motion_blur_deg=180,
        bands=0.08,
        band_period=0.8,
        band_speed_hz=1.0,
    ),
)
_ORDINARY = Difficulty(
    least=replace(
        _EASY.least,
        code_height=0.3,
        offset_x=-0.12,
        offset_y=-0.1,
        yaw_deg=-25,
        pitch_deg=-25,
        roll_deg=-30,
        ambient=0.2,
        screen_brightness=0.45,
        contrast=0.8,
    ),
    most=replace(
        _EASY.most,
        code_height=0.65,
        offset_x=0.12,
        offset_y=0.1,
        yaw_deg=25,
        pitch_deg=25,
        roll_deg=30,
        tremor=0.015,
        defocus_sigma_px=1.4,
        glare=0.5,
        ambient=0.9,
        cracks=2,
        bands=0.25,
        noise_sigma=3.5,
        gamma=1.4,
        motion_blur_px=2.5,
        dark_mode=True,
    ),
    dark_mode_share=0.15,
)
_HARD = Difficulty(
    least=replace(
        _ORDINARY.least,
        code_height=0.25,
        yaw_deg=-40,
        pitch_deg=-35,
        roll_deg=-180,
        ambient=0.05,
        screen_brightness=0.15,
        contrast=0.6,
        gamma=0.6,
    ),
    most=replace(
        _ORDINARY.most,
        code_height=0.7,
        yaw_deg=40,
        pitch_deg=35,
        roll_deg=180,
        tremor=0.02,
        defocus_sigma_px=1.6,
        glare=0.6,
        glare_size=0.4,
        ambient=1.2,
        cracks=6,
        bands=0.6,
        noise_sigma=5.0,
        gamma=2.0,
        motion_blur_px=4.0,
    ),
    dark_mode_share=0.3,
)

_LEAST, _MOST = _EASY.least, _EASY.most
_ALONE = {
    "distance": Difficulty(replace(_LEAST, code_height=0.15), replace(_MOST, code_height=0.8)),
    "far": Difficulty(replace(_LEAST, code_height=0.15), replace(_MOST, code_height=0.15)),
    "angle": Difficulty(
        replace(_LEAST, yaw_deg=-55, pitch_deg=-45, roll_deg=-180),
        replace(_MOST, yaw_deg=55, pitch_deg=45, roll_deg=180),
    ),
    "shake": Difficulty(
        replace(_LEAST, tremor=0.01, motion_blur_px=2),
        replace(_MOST, tremor=0.03, motion_blur_px=9),
    ),
    "glare": Difficulty(
        replace(_LEAST, glare=0.5, glare_x=0.2, glare_y=0.2, glare_size=0.15),
        replace(_MOST, glare=1.3, glare_x=0.8, glare_y=0.7, glare_size=0.45),
    ),
    "low-light": Difficulty(
        replace(_LEAST, ambient=0.01, screen_brightness=0.03, noise_sigma=2),
        replace(_MOST, ambient=0.1, screen_brightness=0.2, noise_sigma=7),
    ),
    "dark-mode": Difficulty(replace(_LEAST, dark_mode=True), replace(_MOST, dark_mode=True)),
    "cracked": Difficulty(replace(_LEAST, cracks=3), replace(_MOST, cracks=14)),
    "screen-brightness": Difficulty(
        replace(_LEAST, ambient=0.5, screen_brightness=0.05),
        replace(_MOST, ambient=1.2, screen_brightness=0.5),
    ),
    "bands": Difficulty(replace(_LEAST, bands=0.4), replace(_MOST, bands=1.0)),
}

DIFFICULTIES = {"easy": _EASY, "ordinary": _ORDINARY, "hard": _HARD, **_ALONE, **PHOTOGRAPHED}


def draw(difficulty: str, seed: int) -> Conditions:
    """Draw the conditions of one phone or card; the same seed draws the same.

    Raises:
        KeyError: there is no such difficulty.
    """
    return DIFFICULTIES[difficulty].drawn(seed)
