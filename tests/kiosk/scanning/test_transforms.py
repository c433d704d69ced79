"""Views for cracks and for small areas: a thin dark line goes, modules stay; sizes are bounded."""

import numpy as np
import pytest

from kiosk.scanning.transforms import mended, sized
from tests.kiosk.scanning.renders import blank, render


def test_a_crack_is_mended_and_the_code_left_as_it_was() -> None:
    code = render(b"GPS1:CRACKED", scale=8)
    cracked = code.copy()
    cracked[:, 99:102] = 0
    assert np.array_equal(mended(5)(cracked), code)


@pytest.mark.parametrize(
    ("shape", "expected"), [((100, 50), (300, 150)), ((900, 1200), (225, 300)), ((1, 1), (3, 3))]
)
def test_an_area_comes_to_one_size_at_most_three_times_enlarged(
    shape: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert sized(300)(blank(*shape)).shape == expected
