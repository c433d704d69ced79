"""Raspberry Pi Imager finds the image, checks it, and writes nothing of its own on the card."""

import json
from datetime import date

import pytest

from provisioning.commands.publish_image import BOARDS
from provisioning.image.imager_list import DEVICES, Published, imager_list

# doc/json-schema/os-list-schema.json of rpi-imager: what an entry must have.
_REQUIRED = {
    *("name", "description", "icon", "url", "extract_size", "extract_sha256"),
    *("image_download_size", "release_date"),
}


def _entry(
    board: str = "pi4-pi5", url: str = "https://files.example.org/gapura/"
) -> dict[str, object]:
    image = Published(
        board=board,
        file_name="gapura.img.xz",
        version="1.2.3",
        released=date(2026, 11, 22),
        download_bytes=100,
        download_sha256="ab" * 32,
        image_bytes=1000,
        image_sha256="cd" * 32,
    )
    (entry,) = json.loads(imager_list(image, url))["os_list"]
    assert isinstance(entry, dict)
    return entry


def test_it_has_what_imager_asks_for() -> None:
    entry = _entry()
    assert set(entry) >= _REQUIRED
    assert entry["url"] == "https://files.example.org/gapura/gapura.img.xz"
    assert (entry["extract_size"], entry["image_download_size"]) == (1000, 100)
    assert (entry["extract_sha256"], entry["image_download_sha256"]) == ("cd" * 32, "ab" * 32)
    assert entry["release_date"] == "2026-11-22"


def test_imager_offers_to_set_nothing() -> None:
    assert _entry()["init_format"] == "none"


@pytest.mark.parametrize("board", DEVICES)
def test_each_board_has_its_devices(board: str) -> None:
    assert _entry(board)["devices"] == list(DEVICES[board])
    assert board in BOARDS


def test_the_command_offers_the_boards_that_there_are() -> None:
    assert set(BOARDS) == set(DEVICES)
