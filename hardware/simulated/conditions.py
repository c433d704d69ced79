"""How a phone is held up and what spoils the picture: every number that the drawing takes.

All of it is here so that it can be fitted to photographs in one place.
"""

import math
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Conditions:
    """Shares are 0 to 1; offsets and heights are shares of the frame's sides.

    `code_height` is the code without its quiet zone, seen square on. `ambient` and
    `screen_brightness` share one scale: 1 is a screen at full in a bright office. `contrast`
    is that of the screen itself. `tremor` is how far the hand sways; `motion_blur_px` is what
    one exposure smears beside what the phone's own movement does. `glare` is a reflected lamp's
    light, placed in shares of the screen. `bands` is how much darker the screen's refresh bands
    are. `noise_sigma` is in grey levels at a gain of 1; `gamma` above 1 darkens the middle.
    `printed` is a card of paper instead of a phone. `exposure` is how much light the camera takes
    compared with what the highlights ask for.
    """

    code_height: float = 0.5
    offset_x: float = 0.0
    offset_y: float = 0.0
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    tremor: float = 0.006
    motion_blur_px: float = 0.0
    motion_blur_deg: float = 0.0
    defocus_sigma_px: float = 0.5
    glare: float = 0.0
    glare_x: float = 0.5
    glare_y: float = 0.2
    glare_size: float = 0.2
    ambient: float = 0.6
    screen_brightness: float = 0.9
    contrast: float = 0.95
    dark_mode: bool = False
    cracks: int = 0
    bands: float = 0.0
    band_period: float = 0.5
    band_speed_hz: float = 0.7
    noise_sigma: float = 1.5
    gamma: float = 1.0
    printed: bool = False
    exposure: float = 1.0

    def __post_init__(self) -> None:
        """Raises ValueError where the drawing would have no meaning: edge on, or no size."""
        if not 0.02 <= self.code_height <= 1:
            raise ValueError("code_height must be 0.02 to 1")
        if max(abs(self.yaw_deg), abs(self.pitch_deg)) > 80:
            raise ValueError("yaw_deg and pitch_deg must be -80 to 80")
        lengths = (self.defocus_sigma_px, self.motion_blur_px, self.tremor, self.cracks)
        if min(lengths) < 0 or max(lengths) > 100:
            raise ValueError("defocus, blur, tremor and cracks must be 0 to 100")
        if min(self.glare, self.ambient, self.screen_brightness, self.noise_sigma, self.gamma) < 0:
            raise ValueError("light, noise and gamma must not be negative")
        if not 0.001 <= self.exposure <= 100:
            raise ValueError("exposure must be 0.001 to 100")
        if not 0 <= self.contrast <= 1:
            raise ValueError("contrast must be 0 to 1")


def overridden(conditions: Conditions, overrides: object) -> Conditions:
    """Return `conditions` with the fields that `overrides`, parsed JSON, names.

    Raises:
        TypeError: it is no object.
        ValueError: it names what is no condition, or gives one a wrong value.
    """
    if not isinstance(overrides, dict):
        raise TypeError("conditions must be an object")
    changes: dict[str, float | int | bool] = {}
    for name, value in overrides.items():
        changes[name] = _checked(name, value)
    return replace(conditions, **changes)  # type: ignore[arg-type]


_CALM = Conditions()
_NAMES = frozenset(field.name for field in fields(Conditions))


def _checked(name: str, value: object) -> float | int | bool:
    if name not in _NAMES:
        raise ValueError(f"there is no condition {name!r}")
    kind = type(getattr(_CALM, name))
    # A bool is an int in Python, so the flags are told apart first.
    if isinstance(value, bool) != (kind is bool):
        raise ValueError(f"condition {name!r} must be {kind.__name__}")
    if isinstance(value, bool):
        return value
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"condition {name!r} must be a number")
    return int(value) if kind is int else float(value)
