"""On the photographs the default ladder reads 91 % or more, and never reads what is not there."""

from kiosk.scanning.code import Code
from kiosk.scanning.ladder import Ladder
from kiosk.scanning.rungs import DEFAULT_RUNGS, build_rungs
from tests.kiosk.scanning.photographs import Photograph, needs_photographs, photographs

pytestmark = needs_photographs


def test_enough_is_read_and_nothing_falsely() -> None:
    ladder = Ladder(build_rungs(DEFAULT_RUNGS))
    read = false = 0
    for one in photographs():
        codes = ladder.climb(one.grey()).codes
        read += one.has_code and _is_read(one, codes)
        false += any(code.payload not in one.accepted for code in codes)
    assert read / sum(one.has_code for one in photographs()) >= 0.91
    assert false == 0


def _is_read(one: Photograph, codes: tuple[Code, ...]) -> bool:
    return any(code.payload in one.accepted for code in codes)
