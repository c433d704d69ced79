"""No picture raises, and what one picture can bring is bounded."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from hardware.interfaces import GreyImage
from kiosk.scanning.code import MAX_CODES
from kiosk.scanning.ladder import Ladder
from kiosk.scanning.rungs import build_rungs, rung_names
from tests.kiosk.scanning.renders import blank, parts, render

EVERY_RUNG = Ladder(build_rungs(rung_names()), budget_ms=1e9)


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (1, 1), (1, 3000), (3000, 1), (2, 2), (3, 7)])
def test_tiny_and_thin_pictures(shape: tuple[int, int]) -> None:
    assert EVERY_RUNG.climb(blank(*shape)).codes == ()
    assert EVERY_RUNG.look(blank(*shape)).codes == ()


def test_twelve_megapixels() -> None:
    frame = blank(3000, 4000)
    frame[1000:1174, 1000:1174] = render(b"GPS1:FAR", scale=6, version=1)
    assert [code.payload for code in EVERY_RUNG.climb(frame).codes] == [b"GPS1:FAR"]


def test_noise_holds_no_code() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (600, 800), dtype=np.uint8)
    assert EVERY_RUNG.climb(noise).codes == ()


@pytest.mark.parametrize("name", rung_names())
def test_parts_of_a_structured_append_side_by_side(name: str) -> None:
    ladder = Ladder(build_rungs([name]))
    sequence = parts("Selamat datang di balai desa kami. " * 8, 3)
    for shown in (sequence, sequence[:2], sequence[1:], sequence[::-1]):
        ladder.climb(np.hstack(shown))


@pytest.mark.parametrize("name", ["zbar", "zxing"])
def test_four_hundred_codes_in_a_frame(name: str) -> None:
    rows = [
        np.hstack([render(f"{row * 20 + column:03}", scale=2, version=1) for column in range(20)])
        for row in range(20)
    ]
    codes = Ladder(build_rungs([name])).climb(np.vstack(rows)).codes
    assert 100 <= len(codes) <= MAX_CODES


def test_a_slice_of_a_larger_picture_is_read_like_a_copy() -> None:
    code = render(b"GPS1:SLICE", scale=12)
    part = np.hstack([code, code])[:, : code.shape[1]]
    assert not part.flags.c_contiguous
    for name in rung_names():
        (found,) = Ladder(build_rungs([name])).climb(part).codes
        assert found.payload == b"GPS1:SLICE"


@settings(max_examples=60, deadline=None)
@given(
    arrays.arrays(
        np.uint8,
        arrays.array_shapes(min_dims=2, max_dims=2, max_side=60),
        elements=st.integers(0, 255),
    )
)
def test_any_small_picture(grey: GreyImage) -> None:
    EVERY_RUNG.climb(grey)
    EVERY_RUNG.look(grey)
