"""A seed draws the same conditions each time, within the range of its difficulty."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.simulated.conditions import Conditions
from hardware.simulated.photographed import PHOTOGRAPHED
from hardware.simulated.presets import DIFFICULTIES, draw


@given(st.sampled_from(sorted(DIFFICULTIES)), st.integers(-(2**63), 2**64))
def test_draws_are_repeatable_and_in_range(difficulty: str, seed: int) -> None:
    drawn = draw(difficulty, seed)
    assert drawn == draw(difficulty, seed)
    chosen = DIFFICULTIES[difficulty]
    for field in fields(Conditions):
        low, high = getattr(chosen.least, field.name), getattr(chosen.most, field.name)
        assert isinstance(low, bool) or low <= getattr(drawn, field.name) <= high


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_every_range_runs_upwards(difficulty: str) -> None:
    chosen = DIFFICULTIES[difficulty]
    for field in fields(Conditions):
        assert getattr(chosen.least, field.name) <= getattr(chosen.most, field.name)


def test_half_as_far_is_as_likely_near_as_away() -> None:
    least, most = DIFFICULTIES["nominal"].least, DIFFICULTIES["nominal"].most
    middle = (least.code_height * most.code_height) ** 0.5
    heights = [draw("nominal", seed).code_height for seed in range(400)]
    assert sum(height < middle for height in heights) == pytest.approx(200, abs=30)


def test_one_seed_is_the_same_phone_only_worse_off() -> None:
    easy, hard = draw("easy", 5), draw("hard", 5)
    assert (easy.yaw_deg > 0) == (hard.yaw_deg > 0)
    assert abs(easy.yaw_deg) < abs(hard.yaw_deg)


def test_photographs_show_paper_and_the_others_phones() -> None:
    for difficulty in DIFFICULTIES:
        assert draw(difficulty, 1).printed == (difficulty in PHOTOGRAPHED)


def test_where_dark_mode_may_be_both_it_has_its_share() -> None:
    dark = [draw("ordinary", seed).dark_mode for seed in range(200)]
    assert sum(dark) == pytest.approx(0.15 * 200, abs=15)
    assert draw("dark-mode", 1).dark_mode
    assert not draw("easy", 1).dark_mode


def test_far_is_15_per_cent_of_the_frame() -> None:
    assert {draw("far", seed).code_height for seed in range(10)} == {0.15}
