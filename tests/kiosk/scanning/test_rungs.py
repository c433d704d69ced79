"""Rungs are chosen by name; a decoder that is not installed leaves the rest of the ladder."""

import sys

import pytest

from kiosk.scanning import rungs
from kiosk.scanning.errors import DecoderMissing, UnknownRung
from kiosk.scanning.ladder import Ladder
from kiosk.scanning.rungs import DEFAULT_RUNGS, build_rungs, rung_names
from tests.kiosk.scanning.renders import render


@pytest.fixture
def without_zxing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    rungs._zxing.cache_clear()
    rungs._zxing_either_way.cache_clear()


def test_order_is_kept() -> None:
    assert [rung.name for rung in build_rungs(["zbar", "zxing"])] == ["zbar", "zxing"]


def test_the_default_ladder_has_both_decoders() -> None:
    assert set(DEFAULT_RUNGS) <= set(rung_names())
    assert {name.split("-")[0] for name in DEFAULT_RUNGS} == {"zbar", "zxing"}


def test_an_unknown_rung_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownRung, match="'zxing-hlaf'") as caught:
        build_rungs(["zxing-hlaf"])
    assert "zxing-half" in caught.value.hint


def test_no_rungs_at_all_is_a_fault() -> None:
    with pytest.raises(DecoderMissing):
        build_rungs([])


@pytest.mark.usefixtures("without_zxing")
def test_zbar_alone_works_where_zxing_cannot_be_installed() -> None:
    built = build_rungs(DEFAULT_RUNGS)
    assert {rung.name.split("-")[0] for rung in built} == {"zbar"}
    assert Ladder(built).look(render(b"GPS1:X", scale=8)).codes[0].payload == b"GPS1:X"


@pytest.mark.usefixtures("without_zxing")
def test_a_ladder_of_what_is_missing_says_so() -> None:
    with pytest.raises(DecoderMissing) as caught:
        build_rungs(["zxing"])
    assert "install" in caught.value.hint


def test_light_on_dark_and_mirrored_codes_are_read() -> None:
    ladder = Ladder(build_rungs(DEFAULT_RUNGS))
    code = render(b"GPS1:\xff\x00", scale=6)
    for shown in (255 - code, code[:, ::-1], 255 - code[::-1]):
        assert ladder.climb(shown).codes[0].payload == b"GPS1:\xff\x00"


@pytest.mark.parametrize("version", [13, 16, 20])
def test_dense_codes_are_read(version: int) -> None:
    ladder = Ladder(build_rungs(DEFAULT_RUNGS))
    payload = bytes(range(200))
    shown = render(payload, scale=3, version=version, error="l")
    assert ladder.climb(shown).codes[0].payload == payload
