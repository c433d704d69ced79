"""The drawn phone: the same arguments draw the same, and easy ones can be read."""

from dataclasses import replace

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.interfaces import GreyImage
from hardware.simulated.conditions import Conditions
from hardware.simulated.page import PayloadTooLong, modules
from hardware.simulated.phone import render, render_empty
from hardware.simulated.presets import draw

# As long as a visitor's pass; only characters of the alphanumeric mode.
PASS = "GPS1:" + "6BF-HD0 9K%A$T*WEZC+./:7" * 9
STATIC = Conditions(tremor=0.0, noise_sigma=0.0)


def _read(grey: GreyImage) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(grey)]


def test_easy_phones_are_read() -> None:
    read = sum(
        _read(render(PASS, draw("easy", seed), seed, 1000, 640, 480)) == [PASS]
        for seed in range(40)
    )
    assert read >= 36


def test_the_same_arguments_draw_the_same() -> None:
    first = render(PASS, draw("hard", 3), 3, 700, 320, 240)
    # Others in between must not matter, whatever is cached.
    for seed in range(6):
        render(PASS, draw("hard", seed), seed, 700, 320, 240)
    assert np.array_equal(render(PASS, draw("hard", 3), 3, 700, 320, 240), first)
    assert not np.array_equal(render(PASS, draw("hard", 3), 3, 767, 320, 240), first)
    assert not np.array_equal(render(PASS, draw("hard", 4), 4, 700, 320, 240), first)


def test_nobody_there_reads_as_nothing() -> None:
    for seed in range(10):
        assert _read(render_empty(seed, 1000, 640, 480)) == []


def test_an_empty_room_is_still_but_for_noise() -> None:
    one, two = (render_empty(1, t_ms, 640, 480).astype(int) for t_ms in (1000, 1067))
    assert 0 < np.abs(one - two).mean() < 4
    assert np.abs(one - two).max() < 30


def test_the_phone_comes_stays_and_leaves() -> None:
    def seen(t_ms: int) -> bool:
        return _read(render(PASS, STATIC, 5, t_ms, 640, 480, duration_ms=3000)) == [PASS]

    assert not seen(0)
    assert not seen(100)
    assert seen(500)
    assert seen(2500)
    assert not seen(2950)
    gone = render(PASS, STATIC, 5, 3000, 640, 480, duration_ms=3000)
    assert np.array_equal(gone, render_empty(0, 3000, 640, 480))


def test_the_code_is_as_high_as_asked() -> None:
    drawn = replace(STATIC, code_height=0.5, defocus_sigma_px=0.0)
    position = zxingcpp.read_barcodes(render(PASS, drawn, 1, 1000, 640, 480))[0].position
    assert position.bottom_left.y - position.top_left.y == pytest.approx(240, abs=8)


def test_dark_mode_is_light_on_dark() -> None:
    light = render(PASS, STATIC, 1, 1000, 640, 480)
    dark = render(PASS, replace(STATIC, dark_mode=True), 1, 1000, 640, 480)
    assert light[100:380, 200:440].mean() > dark[100:380, 200:440].mean()
    assert zxingcpp.read_barcodes(dark)[0].text == PASS


def test_a_printed_card_is_read_and_shines_by_the_light_of_the_room_alone() -> None:
    card = replace(STATIC, printed=True)
    shown = render(PASS, card, 1, 1000, 640, 480)
    assert _read(shown) == [PASS]
    assert np.array_equal(
        render(PASS, replace(card, screen_brightness=0.1), 1, 1000, 640, 480), shown
    )


@pytest.mark.parametrize(
    "spoilt",
    [
        replace(STATIC, defocus_sigma_px=6.0),
        replace(STATIC, motion_blur_px=25.0),
        replace(STATIC, ambient=1.5, glare=1.0, glare_x=0.5, glare_y=0.45, glare_size=0.6),
        replace(STATIC, screen_brightness=0.02, ambient=1.0, noise_sigma=8.0),
        replace(STATIC, code_height=0.06),
        replace(STATIC, yaw_deg=78.0),
    ],
)
def test_each_hardship_can_make_it_unreadable(spoilt: Conditions) -> None:
    assert _read(render(PASS, STATIC, 1, 1000, 640, 480)) == [PASS]
    assert _read(render(PASS, spoilt, 1, 1000, 640, 480)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"bands": 0.5},
        {"cracks": 3},
        {"gamma": 2.0},
        {"contrast": 0.5},
        {"ambient": 0.1},
        {"tremor": 0.02},
        {"pitch_deg": 20.0},
        {"roll_deg": 45.0},
        {"offset_x": 0.1},
        {"offset_y": 0.1},
        {"exposure": 0.5},
        {"printed": True},
    ],
)
def test_every_other_condition_shows(change: dict[str, float]) -> None:
    changed = replace(STATIC, **change)  # type: ignore[arg-type]
    calm = render(PASS, STATIC, 1, 1000, 320, 240)
    assert np.abs(calm.astype(int) - render(PASS, changed, 1, 1000, 320, 240)).mean() > 0.1


def test_noise_grows_in_the_dark() -> None:
    def noise(ambient: float, screen_brightness: float) -> float:
        dim = replace(STATIC, ambient=ambient, screen_brightness=screen_brightness)
        clean, noisy = (
            render(PASS, replace(dim, noise_sigma=sigma), 1, 1000, 320, 240) for sigma in (0, 4)
        )
        return float((noisy[:40, :40].astype(float) - clean[:40, :40]).std())

    assert noise(0.1, 0.15) > 1.5 * noise(0.9, 0.9)


def test_a_pass_is_alphanumeric_at_level_m() -> None:
    # ISO/IEC 18004:2015 table 7: version 8 at M holds 221 alphanumeric characters, 152 bytes.
    assert len(PASS) == 221
    assert len(modules(PASS)) == 17 + 4 * 8
    assert len(modules(PASS.lower())) > len(modules(PASS))


def test_what_fits_only_at_level_l_is_drawn_so_and_no_more() -> None:
    # Version 40 holds 3391 alphanumeric characters at M, 4296 at L.
    assert len(modules("A" * 4296)) == 177
    for payload in ("A" * 4297, ""):
        with pytest.raises(PayloadTooLong):
            modules(payload)


@settings(max_examples=30, deadline=None)
@given(
    st.floats(0.02, 1),
    st.floats(-80, 80),
    st.floats(-80, 80),
    st.floats(-180, 180),
    st.integers(0, 2000),
)
def test_no_pose_is_too_odd_to_draw(
    code_height: float, yaw_deg: float, pitch_deg: float, roll_deg: float, t_ms: int
) -> None:
    odd = Conditions(
        code_height=code_height, yaw_deg=yaw_deg, pitch_deg=pitch_deg, roll_deg=roll_deg, glare=1
    )
    drawn = render("GPS1:A", odd, 1, t_ms, 160, 120, duration_ms=2000)
    assert drawn.shape == (120, 160)
    assert drawn.dtype == np.uint8
