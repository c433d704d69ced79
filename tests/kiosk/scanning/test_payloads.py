"""Every payload comes out byte for byte, from each decoder alone."""

import random

import pytest

from kiosk.scanning.code import Decode
from kiosk.scanning.zbar import zbar_decoder
from kiosk.scanning.zxing import zxing_decoder
from tests.kiosk.scanning.renders import render

_WORDS = (
    "Balai Desa Karanganyar",
    "Dinas Kesehatan – loket 3, antrean №17",
    "Jl. Diponegoro 12½, Sragen",
    "مرحبا بكم في المكتب",
    "ꦱꦸꦒꦼꦁꦫꦮꦸꦃ",
    "ꦥꦤ꧀ꦝꦥ ꦏꦧꦸꦥꦠꦺꦤ꧀",
    "selamat 🙏🏽 datang 🇮🇩",
    "é",
    "naïve café – Über Größe",
    "👨‍👩‍👧‍👦",
)


def _binaries() -> list[bytes]:
    chance = random.Random(2025)
    sizes = (1, 2, 5, 20, 60, 150, 400, 900, 1500)
    return [chance.randbytes(size) for size in sizes for _ in range(20)]


def _texts() -> list[bytes]:
    return [f"{word} {number}".encode() for word in _WORDS for number in range(10)]


@pytest.fixture(params=["zbar", "zxing"])
def decode(request: pytest.FixtureRequest) -> Decode:
    return zbar_decoder() if request.param == "zbar" else zxing_decoder(invert=True)


def test_binary_payloads_are_exact(decode: Decode) -> None:
    for payload in _binaries():
        assert _read(decode, payload) == [payload]


def test_texts_are_exact(decode: Decode) -> None:
    for payload in _texts():
        assert _read(decode, payload) == [payload]


def test_a_stated_character_set_leaves_the_bytes_as_they_are(decode: Decode) -> None:
    picture = render("ꦱꦸꦒꦼꦁ", encoding="utf-8", eci=True)
    assert [code.payload for code in decode(picture)] == ["ꦱꦸꦒꦼꦁ".encode()]


def _read(decode: Decode, payload: bytes) -> list[bytes]:
    error = "l" if len(payload) > 500 else "m"
    return [code.payload for code in decode(render(payload, mode="byte", error=error))]
