"""The conditions that photographs of codes are sorted by, drawn: labels and posters on paper.

Fitted so that each decoder reads as much of them as of the photographs of that name:
docs/decisions/0003-simulated-phones.md.
"""

from dataclasses import replace

from hardware.simulated.conditions import Conditions
from hardware.simulated.difficulty import Difficulty

_NOMINAL = Difficulty(
    least=Conditions(
        printed=True,
        code_height=0.08,
        offset_x=-0.2,
        offset_y=-0.1,
        yaw_deg=-45,
        pitch_deg=-45,
        roll_deg=-180,
        tremor=0.002,
        defocus_sigma_px=0.3,
        contrast=0.8,
        noise_sigma=1.5,
        gamma=0.8,
        exposure=0.6,
    ),
    most=Conditions(
        printed=True,
        code_height=0.6,
        offset_x=0.2,
        offset_y=0.1,
        yaw_deg=45,
        pitch_deg=45,
        roll_deg=180,
        tremor=0.002,
        defocus_sigma_px=1.0,
        contrast=0.95,
        noise_sigma=5.0,
        gamma=1.3,
        motion_blur_px=1.0,
        motion_blur_deg=180,
    ),
)
PHOTOGRAPHED = {
    "nominal": _NOMINAL,
    "blurred": Difficulty(
        least=replace(
            _NOMINAL.least,
            code_height=0.11,
            yaw_deg=-60,
            pitch_deg=-50,
            defocus_sigma_px=1.2,
            contrast=0.9,
            noise_sigma=0.2,
        ),
        most=replace(
            _NOMINAL.most,
            code_height=0.5,
            yaw_deg=60,
            pitch_deg=50,
            defocus_sigma_px=2.1,
            motion_blur_px=4.0,
            noise_sigma=0.3,
        ),
    ),
    # A clipboard from near to across the room, from nearly black to washed out.
    "brightness": Difficulty(
        least=replace(
            _NOMINAL.least,
            code_height=0.036,
            yaw_deg=-15,
            pitch_deg=-10,
            roll_deg=-10,
            noise_sigma=2.0,
            exposure=0.04,
        ),
        most=replace(
            _NOMINAL.most,
            code_height=0.25,
            yaw_deg=15,
            pitch_deg=10,
            roll_deg=10,
            motion_blur_px=0.5,
            noise_sigma=6.0,
            exposure=1.5,
        ),
    ),
    "rotations": Difficulty(
        least=replace(
            _NOMINAL.least,
            code_height=0.09,
            yaw_deg=-10,
            pitch_deg=-25,
            roll_deg=-180,
            exposure=0.8,
        ),
        most=replace(
            _NOMINAL.most,
            code_height=0.22,
            yaw_deg=10,
            pitch_deg=25,
            roll_deg=180,
            defocus_sigma_px=0.7,
            motion_blur_px=0.5,
        ),
    ),
}
