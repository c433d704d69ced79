"""What a stage may override, and what it may not."""

import pytest

from hardware.simulated.conditions import Conditions, overridden


def test_overrides_replace_what_was_drawn() -> None:
    changed = overridden(Conditions(), {"yaw_deg": 30, "dark_mode": True, "cracks": 3})
    assert changed == Conditions(yaw_deg=30.0, dark_mode=True, cracks=3)


@pytest.mark.parametrize(
    "overrides",
    [
        {"yaw": 3},
        {"yaw_deg": "3"},
        {"yaw_deg": True},
        {"dark_mode": 1},
        {"glare": float("nan")},
        {"glare": -1},
        {"code_height": 0},
        {"pitch_deg": 90},
        {"cracks": 1000},
        {"contrast": 1.1},
        {"exposure": 0},
        {"printed": 1},
        {"__class__": 1},
    ],
)
def test_wrong_overrides_are_refused(overrides: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        overridden(Conditions(), overrides)


def test_overrides_are_an_object() -> None:
    with pytest.raises(TypeError):
        overridden(Conditions(), [1])
