"""A folder is shown in order of name, each picture for a second, none left out but the broken."""

import logging
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from hardware.desktop.pictures import PictureCamera
from hardware.errors import CameraExhausted, CameraFault
from tests.hardware.clock import FakeClock
from tests.hardware.recordings import flat, picture_folder


def _levels(camera: PictureCamera) -> list[tuple[int, int]]:
    seen: list[tuple[int, int]] = []
    while True:
        try:
            frame = camera.frame(1.0)
        except CameraExhausted:
            return seen
        seen.append((frame.boot_ms, int(frame.grey.mean())))


def test_each_picture_is_shown_for_a_second(tmp_path: Path) -> None:
    clock = FakeClock(0)
    folder = picture_folder(tmp_path / "p", (10, 20, 30))
    seen = _levels(PictureCamera(folder, boot_ms=clock.boot_ms, sleep=clock.sleep))
    for level, begins_ms in ((10, 0), (20, 1000), (30, 2000)):
        times = [boot_ms for boot_ms, shown in seen if shown == level]
        assert times[0] == pytest.approx(begins_ms, abs=200)
        assert times[-1] - times[0] == pytest.approx(1000, abs=100)


def test_a_slow_reader_still_sees_every_picture(tmp_path: Path) -> None:
    clock = FakeClock(0)
    folder = picture_folder(tmp_path / "p", (10, 20, 30))
    camera = PictureCamera(folder, boot_ms=clock.boot_ms, sleep=clock.sleep)
    seen = []
    for _ in range(3):
        seen.append(int(camera.frame(1.0).grey.mean()))
        clock.sleep(5)
    assert seen == [10, 20, 30]
    with pytest.raises(CameraExhausted):
        camera.frame(1.0)


def test_a_broken_picture_is_skipped_with_a_log_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = FakeClock(0)
    folder = picture_folder(tmp_path / "p", (10, 20))
    (folder / "00.png").write_bytes(b"not a picture")
    with caplog.at_level(logging.WARNING):
        seen = _levels(PictureCamera(folder, boot_ms=clock.boot_ms, sleep=clock.sleep))
    assert {level for _, level in seen} == {20}
    assert [record.getMessage() for record in caplog.records] == [
        "picture 00.png cannot be read; skipped"
    ]


def test_a_single_picture_of_any_depth_becomes_grey(tmp_path: Path) -> None:
    pictures: dict[str, NDArray[np.uint8] | NDArray[np.uint16]] = {
        "grey.png": np.full((48, 64), 80, np.uint8),
        "deep.png": np.full((48, 64), 80 << 8, np.uint16),
        "clear.png": np.full((48, 64, 4), 80, np.uint8),
        "colour.bmp": flat(80),
    }
    for name, image in pictures.items():
        assert cv2.imwrite(str(tmp_path / name), image)
        clock = FakeClock()
        camera = PictureCamera(tmp_path / name, boot_ms=clock.boot_ms, sleep=clock.sleep)
        grey = camera.frame(1.0).grey
        assert grey.dtype == np.uint8
        assert grey.shape == (48, 64)
        assert int(grey[0, 0]) == 80


def test_a_large_photograph_is_shown_at_full_hd(tmp_path: Path) -> None:
    assert cv2.imwrite(str(tmp_path / "a.png"), np.zeros((2000, 3000), np.uint8))
    clock = FakeClock()
    camera = PictureCamera(tmp_path / "a.png", boot_ms=clock.boot_ms, sleep=clock.sleep)
    assert camera.frame(1.0).grey.size == pytest.approx(1920 * 1080, rel=0.01)


def test_a_folder_without_pictures_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    clock = FakeClock()
    with pytest.raises(CameraFault) as caught:
        PictureCamera(tmp_path, boot_ms=clock.boot_ms, sleep=clock.sleep)
    assert ".png" in caught.value.hint
