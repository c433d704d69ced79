"""Three restarts within a day and no fourth, whatever the clock says."""

from pathlib import Path

import pytest

from provisioning.firstboot.reboots import DAY_S, MOST_A_DAY, allow_reboot

NOW_S = 1_767_614_400


def test_the_fourth_within_a_day_is_refused(tmp_path: Path) -> None:
    asked = [allow_reboot(tmp_path, NOW_S + number * 600) for number in range(6)]
    assert asked == [True] * MOST_A_DAY + [False] * 3


def test_a_day_later_there_may_be_one_more_for_each_that_is_over(tmp_path: Path) -> None:
    for number in range(MOST_A_DAY):
        assert allow_reboot(tmp_path, NOW_S + number * 600)
    assert not allow_reboot(tmp_path, NOW_S + DAY_S - 1)
    assert allow_reboot(tmp_path, NOW_S + DAY_S)
    assert not allow_reboot(tmp_path, NOW_S + DAY_S + 1)


@pytest.mark.parametrize("back_s", [1, 3600, NOW_S])
def test_a_clock_that_goes_back_allows_less_and_not_for_ever(back_s: int, tmp_path: Path) -> None:
    for _ in range(MOST_A_DAY):
        assert allow_reboot(tmp_path, NOW_S)
    assert not allow_reboot(tmp_path, NOW_S - back_s)
    assert not allow_reboot(tmp_path, NOW_S - back_s + DAY_S - 1)
    assert allow_reboot(tmp_path, NOW_S - back_s + DAY_S)


@pytest.mark.parametrize("content", ["", "x", "{}", "[1, null]", '["1"]'])
def test_a_count_that_cannot_be_read_allows_none(content: str, tmp_path: Path) -> None:
    (tmp_path / "reboots.json").write_text(content)
    with pytest.raises(OSError, match="does not hold"):
        allow_reboot(tmp_path, NOW_S)


def test_a_count_that_cannot_be_kept_allows_none(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        allow_reboot(tmp_path / "gone", NOW_S)
