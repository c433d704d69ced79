"""The first rung runs on every frame; the others take turns and keep to the budget."""

from collections.abc import Callable

import numpy as np

from hardware.interfaces import GreyImage
from kiosk.scanning.code import Code, RawCode
from kiosk.scanning.ladder import NOTHING, Ladder, distinct
from kiosk.scanning.rungs import Rung
from kiosk.scanning.transforms import unchanged
from tests.kiosk.scanning.renders import blank

FRAME = blank(10, 10)
SQUARE = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))


class Bench:
    """Rungs that take a stated time of a clock that only they move, and note their turns."""

    def __init__(self, costs_ms: dict[str, float], reading: frozenset[str] = frozenset()) -> None:
        self.ran: list[str] = []
        self.now_s = 0.0
        self.reading = set(reading)
        self.rungs = [Rung(name, unchanged, self._rung(name, ms)) for name, ms in costs_ms.items()]

    def _rung(self, name: str, ms: float) -> Callable[[GreyImage], tuple[RawCode, ...]]:
        def decode(grey: GreyImage) -> tuple[RawCode, ...]:
            assert np.shares_memory(grey, FRAME)
            self.ran.append(name)
            self.now_s += ms / 1000
            return (RawCode(b"x", SQUARE),) if name in self.reading else ()

        return decode

    def ladder(self, budget_ms: float) -> Ladder:
        return Ladder(self.rungs, budget_ms=budget_ms, cpu_s=lambda: self.now_s)


def test_what_the_first_rung_reads_costs_no_more() -> None:
    bench = Bench({"a": 2, "b": 5}, frozenset({"a", "b"}))
    reading = bench.ladder(100).look(FRAME)
    assert bench.ran == ["a"]
    assert [code.rung for code in reading.codes] == ["a"]
    assert round(reading.decode_ms, 3) == 2


def test_every_rung_has_its_turn() -> None:
    bench = Bench({"a": 1, "b": 5, "c": 5, "d": 30})
    ladder = bench.ladder(6)
    for _ in range(40):
        ladder.look(FRAME)
    assert bench.ran.count("a") == 40
    assert min(bench.ran.count(name) for name in "bcd") >= 4


def test_the_mean_keeps_to_the_budget() -> None:
    bench = Bench({"a": 1, "b": 5, "c": 8, "d": 30})
    ladder = bench.ladder(6)
    for _ in range(400):
        ladder.look(FRAME)
    assert bench.now_s * 1000 / 400 <= 1 + 6 * 1.1


def test_a_small_budget_slows_but_never_stops_the_rotation() -> None:
    bench = Bench({"a": 1, "b": 50, "c": 50})
    ladder = bench.ladder(1)
    for _ in range(300):
        ladder.look(FRAME)
    assert {"b", "c"} <= set(bench.ran)


def test_the_rung_that_read_is_next_again() -> None:
    bench = Bench({"a": 1, "b": 5, "c": 5, "d": 5}, frozenset({"c"}))
    ladder = bench.ladder(6)
    while not ladder.look(FRAME).codes:
        pass
    bench.ran.clear()
    while not ladder.look(FRAME).codes:
        pass
    assert [name for name in bench.ran if name != "a"] == ["c"]


def test_a_still_picture_gets_every_rung_until_one_reads() -> None:
    bench = Bench({"a": 1, "b": 500, "c": 5, "d": 5}, frozenset({"c"}))
    assert [code.rung for code in bench.ladder(1).climb(FRAME).codes] == ["c"]
    assert bench.ran == ["a", "b", "c"]


def test_one_rung_alone_is_a_ladder() -> None:
    bench = Bench({"a": 1})
    assert bench.ladder(5).look(FRAME).codes == ()


def test_an_empty_picture_reaches_no_decoder() -> None:
    bench = Bench({"a": 1})
    assert bench.ladder(5).look(blank(0, 9)) == NOTHING
    assert bench.ran == []


def test_the_same_code_at_the_same_place_is_one() -> None:
    code = Code(b"x", SQUARE, "a")
    assert distinct([code, code]) == (code,)
