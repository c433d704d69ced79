"""The judge of bent codes finds what it is there to find."""

import time

import pytest

from kiosk.passes.reading import Trust
from kiosk.passes.recognition import read_pass
from tests.fuzz import judging
from tests.fuzz.campaign import ALLOWED, TARGETS
from tests.fuzz.judging import Broken, judge, weigh

TARGET = TARGETS[0]
PAYLOAD = TARGET.code(TARGET.content)


def _slow(payload: bytes, trust: Trust) -> object:
    until_s = time.process_time() + 2 * judging.MOST_CPU_S
    while time.process_time() < until_s:
        pass
    return read_pass(payload, trust)


def _raising(_payload: bytes, _trust: Trust) -> object:
    raise KeyError


def _greedy(payload: bytes, trust: Trust) -> object:
    return bytes(judging.MOST_BYTES + 1) and read_pass(payload, trust)


def test_a_pass_that_nobody_issued() -> None:
    with pytest.raises(Broken, match="let in"):
        judge(PAYLOAD, ())
    judge(PAYLOAD, ALLOWED)


@pytest.mark.parametrize(("read", "fault"), [(_slow, "ms of CPU"), (_raising, "KeyError")])
def test_one_that_takes_long_or_raises(
    monkeypatch: pytest.MonkeyPatch, read: object, fault: str
) -> None:
    monkeypatch.setattr(judging, "read_pass", read)
    with pytest.raises(Broken, match=fault):
        judge(PAYLOAD, ALLOWED)


def test_one_that_takes_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "read_pass", _greedy)
    with pytest.raises(Broken, match="bytes for"):
        weigh(PAYLOAD)
