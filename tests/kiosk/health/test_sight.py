"""What is wrong with the picture is known within 10 s, and forgotten soon after it is well."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from hardware.errors import CameraFault
from hardware.interfaces import Frame
from kiosk.health.background import ACCEPTED_AFTER_MS
from kiosk.health.focus import LEAST_MS
from kiosk.health.picture import likeness, measure
from kiosk.health.sight import FROZEN_AFTER_MS, REOPEN_EVERY_MS, Sight
from kiosk.health.view import BLIND, FAULTS, View
from tests.kiosk.health.scenes import FRAME_MS, Scene, even, hall, passing, stuck, wall

LEARNED_MS = 25_000
KNOWN_WITHIN_MS = 10_000
HEALED_WITHIN_MS = 3_000

SCENES: dict[View, Scene] = {
    View.FROZEN: stuck(hall()),
    View.DARK: even(5, noise=3),
    View.OVEREXPOSED: even(254),
    View.BLOCKED: wall(),
    View.BLURRED: hall(blur_px=7),
    View.MOVED: hall(2),
}


@dataclass(slots=True)
class Watch:
    """A sight before which scenes pass; it remembers when each view was first taken."""

    sight: Sight = field(default_factory=Sight)
    boot_ms: int = 50_000
    reopened_ms: list[int] = field(default_factory=list)
    why: str = ""

    def see(self, scene: Scene, for_ms: int, every_ms: int = FRAME_MS) -> list[View | None]:
        views = []
        for _ in range(for_ms // every_ms):
            self.boot_ms += every_ms
            try:
                self.why = self.sight.judge(Frame(scene(self.boot_ms), self.boot_ms))
            except CameraFault:
                self.reopened_ms.append(self.boot_ms)
            views.append(self.sight.view)
        return views

    def until(self, scene: Scene, view: View) -> int:
        """Return after how many milliseconds the view was taken."""
        views = self.see(scene, KNOWN_WITHIN_MS)
        return (views.index(view) + 1) * FRAME_MS


@pytest.fixture
def watch() -> Watch:
    watch = Watch()
    watch.see(hall(), LEARNED_MS)
    assert watch.sight.view is View.CLEAR
    assert not watch.sight.is_blind
    return watch


def test_every_fault_has_a_scene() -> None:
    assert set(SCENES) == set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_known_within_ten_seconds_and_heals_by_itself(watch: Watch, fault: View) -> None:
    assert watch.until(SCENES[fault], fault) <= KNOWN_WITHIN_MS
    assert watch.sight.view is fault
    assert watch.until(hall(), View.CLEAR) <= HEALED_WITHIN_MS
    assert watch.sight.view is View.CLEAR
    assert (watch.why, watch.sight.is_blind) == ("", False)


@pytest.mark.parametrize("fault", FAULTS)
def test_where_nobody_can_be_read_it_says_why(watch: Watch, fault: View) -> None:
    watch.see(SCENES[fault], KNOWN_WITHIN_MS)
    # This one is white all over, with nothing left to see.
    blind = fault in BLIND or fault is View.OVEREXPOSED
    assert watch.sight.is_blind is blind
    assert bool(watch.why) is blind


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault is not View.FROZEN])
def test_what_lasts_a_moment_is_no_fault(watch: Watch, fault: View) -> None:
    for _ in range(3):
        assert set(watch.see(SCENES[fault], 3_000)) == {View.CLEAR}
        assert set(watch.see(hall(), 2_000)) == {View.CLEAR}


def test_a_picture_is_frozen_after_five_seconds_and_not_before(watch: Watch) -> None:
    views = watch.see(stuck(hall()), KNOWN_WITHIN_MS)
    assert views.index(View.FROZEN) * FRAME_MS >= FROZEN_AFTER_MS


def test_a_frozen_camera_is_opened_anew_now_and_then(watch: Watch) -> None:
    watch.see(stuck(hall()), 2 * REOPEN_EVERY_MS)
    assert len(watch.reopened_ms) == 2
    assert watch.reopened_ms[1] - watch.reopened_ms[0] >= REOPEN_EVERY_MS


@pytest.mark.parametrize("grey", [0, 255])
def test_a_sensor_without_light_or_full_of_it_is_not_frozen(watch: Watch, grey: int) -> None:
    views = watch.see(even(grey, noise=0), KNOWN_WITHIN_MS)
    assert View.FROZEN not in views
    assert watch.sight.view in {View.DARK, View.OVEREXPOSED}


def test_a_bright_place_in_the_dark_is_not_dark(watch: Watch) -> None:
    """A phone that is held up at night is light enough to be read by."""

    def night(boot_ms: int) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
        grey = even(5)(boot_ms)
        grey[80:160, 100:200] = 180
        return grey

    assert View.DARK not in watch.see(night, KNOWN_WITHIN_MS)


def test_glare_in_a_part_of_the_picture_blinds_nobody(watch: Watch) -> None:
    def sunny(boot_ms: int) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
        grey = hall()(boot_ms)
        grey[:, :250] = 255
        return grey

    watch.see(sunny, KNOWN_WITHIN_MS)
    assert watch.sight.view is View.OVEREXPOSED
    assert not watch.sight.is_blind


def test_light_that_changes_is_no_other_place(watch: Watch) -> None:
    for light in (0.9, 0.5, 0.3, 0.7, 1.1):
        assert set(watch.see(hall(light=light), 8_000)) == {View.CLEAR}


def test_people_who_pass_are_no_other_place(watch: Watch) -> None:
    assert set(watch.see(passing(hall()), 30_000)) == {View.CLEAR}


def test_people_who_pass_do_not_mend_a_camera_that_was_turned(watch: Watch) -> None:
    watch.see(hall(2), KNOWN_WITHIN_MS)
    assert set(watch.see(passing(hall(2)), 5_000)) == {View.MOVED}


def test_another_place_is_the_place_after_an_hour(watch: Watch) -> None:
    views = watch.see(hall(2), ACCEPTED_AFTER_MS + 20_000, every_ms=2_000)
    assert View.MOVED in views
    assert watch.sight.view is View.CLEAR
    assert watch.see(hall(), KNOWN_WITHIN_MS)[-1] is View.MOVED


def test_a_camera_that_was_never_in_focus_is_known_after_two_minutes() -> None:
    watch = Watch()
    views = watch.see(hall(blur_px=16), LEAST_MS + 40_000, every_ms=500)
    assert views[LEAST_MS // 500 - 10] is View.CLEAR
    assert watch.sight.view is View.BLURRED


def test_a_picture_without_pixels_and_a_jump_in_time_are_borne(watch: Watch) -> None:
    assert watch.sight.judge(Frame(np.zeros((0, 0), np.uint8), watch.boot_ms + 1_000)) == ""
    watch.see(wall(), 5_000)
    watch.boot_ms += 60_000
    assert View.BLOCKED not in watch.see(wall(), 5_000)
    watch.see(wall(), 5_000)
    assert watch.sight.view is View.BLOCKED


def test_it_looks_twice_a_second_and_no_more(watch: Watch) -> None:
    looks = set()
    for _ in range(100):
        watch.see(hall(), 20, every_ms=20)
        looks.add(watch.sight.looked_boot_ms)
    assert 4 <= len(looks) <= 5


def test_another_place_has_another_usual_sharpness(watch: Watch) -> None:
    other = hall(2, blur_px=7)
    watch.see(other, ACCEPTED_AFTER_MS + 20_000, every_ms=2_000)
    assert set(watch.see(other, KNOWN_WITHIN_MS)) == {View.CLEAR}


def _mixed(one: Scene, other: Scene, share: float) -> Scene:
    def frame(boot_ms: int) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
        mixture = (1 - share) * one(boot_ms) + share * other(boot_ms)
        return np.asarray(mixture, np.uint8)

    return frame


def test_light_that_wanders_is_followed(watch: Watch) -> None:
    """From one view to quite another, but as slowly as shadows move."""
    for step in range(100):
        scene = _mixed(hall(), hall(2), step / 100)
        assert set(watch.see(scene, 10_000, every_ms=1_000)) == {View.CLEAR}, step


def test_only_the_view_that_is_known_can_have_lost_its_sharpness(watch: Watch) -> None:
    """What stands before half of it is as near as it is, and as sharp as that makes it."""
    scene = _mixed(hall(blur_px=7), hall(2, blur_px=7), 0.5)
    like = likeness(measure(hall()(0)).structure, measure(scene(0)).structure)
    assert 0.4 < like < 0.7
    assert set(watch.see(scene, KNOWN_WITHIN_MS)) == {View.CLEAR}
